"""Payment rules, gates, caps, lags and splits, by hand."""

from __future__ import annotations

import pytest

import sib
from sib.case import Case
from sib.consistency import contradictions
from tests.building import flows, plain, result_of


def with_payments(*payments: dict, **deal: object) -> dict:
    return plain(deal={"payments": list(payments), **deal})


WORK = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"}


def test_a_tariff_is_count_times_price():
    # 80 starts x 0.5 x 1,000.
    assert result_of(plain()).payments.total == pytest.approx(40_000)


def test_a_fee_for_periods_and_starts():
    # Eight quarters at 700, and 80 starts at 50.
    data = with_payments(
        {**WORK, "outcome": "periods", "price": 700}, {**WORK, "id": "s", "outcome": "starts", "price": 50}
    )
    assert result_of(data).payments.by_rule == pytest.approx({"work": 5600, "s": 4000})


def test_a_fee_can_fall_by_year():
    # Four quarters at 700, then four at 300.
    data = with_payments(
        {**WORK, "id": "first", "outcome": "periods", "price": 700, "last": "2020-12-31"},
        {**WORK, "id": "second", "outcome": "periods", "price": 300, "first": "2021-01-01"},
    )
    assert result_of(data).payments.by_rule == pytest.approx({"first": 2800, "second": 1200})


def test_a_lag_counts_from_the_periods_end_to_the_day():
    # 45 days after 31 March 2020 is 15 May 2020, a day of its own on the axis.
    paid = flows(result_of(with_payments({**WORK, "lag": "45 days"})), "outcome payment")
    assert min(paid) == "2020-05-15"
    assert sum(paid.values()) == pytest.approx(40_000)


def test_a_cap_is_used_up_by_date():
    # 5,000 a quarter under a cap of 12,000: 5,000, 5,000, 2,000, nothing; 28,000 cut.
    result = result_of(plain(deal={"caps": [{"id": "all", "amount": 12_000}]}))
    assert list(flows(result, "outcome payment").values()) == pytest.approx([5000, 5000, 2000])
    assert [(c.cap, c.rule) for c in result.payments.clipped] == [("all", "work")]
    assert result.payments.clipped[0].amount == pytest.approx(28_000)


def test_within_a_date_a_shared_cap_cuts_pro_rata():
    # Each quarter 5,000 and 15,000 are due; 10,000 is left on the first date: 2,500 and 7,500.
    data = with_payments(WORK, {**WORK, "id": "more", "price": 3000}, caps=[{"id": "all", "amount": 10_000}])
    assert result_of(data).payments.by_rule == pytest.approx({"work": 2500, "more": 7500})


def test_a_cap_names_the_rules_it_limits():
    data = with_payments(WORK, {**WORK, "id": "free"}, caps=[{"id": "one", "amount": 1, "payments": ["work"]}])
    assert result_of(data).payments.by_rule == pytest.approx({"work": 1, "free": 40_000})


def test_payers_share_a_payment():
    data = with_payments({**WORK, "paid_by": {"Council": 0.42, "NHS": 0.58}})
    data["deal"]["parties"].append({"id": "NHS", "role": "payer"})
    assert result_of(data).payments.by_payer == pytest.approx({"Council": 16_800, "NHS": 23_200})


def test_payers_queue():
    # The first pays up to 12,000 over the whole contract, the second the rest of 40,000.
    data = with_payments({**WORK, "paid_by": [{"payer": "Council", "up_to": 12_000}, {"payer": "NHS"}]})
    data["deal"]["parties"].append({"id": "NHS", "role": "payer"})
    assert result_of(data).payments.by_payer == pytest.approx({"Council": 12_000, "NHS": 28_000})


def test_after_the_last_payment_date_nothing_is_paid_and_it_is_said():
    # With a lag of six months, the claims of the last two quarters would fall after 31 Dec 2021.
    result = result_of(with_payments({**WORK, "lag": "6 months"}, last_payment="2021-12-31"))
    assert result.payments.total == pytest.approx(30_000)
    assert [(c.cap, c.amount) for c in result.payments.clipped] == [("last payment date", pytest.approx(10_000))]


