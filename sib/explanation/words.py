"""Each quantity's formula in words."""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN = "Worked out from what happens on every date of the run."
FLOW = "One row of the ledger: on its date one party pays another, for what its kind, rule, tranche or cost says."
RESIDUAL = (
    "A check that must come out at nothing: the largest difference found in '{}', which is rounding and no "
    "result. It holds while it is within a billionth of the largest flow."
)

OF_THE_CASE = {
    "case": "The case's own name: what its file says, else the file's name.",
    "scenario": "The named scenario that was asked for; none is the base case.",
    "currency": "As the case states it; all money is in whole units of it.",
}

DATES = {
    "start": "As the contract states it (deal.start).",
    "service_end": "As the contract states it (deal.service_end).",
    "last_claim": "As the contract states it (deal.last_claim); unstated, the last date on which anything is claimed.",
    "last_payment": "As the contract states it (deal.last_payment); unstated, the last date on which a rule pays.",
    "horizon": "As the case states it (appraisal.horizon); unstated, the last date of the run.",
}

OUTCOMES = {
    "gross": "Starts x how many of it come of each start, on the day each falls due, to the last claim; what has "
    "happened stands in place of what was expected.",
    "counterfactual": "Starts x how many would have come of each start without the service, to the last claim.",
    "net": "Gross less counterfactual, positive when good; where only the difference is known, starts x the "
    "difference, or what was measured.",
    "evidenced": "What was achieved x the share of it that can be evidenced, to the last claim.",
    "accepted": "What was evidenced x the share that the payer accepts, and second claims, to the last claim.",
    "payable": "What the rules that pay for it may claim, each in its own unit, after its gate and before any cap on "
    "money; rules for the same people count once.",
    "cost_per_gross": "What payers pay under the rules for it, with its part of their own costs / gross.",
    "cost_per_net": "What payers pay under the rules for it, with its part of their own costs / net.",
    "unit": "As the contract states it.",
    "target": "As the contract states it; nothing is paid on it.",
    "of_target": "What was achieved / the target.",
    "measure": "What was measured of all cohorts together: each cohort's rate or change, weighted by its people (a "
    "relative change by what would have been without the service); of a level, the last.",
}

PAYMENTS = {
    "total": "The sum over the payers' rules of what each claims, less what caps cut, less what a payee pays back.",
    "by_payer": "What the payer pays under all rules, over all dates, less what comes back to it.",
    "by_rule": "What the rule claims (count x price, its schedule, or its share of a sum), less what caps cut.",
    "clipped": "What one limit took off one rule's claims: what was claimed on each date, less what the limit left.",
    "upper_bound": "Whether a cap per person was applied to the average person, for want of the spread of claims over "
    "people: payments are then the most that may come of it.",
}

INVESTORS = {
    "drawn": "The sum of all draws; receipts that are used again are not drawn.",
    "received": "Interest, principal, surplus and guarantee calls that investors receive, summed.",
    "irr": "The rate r at which the sum of flow / (1 + r)^(days / 365) is nothing, days counted from the first date: "
    "effective a year, as a spreadsheet's XIRR.",
    "irr_status": "How many rates fit the investors' dated flows: unique, several, none, total loss, or no outlay.",
    "irr_roots": "Every rate above -100 % that fits the investors' dated flows, from the lowest up.",
    "irr_unguaranteed": "As irr, without what guarantors pay.",
    "periodic_irr": "Flows gathered by period, the opening day first; their rate for a period, i, stated a year as "
    "(1 + i)^k - 1, with k periods a year.",
    "bond_equivalent": "The rate of a period, as in periodic_irr, times the periods a year: nominal, not effective.",
    "multiple": "Received / drawn.",
    "simple_return": "Received / drawn - 1, over the whole deal and not a year.",
    "npv": "The investors' flows, each divided by (1 + hurdle)^(days / 365), summed; days count from the contract's "
    "start, and the hurdle is appraisal.hurdle, without which there is none.",
    "payback_date": "The first date on which the running sum of the investors' flows, having been below nothing, no "
    "longer is.",
    "peak_exposure": "The deepest that the running sum of the investors' flows ever is below nothing. The flows to "
    "that date, paid in less received, add up to it.",
    "average_life": "The years from the first draw to each return of principal (by a guarantor too), days / 365, "
    "weighted by its amounts; none where no principal comes back.",
    "loss": "Drawn less received, where that is positive, else nothing.",
    "loss_share": "Loss / drawn.",
    "coupons": "Interest paid on the date; the rate is the tranche's interest.rate, a year.",
}

