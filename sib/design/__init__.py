"""Is it a good contract: whom a service reaches, and what changing the provider costs."""

from sib.design.retendering import Bidders as Bidders
from sib.design.retendering import Contract as Contract
from sib.design.retendering import Tender as Tender
from sib.design.retendering import break_even_improvement as break_even_improvement
from sib.design.retendering import treatments_forgone as treatments_forgone
from sib.design.targeting import Reach as Reach
from sib.design.targeting import Screen as Screen
from sib.design.targeting import Service as Service
from sib.design.targeting import break_even_cost as break_even_cost
from sib.design.targeting import break_even_precision as break_even_precision
from sib.design.targeting import cases_averted as cases_averted
from sib.design.targeting import cost_per_case_averted as cost_per_case_averted
from sib.design.targeting import positive_predictive_value as positive_predictive_value