BED_DAYS = {"id": "days", "kind": "change", "good": "less", "measured": "2022-06-30"}
POINTS = [{"at": 0.10, "pays": 100}, {"at": 0.20, "pays": 300}]


@pytest.mark.parametrize(
    ("form", "fall", "paid"),
    [
        ("stepped", 0.05, 0),
        ("stepped", 0.10, 100),
        ("stepped", 0.199, 100),
        ("stepped", 0.2, 300),
        ("stepped", 0.9, 300),
        # On the line from (0.10, 100) to (0.20, 300): 100 + 2,000 x (fall - 0.10).
        ("joined", 0.0999, 0),
        ("joined", 0.10, 100),
        ("joined", 0.15, 200),
        ("joined", 0.20, 300),
        ("joined", 0.3, 300),
    ],
)
def test_schedules(form, fall, paid):
    data = with_payments(
        {"id": "days", "kind": "schedule", "outcome": "days", "form": form, "points": POINTS, "paid_by": "Council"},
        outcomes=[BED_DAYS],
    )
    data["forecast"]["outcomes"] = [{"id": "days", "change": fall}]
    result = result_of(data)
    assert result.payments.total == pytest.approx(paid)
    assert list(flows(result, "outcome payment")) == (["2022-06-30"] if paid else [])


def test_an_edge_reached_by_subtraction_is_reached():
    # 0.30 - 0.20 is 0.09999999999999998 in binary; the contract means ten per cent.
    data = with_payments(
        {"id": "days", "kind": "schedule", "outcome": "days", "points": POINTS, "paid_by": "Council"},
        outcomes=[BED_DAYS],
    )
    data["forecast"]["outcomes"] = [{"id": "days", "change": 0.3 - 0.2}]
    assert result_of(data).payments.total == 100


def test_below_the_first_point_the_payee_may_pay():
    # Two-sided: below 10 % the holder pays 50 back.
    data = with_payments(
        {"id": "days", "kind": "schedule", "outcome": "days", "points": POINTS, "below": -50, "paid_by": "Council"},
        outcomes=[BED_DAYS],
    )
    data["forecast"]["outcomes"] = [{"id": "days", "change": 0.0}]
    result = result_of(data)
    assert result.payments.total == -50
    assert [(f.source, f.target, f.amount) for f in result.flows] == [("Charity", "Council", 50)]


def test_a_share_of_principal():
    data = with_payments(
        {
            "id": "days",
            "kind": "schedule",
            "outcome": "days",
            "points": [{"at": 0, "pays": 0.75}],
            "paid_by": "Council",
            "gives": "share of principal",
            "tranche": "note",
        },
        outcomes=[BED_DAYS],
        tranches=[{"id": "note", "investor": "Fund", "commitment": 4000}],
    )
    data["forecast"]["outcomes"] = [{"id": "days", "change": 0.0}]
    assert result_of(data).payments.total == pytest.approx(3000)


def test_a_share_of_costs():
    # Costs of 600 a quarter for eight quarters; the payer meets a quarter of them.
    data = with_payments(
        {"id": "part", "kind": "share", "of": {"costs": ["team"]}, "share": 0.25, "paid_by": "Council"},
        costs=[{"id": "team", "kind": "per period", "amount": 600}],
    )
    assert result_of(data).payments.total == pytest.approx(1200)


def test_a_share_of_a_saving():
    # 40 net outcomes (counterfactual nothing) save 2,000 each; 80 % of it is paid: 64,000.
    data = with_payments({"id": "part", "kind": "share", "of": {"saving": "care"}, "share": 0.8, "paid_by": "Council"})
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.5, "counterfactual": 0}]
    data["forecast"]["savings"] = [
        {"id": "care", "outcome": "work", "unit_value": 2000, "saved_by": "Council", "cashable": 0.5}
    ]
    result = result_of(data)
    assert result.payments.total == pytest.approx(64_000)
    council = result.payers["Council"]
    assert (council.savings, council.cashable) == pytest.approx((80_000, 40_000))
    assert (council.net, council.net_cashable) == pytest.approx((16_000, -24_000))


