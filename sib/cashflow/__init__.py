"""What happens each period: activity, outcomes, payments, costs, capital, the ledger and its residual checks."""

from sib.cashflow.run import Run as Run
from sib.cashflow.run import run as run
