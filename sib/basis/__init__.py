"""What an appraisal stands on: tables of rates, prices and unit costs, and the arithmetic of each."""

from sib.basis.tables import Band as Band
from sib.basis.tables import Bands as Bands
from sib.basis.tables import Deflator as Deflator
from sib.basis.tables import DiscountSchedule as DiscountSchedule
from sib.basis.tables import Kind as Kind
from sib.basis.tables import PriceYear as PriceYear
from sib.basis.tables import Sensitivity as Sensitivity
from sib.basis.tables import UnitCost as UnitCost
from sib.basis.tables import UnitCosts as UnitCosts
from sib.basis.tables import Vintage as Vintage
from sib.basis.tables import years_in as years_in