TWO_COHORTS = {
    "cohorts": [{"id": "a", "starts": 100, "last": "2020-12-31"}, {"id": "b", "starts": 100, "first": "2021-01-01"}],
}


def gated(falls: tuple[float, float], gate: dict) -> dict:
    """20 events a man in either control group; 1 paid for each event avoided, when the gate opens."""
    data = with_payments(
        {
            "id": "events",
            "kind": "tariff",
            "outcome": "days",
            "pays_on": "net",
            "price": 1,
            "paid_by": "Council",
            "gate": {"outcome": "days", **gate},
        },
        outcomes=[{**BED_DAYS, "measured": {"a": "2021-06-30", "b": "2022-06-30"}}],
    )
    data["forecast"] = TWO_COHORTS | {
        "outcomes": [
            {"id": name, "outcome": "days", "cohorts": [name], "per_start": 20 * (1 - fall), "counterfactual": 20}
            for name, fall in zip("ab", falls, strict=True)
        ]
    }
    return data


@pytest.mark.parametrize(
    ("falls", "gate", "paid"),
    [
        # Each cohort avoids 100 x 20 x fall events.
        ((0.12, 0.05), {"at_least": 0.10}, {"2021-06-30": 240}),
        ((0.05, 0.12), {"at_least": 0.10}, {"2022-06-30": 240}),
        ((0.05, 0.05), {"at_least": 0.10}, {}),
        # Neither reaches 10 %, together 9 %: all of it is paid at the last measurement.
        ((0.09, 0.09), {"at_least": 0.10, "pooled_at_least": 0.075}, {"2022-06-30": 360}),
        # One reached it and was paid; pooled 8 % then pays the other once, and the first not again.
        ((0.12, 0.04), {"at_least": 0.10, "pooled_at_least": 0.075}, {"2021-06-30": 240, "2022-06-30": 80}),
        ((0.08, 0.06), {"at_least": 0.10, "pooled_at_least": 0.075}, {}),
        ((0.08, 0.08), {"pooled_at_least": 0.075}, {"2022-06-30": 320}),
    ],
)
def test_gates_per_cohort_and_pooled(falls, gate, paid):
    assert flows(result_of(gated(falls, gate)), "outcome payment") == pytest.approx(paid)


def test_a_share_of_what_is_owed_is_void_once_another_rule_has_paid():
    data = gated((0.12, 0.09), {"at_least": 0.10})
    data["deal"]["tranches"] = [{"id": "note", "investor": "Fund", "commitment": 1000}]
    data["deal"]["payments"].append(
        {
            "id": "pooled",
            "kind": "share",
            "of": {"owed": "note"},
            "share": 1,
            "paid_by": "Council",
            "gate": {"outcome": "days", "pooled_at_least": 0.075, "unless_paid": ["events"]},
        }
    )
    assert result_of(data).payments.by_rule == pytest.approx({"events": 240, "pooled": 0})
    data["forecast"]["outcomes"][0]["per_start"] = 20 * 0.91
    assert result_of(data).payments.by_rule == pytest.approx({"events": 0, "pooled": 1000})


def void_unless(falls: tuple[float, float], *, cap: float | None = None) -> dict:
    """Each cohort is paid for at a fall of 10 %; failing that, 1,000 that is owed at a pooled fall of 7.5 %."""
    data = gated(falls, {"at_least": 0.10})
    data["deal"]["tranches"] = [{"id": "note", "investor": "Fund", "commitment": 1000}]
    pooled = {"outcome": "days", "pooled_at_least": 0.075, "unless_paid": ["events"]}
    data["deal"]["payments"].insert(
        0,
        {"id": "pooled", "kind": "share", "of": {"owed": "note"}, "share": 1, "paid_by": "Council", "gate": pooled},
    )
    if cap is not None:
        data["deal"]["caps"] = [{"id": "events", "payments": ["events"], "amount": cap}]
    return data


