"""What is expected: who comes, what becomes of them, what would have happened anyway, what it saves; and actuals."""

from sib.forecast.forecast import Forecast as Forecast