COMMITMENT = {
    "": "Whether the committed capital meets every need of the contract's holder; nothing where no capital is raised.",
    "status": "enough where the committed capital meets every need of the contract's holder, else exhausted.",
    "date": "The first date on which the holder needs more than is still committed.",
    "shortfall": "The most that the holder ever lacks beyond what is committed, before reserves of its own.",
}

# By the names of sib.value.conventions.
CONVENTIONS = {
    "IRR on dates": "what this model quotes: effective a year, actual days over 365, as a spreadsheet's XIRR",
    "Periodic, effective": "a spreadsheet's IRR of equal periods, i, as (1 + i)^n - 1 a year",
    "Periodic, times n": "the same i times the periods in a year, nominal",
    "Periodic, a period": "the same i: what the spreadsheet shows",
    "Simple, in all": "gain over drawn, for the whole deal and not a year",
    "Simple, a year": "gain over drawn, over the years from the first flow to the last",
    "Simple, a year, on the commitment": "gain over commitment, over the same years",
    "Flows at the start": "IRR on dates, each flow at the start of its period",
    "Flows at the middle": "IRR on dates, each flow at the middle of its period",
    "Flows at the end": "IRR on dates, each flow at the end of its period",
    "Before the guarantee": "IRR on dates without guarantee calls",
    "Before commitment fees": "IRR on dates without the fees that investors receive on undrawn capital",
    "Before guarantee and fees": "IRR on dates without either",
    "IRR on the commitment": "IRR on dates as if all of the commitment were paid in at the start, and what is never "
    "drawn came back with the last flow",
}

PAYERS = {
    "paid": "What it pays under all rules, less what comes back, to the horizon.",
    "own_costs": "Its own costs, to the horizon.",
    "savings": "Its part of net outcomes x their unit value, as they fall, to the horizon.",
    "cashable": "The part of its savings that can be taken out of a budget, to the horizon.",
    "never_cashable": "Its savings less the cashable part: capacity that is freed and no budget that shrinks.",
    "net": "Savings less payments less own costs, to the horizon; what the case does not state counts as nothing.",
    "net_cashable": "Cashable savings less payments less own costs, to the horizon; what the case does not state "
    "counts as nothing.",
}

PROVIDER = {
    "received": "What all providers receive from others, without capital raised.",
    "cost": "What delivery costs all providers.",
    "margin": "Received less cost.",
    "cost_recovery": "Received / cost.",
    "peak_deficit": "The deepest that the providers' running cash (all they receive less all they pay, capital "
    "included, reserves not) ever is below nothing. The flows to that date, paid less received, add up to it.",
    "peak_deficit_date": "The date on which the providers' running cash is at its lowest, where that is below nothing.",
}

BY_YEAR = {
    "paid": "All that the party pays in the financial year.",
    "received": "All that the party receives in the financial year.",
    "never_cashable": "What it saves in the financial year less the cashable part of it.",
    "savings": "What the party saves in the financial year.",
    "cashable": "The part of what it saves in the financial year that can be taken out of a budget.",
}

PUBLIC_VALUE = {
    "basis": "The schedule of real discount rates that the case names.",
    "npsv": "Benefits to society less resource costs, in real terms, discounted, to the horizon.",
    "bcr": "Benefits to society / resource costs, in real terms, discounted.",
    "price_year": "The year in whose prices all of it is: appraisal.basis.price_year, else that of the start.",
    "benefits": "Savings but transfers, economic and social benefits, in real terms, discounted, to the horizon.",
    "resource_costs": "What the service takes in staff and supplies, whoever bears it, in real terms, discounted.",
    "payback_years": "From the base to the first date, from the payers' first pound on, by which discounted savings "
    "have made up for payments and own costs.",
    "cashable_payback_years": "The same with cashable savings alone.",
    "sensitivities": "The same flows at other discount rates of the schedule.",
    "fiscal_bcr": "Savings / the payers' payments and own costs, in real terms, discounted.",
    "cashable_bcr": "Cashable savings / the payers' payments and own costs, in real terms, discounted.",
}


def of(formulas: Mapping[str, str], name: object) -> str:
    """The formula of this name."""
    return formulas.get(str(name), UNKNOWN)