def test_a_share_is_void_where_another_rule_is_paid_on_the_same_date():
    # Only the last cohort reaches its own gate, on the day on which the pooled 8 % is read; wherever it stands.
    assert result_of(void_unless((0.04, 0.12))).payments.by_rule == pytest.approx({"events": 240, "pooled": 0})
    assert result_of(void_unless((0.08, 0.08))).payments.by_rule == pytest.approx({"events": 0, "pooled": 1000})


def test_a_rule_of_which_a_cap_leaves_nothing_was_paid_nothing():
    found = result_of(void_unless((0.04, 0.12), cap=0)).payments.by_rule
    assert found == pytest.approx({"events": 0, "pooled": 1000})


def test_peterborough_pays_the_pooled_fall_only_failing_that_of_a_cohort():
    # 1.45 of 1.55 is 6.5 % less and 1.30 16.1 %: 866 x 0.25 = 216.5 events at 1,700 for the second cohort alone. The
    # pooled 11.1 % is read on the same day.
    falls = {"forecast.outcomes.cohort 1.per_start": 1.45, "forecast.outcomes.cohort 2.per_start": 1.30}
    case, _ = sib.load("peterborough").changed(falls)
    assert sib.appraise(case).payments.by_rule == pytest.approx({"events": 368_050, "pooled": 0})


def test_rules_that_make_each_other_void_are_refused():
    data = void_unless((0.08, 0.08))
    first = data["deal"]["payments"][0]
    data["deal"]["payments"].append(first | {"id": "again", "gate": first["gate"] | {"unless_paid": ["pooled"]}})
    first["gate"]["unless_paid"] = ["again"]
    found = contradictions(Case.from_data(data))
    assert [(path, "wait for each other" in said) for path, said in found] == [
        ("deal.payments.pooled.gate.unless_paid", True),
        ("deal.payments.again.gate.unless_paid", True),
    ]


def test_one_cap_on_a_payment_holds_for_all_that_is_claimed_on_the_date():
    # 5,000 a quarter, and half of it again: 7,500 of which 6,000 may be paid. The share comes last.
    half = {"id": "half", "kind": "share", "of": {"payments": ["work"]}, "share": 0.5, "paid_by": "Council"}
    data = with_payments(WORK, half, caps=[{"id": "each", "amount": 6_000, "per": "payment"}])
    assert result_of(data).payments.by_rule == pytest.approx({"work": 8 * 5_000, "half": 8 * 1_000})


def test_a_change_that_is_known_is_the_count_that_a_net_tariff_pays_on():
    # 936 men, 1.55 each without: 1,450.8, of which 12 % less is 174.096 fewer at 1,700. The second cohort's forecast,
    # 1.39965 of 1.55, misses its gate by a hair. Pooled by what would have been: (174.096 + 866 x 0.15035) / 2,793.1.
    known = {"outcome": "reconvictions", "cohort": "cohort 1", "date": "2014-08-07", "value": 0.12}
    case, _ = sib.load("peterborough").changed({"actuals.outcomes": [known]})
    found = sib.appraise(case)
    assert found.payments.by_rule == pytest.approx({"events": 174.096 * 1_700, "pooled": 0})
    assert found.outcomes["reconvictions"].measure == pytest.approx((174.096 + 866 * 0.15035) / 2_793.1)
    assert found.outcomes["reconvictions"].net == pytest.approx(174.096 + 866 * 0.15035)


def test_actual_payments_replace_the_rules_up_to_their_last_date():
    # The rule gives 5,000 a quarter; 1,234 was paid by 30 June 2020; six quarters follow.
    data = plain(actuals={"payments": [{"payment": "work", "date": "2020-06-30", "value": 1234}]})
    result = result_of(data)
    assert result.payments.total == pytest.approx(31_234)
    assert flows(result, "outcome payment")["2020-06-30"] == pytest.approx(1234)


def test_a_vehicle_pays_its_provider_under_a_contract_of_its_own():
    data = with_payments(
        WORK,
        {"id": "contract", "kind": "tariff", "outcome": "work", "price": 600, "paid_by": "SPV", "paid_to": "Charity"},
    )
    data["deal"]["parties"].append({"id": "SPV", "role": "vehicle"})
    result = result_of(data)
    assert result.payments.total == pytest.approx(40_000)
    assert result.payments.by_rule == pytest.approx({"work": 40_000})
    assert result.provider.received == pytest.approx(24_000)


def test_a_share_of_payments_is_taken_of_what_was_accepted_whatever_the_order():
    # 40,000 is claimed and 12,000 accepted; the provider gets 90 % of that under the vehicle's contract.
    data = with_payments(
        {
            "id": "pass on",
            "kind": "share",
            "of": {"payments": ["work"]},
            "share": 0.9,
            "paid_by": "SPV",
            "paid_to": "Charity",
        },
        WORK,
        caps=[{"id": "all", "amount": 12_000}],
    )
    data["deal"]["parties"].append({"id": "SPV", "role": "vehicle"})
    result = result_of(data)
    assert result.payments.total == pytest.approx(12_000)
    assert result.provider.received == pytest.approx(10_800)


def test_an_actual_payment_replaces_what_was_due_by_its_day_and_nothing_later():
    # 5,000 a quarter, each paid three months later. What the forecast says was paid by 30 Sept 2020 is entered as an
    # actual: nothing changes. The claim of 30 Sept itself is paid on 31 Dec.
    data = with_payments({**WORK, "lag": "3 months"})
    before = flows(result_of(data), "outcome payment")
    data["actuals"] = {
        "payments": [
            {"payment": "work", "date": "2020-06-30", "value": 5000},
            {"payment": "work", "date": "2020-09-30", "value": 5000},
        ]
    }
    assert flows(result_of(data), "outcome payment") == pytest.approx(before)


def test_an_actual_payment_in_mid_period_stands_for_the_whole_period():
    data = plain(actuals={"payments": [{"payment": "work", "date": "2020-06-29", "value": 4000}]})
    paid = flows(result_of(data), "outcome payment")
    assert paid["2020-06-29"] == pytest.approx(4000)
    assert "2020-06-30" not in paid
    assert sum(paid.values()) == pytest.approx(4000 + 6 * 5000)


def test_actual_payments_use_up_a_yearly_cap():
    # 12,000 a year; 11,000 was paid in the first quarter: 1,000 is left for 2020.
    data = plain(
        deal={"caps": [{"id": "year", "amount": 12_000, "per": "year"}]},
        actuals={"payments": [{"payment": "work", "date": "2020-03-31", "value": 11_000}]},
    )
    paid = flows(result_of(data), "outcome payment")
    assert [paid.get(f"2020-{day}", 0) for day in ("03-31", "06-30", "09-30")] == pytest.approx([11_000, 1_000, 0])


def test_a_share_of_costs_waits_for_the_day_on_which_its_gate_is_read():
    # Half of 10,000 a quarter for eight quarters, gated on a fall measured on 30 June 2022: all 40,000 fall due then,
    # and nothing where the fall stays below the gate.
    data = plain(deal={
        "outcomes": [{"id": "fall", "kind": "change", "good": "less", "against": "contract baseline",
                      "measured": "2022-06-30"}],
        "payments": [{"id": "half", "kind": "share", "of": {"costs": ["team"]}, "share": 0.5, "paid_by": "Council",
                      "gate": {"outcome": "fall", "pooled_at_least": 0.1}}],
        "costs": [{"id": "team", "kind": "per period", "amount": 10_000}],
    }, forecast={"outcomes": [{"id": "fall", "change": 0.12}]})  # fmt: skip
    assert flows(result_of(data), "outcome payment") == pytest.approx({"2022-06-30": 40_000})
    data["forecast"]["outcomes"] = [{"id": "fall", "change": 0.09}]
    assert flows(result_of(data), "outcome payment") == {}
    # A rule of its second year alone waits in the same way: four quarters.
    data["forecast"]["outcomes"] = [{"id": "fall", "change": 0.12}]
    data["deal"]["payments"][0]["first"] = "2021-01-01"
    assert flows(result_of(data), "outcome payment") == {"2022-06-30": pytest.approx(20_000)}
