"""Everything around a rule, by hand: prices that change, instalments, ceilings, caps of every kind, pots, retention."""

from __future__ import annotations

import numpy as np
import pytest

from sib.cashflow.run import run
from tests.building import case_of, flows, plain, result_of

WORK = {"id": "work", "kind": "tariff", "outcome": "work", "price": 1000, "paid_by": "Council"}
# Unless a test says otherwise: five outcomes on each of the eight quarter ends of 2020 and 2021.


def with_payments(*payments: dict, **deal: object) -> dict:
    return plain(deal={"payments": list(payments), **deal})


def with_work(**changes: object) -> dict:
    rule = {**WORK, **changes}
    if "prices" in changes:
        del rule["price"]
    return with_payments(rule)


def paid(data: dict) -> list[float]:
    return list(flows(result_of(data), "outcome payment").values())


def cuts(data: dict) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in result_of(data).payments.clipped:
        found[item.cap] = found.get(item.cap, 0) + item.amount
    return found


def test_prices_by_date():
    # 1,000 before, 1,200 from 1 Oct 2020, 900 from 30 June 2021 on.
    data = with_work(
        prices=[
            {"date": "2020-01-01", "price": 1000},
            {"date": "2020-10-01", "price": 1200},
            {"date": "2021-06-30", "price": 900},
        ]
    )
    assert paid(data) == pytest.approx([5000] * 3 + [6000] * 2 + [4500] * 3)


def test_an_indexed_price_steps_on_each_anniversary():
    # 3 % from 1 Jan 2021.
    assert paid(with_work(indexed=0.03)) == pytest.approx([5000] * 4 + [5150] * 4)


def test_terms_can_change_from_a_date():
    data = with_payments({**WORK, "last": "2020-12-31"}, {**WORK, "id": "later", "price": 700, "first": "2021-01-01"})
    assert paid(data) == pytest.approx([5000] * 4 + [3500] * 4)


def test_sustainment_pays_while_it_lasts():
    # 80 starts in the first quarter, 40 outcomes then; three instalments, one a quarter, of those still there:
    # 40 x 0.9, x 0.81, x 0.729 at 100.
    data = with_work(price=100, instalments={"count": 3, "every": "3 months"})
    data["forecast"] = {
        "cohorts": [{"id": "all", "starts": [80]}],
        "outcomes": [{"id": "work", "per_start": 0.5, "continues": 0.9}],
    }
    result = flows(result_of(data), "outcome payment")
    assert result == pytest.approx({"2020-06-30": 3600, "2020-09-30": 3240, "2020-12-31": 2916})


def test_work_programme_thirteen_times_170():
    data = with_work(price=170, instalments={"count": 13, "every": "4 weeks"})
    data["forecast"] = {"cohorts": [{"id": "all", "starts": [1]}], "outcomes": [{"id": "work", "per_start": 1}]}
    assert sum(paid(data)) == pytest.approx(2210)


def test_a_delay_spread_over_several():
    # 40 outcomes: a quarter of them at once, the rest six months later.
    data = plain(
        forecast={
            "cohorts": [{"id": "all", "starts": [80]}],
            "outcomes": [
                {
                    "id": "work",
                    "per_start": 0.5,
                    "delay": [{"after": "0 days", "share": 0.25}, {"after": "6 months", "share": 0.75}],
                }
            ],
        }
    )
    assert flows(result_of(data), "outcome payment") == pytest.approx({"2020-03-31": 10_000, "2020-09-30": 30_000})


def test_a_sequence_stops_where_somebody_drops_out():
    # 10 placed; 90 % are there after 12 months; 80 % of those after 12 more: 9, then 7.2. Fees 23, 6.8 and 15.8.
    names = ("placed", "year", "two")
    data = with_payments(
        *(
            {**WORK, "id": name, "outcome": name, "price": price}
            for name, price in zip(names, (23, 6.8, 15.8), strict=True)
        ),
        outcomes=[{"id": name, "kind": "count"} for name in names],
    )
    data["forecast"] = {
        "cohorts": [{"id": "all", "starts": [10]}],
        "outcomes": [
            {"id": "placed", "per_start": 1},
            {"id": "year", "follows": "placed", "per_start": 0.9, "delay": "12 months"},
            {"id": "two", "follows": "year", "per_start": 0.8, "delay": "12 months"},
        ],
    }
    result = flows(result_of(data), "outcome payment")
    assert result == pytest.approx({"2020-03-31": 230, "2021-03-31": 9 * 6.8, "2022-03-31": 7.2 * 15.8})


def test_achieved_evidenced_accepted_and_claimed_again():
    # 40 achieved, 90 % evidenced: 36; 75 % accepted: 27; a third of the 9 rejected comes back a quarter later: 3.
    data = plain(
        forecast={
            "cohorts": [{"id": "all", "starts": [80]}],
            "outcomes": [
                {
                    "id": "work",
                    "per_start": 0.5,
                    "evidenced": 0.9,
                    "accepted": 0.75,
                    "claimed_again": {"share": 1 / 3, "after": "3 months"},
                }
            ],
        }
    )
    result = result_of(data)
    assert flows(result, "outcome payment") == pytest.approx({"2020-03-31": 27_000, "2020-06-30": 3_000})
    view = result.outcomes["work"]
    assert (view.gross, view.evidenced, view.accepted, view.payable) == pytest.approx((40, 36, 30, 30))


def test_once_per_person():
    # 80 people claim 527 times between them; at most once each is paid.
    data = plain(
        deal={"outcomes": [{"id": "work", "kind": "count", "most_per_person": 1}]},
        actuals={"outcomes": [{"outcome": "work", "date": "2021-12-31", "value": 527}]},
    )
    result = result_of(data)
    assert result.payments.total == pytest.approx(80_000)
    assert result.outcomes["work"].payable == pytest.approx(80)
    assert cuts(data) == {"most per person of work": pytest.approx(447_000)}


def test_no_more_than_forty_per_cent_may_use_an_outcome():
    # Ten start each quarter and five get there; four of them may be claimed for.
    data = with_work(ceiling=0.4)
    assert paid(data) == pytest.approx([4000] * 8)
    assert cuts(data) == {"ceiling of work": pytest.approx(8_000)}


def test_a_ceiling_of_nothing_pays_nothing():
    assert paid(with_work(ceiling=0)) == []


def test_a_yearly_cap_by_contract_year():
    # 20,000 a year is claimed, 12,000 a year may be paid: 5, 5, 2, 0 thousand in each.
    data = plain(deal={"caps": [{"id": "year", "amount": 12_000, "per": "year"}]})
    assert paid(data) == pytest.approx([5000, 5000, 2000] * 2)


def test_a_yearly_cap_by_financial_year():
    # Years end on 31 March: one quarter of 2019/20, four of 2020/21, three of 2021/22.
    data = plain(deal={"caps": [{"id": "year", "amount": 12_000, "per": "year", "year": "financial"}]})
    assert paid(data) == pytest.approx([5000, 5000, 5000, 2000, 5000, 5000, 2000])


def test_what_a_year_does_not_use_may_be_carried():
    # 26,000 a year, 20,000 claimed in the first: 6,000 carried. Prices double in the second: 32,000 of 40,000.
    prices = [{"date": "2020-01-01", "price": 1000}, {"date": "2021-01-01", "price": 2000}]
    data = with_work(prices=prices)
    data["deal"]["caps"] = [{"id": "year", "amount": 26_000, "per": "year", "unused": "carried"}]
    assert sum(paid(data)) == pytest.approx(52_000)
    data["deal"]["caps"][0]["unused"] = "lost"
    assert sum(paid(data)) == pytest.approx(46_000)


def test_a_cap_on_one_payment():
    data = plain(deal={"caps": [{"id": "each", "amount": 3_000, "per": "payment"}]})
    assert paid(data) == pytest.approx([3000] * 8)


def test_a_shared_cap_can_be_used_in_order():
    data = with_payments(
        WORK,
        {**WORK, "id": "more", "price": 3000},
        caps=[{"id": "all", "amount": 16_000, "payments": ["more", "work"], "shared": "in order"}],
    )
    assert result_of(data).payments.by_rule == pytest.approx({"more": 15_000, "work": 1_000})


def test_a_cap_on_one_rule_applies_before_the_contracts():
    # Each rule claims 40,000. The cap on one leaves it 10,000; the contract's 50,000 is then not reached.
    data = with_payments(
        WORK,
        {**WORK, "id": "more"},
        caps=[{"id": "contract", "amount": 50_000}, {"id": "one", "amount": 10_000, "payments": ["work"]}],
    )
    assert result_of(data).payments.by_rule == pytest.approx({"work": 10_000, "more": 40_000})
    assert cuts(data) == {"one": pytest.approx(30_000)}


FIFTHS = [0, 2, 6, 12, 20]


def per_person(bundles: bool) -> dict:
    """Equal fifths of 100 people claim 0, 2, 6, 12 and 20 outcomes of 1,000 each: 8 on average."""
    data = with_work()
    data["deal"]["caps"] = [{"id": "person", "amount": 8_200, "per": "person"}]
    data["forecast"] = {"cohorts": [{"id": "all", "starts": [100]}], "outcomes": [{"id": "work", "per_start": 8}]}
    if bundles:
        data["forecast"]["bundles"] = [{"id": f"b{n}", "share": 0.2, "claims": {"work": n}} for n in FIFTHS]
    return data


def test_a_cap_per_person_works_on_the_spread_of_claims():
    # (0 + 2,000 + 6,000 + 8,200 + 8,200) / 5 = 4,880 a head.
    result = result_of(per_person(bundles=True))
    assert result.payments.total == pytest.approx(100 * 4_880)
    assert result.payments.upper_bound is False
    assert sum(item.amount for item in result.payments.clipped) == pytest.approx(100 * (8_000 - 4_880))


def test_with_averages_only_it_is_an_upper_bound_and_says_so():
    result = result_of(per_person(bundles=False))
    assert result.payments.total == pytest.approx(100 * 8_000)
    assert result.payments.upper_bound is True


def test_a_person_uses_up_the_cap_in_the_order_of_the_outcomes():
    # One claims 6,000 first and 6,000 a year later under 8,200: 6,000 and 2,200.
    data = with_payments(
        {**WORK, "id": "early", "outcome": "early", "price": 6000},
        {**WORK, "id": "late", "outcome": "late", "price": 6000},
        outcomes=[{"id": "early", "kind": "count"}, {"id": "late", "kind": "count"}],
        caps=[{"id": "person", "amount": 8_200, "per": "person"}],
    )
    data["forecast"] = {
        "cohorts": [{"id": "all", "starts": [10]}],
        "bundles": [{"id": "everybody", "share": 1, "claims": {"early": 1, "late": 1}}],
        "outcomes": [{"id": "late", "per_start": 1, "delay": "12 months"}, {"id": "early", "per_start": 1}],
    }
    assert result_of(data).payments.by_rule == pytest.approx({"early": 60_000, "late": 22_000})


def test_a_cap_per_person_moves_with_what_is_drawn():
    # At 4 a start each claims half as often: (0 + 1,000 + 3,000 + 6,000 + 8,200) / 5 = 3,640 a head; at 12 half as
    # often again: (0 + 3,000 + 8,200 + 8,200 + 8,200) / 5 = 5,520; at 8 as written 4,880; at 0 nothing.
    case, drawn = case_of(per_person(bundles=True)), np.array([4.0, 12.0, 8.0, 0.0])
    found = run(case, {"forecast.outcomes.work.per_start": drawn}).payments
    a_head = np.array([3_640, 5_520, 4_880, 0])
    assert found.paid["work"].sum(axis=0) == pytest.approx(100 * a_head)
    assert found.clipped["person", "work"].sum(axis=0) == pytest.approx(100 * (drawn * 1_000 - a_head))


def test_a_scenario_is_the_case_with_its_bundles_changed_alike():
    data = per_person(bundles=True)
    drawn = run(case_of(data), {"forecast.outcomes.work.per_start": np.array([4.0, 8.0])}).payments.paid["work"]
    data["forecast"]["outcomes"][0]["per_start"] = 4
    for bundle in data["forecast"]["bundles"]:
        bundle["claims"]["work"] /= 2
    assert result_of(data).payments.total == pytest.approx(drawn.sum(axis=0)[0])


def test_a_cap_per_person_follows_what_has_happened():
    # 400 outcomes of 100 people are 4 each, whatever was forecast.
    data = per_person(bundles=True)
    data["actuals"] = {"outcomes": [{"outcome": "work", "date": "2021-12-31", "value": 400}]}
    assert result_of(data).payments.total == pytest.approx(100 * 3_640)


def test_a_pot_has_a_maximum():
    # Two providers claim 40,000 and 120,000 and share 80,000 by what they claim each quarter.
    data = with_payments(
        WORK,
        {**WORK, "id": "more", "price": 3000},
        pots=[{"id": "pot", "payments": ["work", "more"], "maximum": 80_000}],
    )
    assert result_of(data).payments.by_rule == pytest.approx({"work": 20_000, "more": 60_000})


def test_a_pot_has_a_minimum_that_is_shared_by_achievement():
    # 160,000 claimed, 200,000 guaranteed: 40,000 more, a quarter of it to the first.
    data = with_payments(
        WORK,
        {**WORK, "id": "more", "price": 3000},
        last_claim="2021-12-31",
        pots=[{"id": "pot", "payments": ["work", "more"], "minimum": 200_000}],
    )
    assert result_of(data).payments.by_rule == pytest.approx({"work": 50_000, "more": 150_000})


def test_retention_is_released_later():
    # A tenth of the 40,000 is held back until the end of March 2022.
    data = with_work(retained={"share": 0.1, "until": "2022-03-31"})
    found = flows(result_of(data), "outcome payment")
    assert found["2020-03-31"] == pytest.approx(4_500)
    assert found["2022-03-31"] == pytest.approx(4_000)
    assert sum(found.values()) == pytest.approx(40_000)


def test_claims_are_set_off_against_money_already_received():
    data = with_work(already_received=12_000)
    assert paid(data) == pytest.approx([3000] + [5000] * 5)
    assert cuts(data) == {"already received": pytest.approx(12_000)}


LEVEL = {"id": "villages", "kind": "level", "unit": "villages"}
LEVELS = [{"date": "2020-06-30", "value": 10}, {"date": "2020-12-31", "value": 25}, {"date": "2021-06-30", "value": 20}]


def with_level(**rule: object) -> dict:
    data = with_payments({"id": "v", "outcome": "villages", "paid_by": "Council", **rule}, outcomes=[LEVEL])
    data["forecast"]["outcomes"] = [{"id": "villages", "levels": LEVELS}]
    return data


def test_a_level_is_paid_each_time_it_is_measured():
    assert paid(with_level(kind="tariff", price=10)) == pytest.approx([100, 250, 200])


def test_a_level_is_paid_for_what_it_has_risen():
    # 10, then 15 more; a fall pays nothing and is not paid for again.
    assert paid(with_level(kind="tariff", price=10, pays_on="increase")) == pytest.approx([100, 150])


def test_a_schedule_reads_the_last_level_or_each():
    points = [{"at": 15, "pays": 7}, {"at": 25, "pays": 9}]
    assert paid(with_level(kind="schedule", points=points)) == [7]
    assert paid(with_level(kind="schedule", points=points, measured_over="each date")) == [9, 7]


def test_the_share_of_a_saving_changes_once_capital_is_repaid():
    # A saving of 40,000 a quarter. 95 % of it goes to repay 100,000 (38,000, 38,000, then 38,000 of which 24,000 are
    # needed); from the fourth quarter on, everything being repaid, 40 %.
    data = with_payments(
        {"id": "s", "kind": "share", "of": {"saving": "sen"}, "share": 0.95, "once_repaid": 0.4, "paid_by": "Council"},
        tranches=[{"id": "loan", "investor": "Fund", "commitment": 100_000, "interest": {"rate": 0}}],
    )
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.5, "counterfactual": 0}]
    data["forecast"]["savings"] = [{"id": "sen", "outcome": "work", "unit_value": 8_000, "saved_by": "Council"}]
    assert paid(data) == pytest.approx([38_000] * 3 + [16_000] * 5)


def test_monthly_instalments_in_quarters_fall_in_their_own_quarter():
    # 40 outcomes on 31 March, 100 at each month's end after it while 90 % stay: April to June in one quarter.
    data = with_work(price=100, instalments={"count": 4, "every": "1 month"})
    data["forecast"] = {
        "cohorts": [{"id": "all", "starts": [80]}],
        "outcomes": [{"id": "work", "per_start": 0.5, "continues": 0.9}],
    }
    found = flows(result_of(data), "outcome payment")
    assert found == pytest.approx({"2020-06-30": 4000 * (0.9 + 0.81 + 0.729), "2020-09-30": 4000 * 0.6561})


def net_of(per_quarter: list[float]) -> dict:
    """A net tariff of 1,000; ten start each quarter, a fifth would have made it anyway; what really came is given."""
    data = with_work(pays_on="net")
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.5, "counterfactual": 0.2}]
    days = ["2020-03-31", "2020-06-30", "2020-09-30"]
    data["actuals"] = {
        "outcomes": [
            {"outcome": "work", "date": day, "value": value} for day, value in zip(days, per_quarter, strict=False)
        ]
    }
    return data


def test_a_quarter_below_the_counterfactual_takes_nothing_back_and_is_made_up_first():
    # Net of 2 each quarter: 3, then -2, then 1 and 3, 3 … : 3 paid; 2 of the next 3 are made up; 36 net in nine … the
    # running net is 3, 1, 2, 5, 8, 11, 14, 17: its highest so far rises by 3, 0, 0, 2, 3, 3, 3, 3.
    result = result_of(net_of([5, 0, 3]))
    assert list(flows(result, "outcome payment").values()) == pytest.approx([3000, 2000, 3000, 3000, 3000, 3000])
    assert result.payments.total == pytest.approx(17_000)
    assert result.outcomes["work"].net == pytest.approx(17)


def test_nobody_pays_for_a_saving_that_was_lost():
    data = with_payments({"id": "s", "kind": "share", "of": {"saving": "c"}, "share": 0.5, "paid_by": "Council"})
    data["forecast"]["outcomes"] = [{"id": "work", "per_start": 0.1, "counterfactual": 0.2}]
    data["forecast"]["savings"] = [{"id": "c", "outcome": "work", "unit_value": 1_000, "saved_by": "Council"}]
    result = result_of(data)
    assert result.payments.total == 0
    assert result.payers["Council"].savings == pytest.approx(-8_000)


def test_a_cap_per_person_is_read_at_the_mean_price_of_what_is_claimed():
    # One claims 1 at 6,000 and then 1 at 10,000, in the other order nobody; half start before the price changes, half
    # after: the mean price of one is 8,000, so a cap of 6,000 leaves three quarters.
    data = with_work(prices=[{"date": "2020-01-01", "price": 6000}, {"date": "2021-01-01", "price": 10_000}])
    data["deal"]["caps"] = [{"id": "person", "amount": 6_000, "per": "person"}]
    data["forecast"] = {
        "cohorts": [{"id": "all", "starts": [10, 0, 0, 0, 10]}],
        "bundles": [{"id": "everybody", "share": 1, "claims": {"work": 1}}],
        "outcomes": [{"id": "work", "per_start": 1}],
    }
    assert result_of(data).payments.total == pytest.approx(0.75 * (60_000 + 100_000))


def test_a_year_on_which_no_date_falls_leaves_all_of_its_cap():
    # Periods end on 31 December 2020 and 2023. 12,000 a year, 10,000 claimed in the first: 2,000 are carried over, and
    # 12,000 of each of 2021 and 2022, beside the 12,000 of 2023: 38,000 may be paid of 40,000.
    data = plain(
        deal={
            "start": "2020-01-01",
            "service_end": "2023-12-31",
            "period": ["2020-12-31", "2023-12-31"],
            "caps": [{"id": "year", "amount": 12_000, "per": "year", "unused": "carried"}],
        },
        forecast={"cohorts": [{"id": "all", "starts": [10, 40]}], "outcomes": [{"id": "work", "per_start": 1}]},
    )
    assert paid(data) == pytest.approx([10_000, 38_000])


def test_what_falls_back_is_never_a_negative_cut():
    # Ten points a start are won by one segment and eight lost by the other, on ten starts each: 20 of 100 remain. The
    # ceiling of 1 point a start leaves 20; of 0.5 a start it leaves 10, and the cut is the 10 that go.
    data = with_payments({**WORK, "outcome": "points", "ceiling": 0.5}, outcomes=[{"id": "points", "kind": "quantity"}])
    data["forecast"] = {
        "cohorts": [{"id": "a", "starts": [10]}, {"id": "b", "starts": [10]}],
        "outcomes": [
            {"id": "up", "outcome": "points", "cohorts": ["a"], "per_start": 10},
            {"id": "down", "outcome": "points", "cohorts": ["b"], "per_start": -8},
        ],
    }
    assert sum(paid(data)) == pytest.approx(10_000)
    assert cuts(data) == {"ceiling of work": pytest.approx(10_000)}


def test_nothing_is_paid_back_after_the_last_payment():
    # Two points a start are lost in the last quarter; the lag carries that past the last payment.
    data = with_payments(
        {**WORK, "outcome": "points", "lag": "3 months"},
        outcomes=[{"id": "points", "kind": "quantity"}],
        last_payment="2021-12-31",
    )
    data["forecast"] = {
        "cohorts": [{"id": "a", "starts": [10]}, {"id": "b", "starts": [10], "first": "2021-10-01"}],
        "outcomes": [
            {"id": "up", "outcome": "points", "cohorts": ["a"], "per_start": 3},
            {"id": "down", "outcome": "points", "cohorts": ["b"], "per_start": -2},
        ],
    }
    assert sum(paid(data)) == pytest.approx(30_000)
    assert cuts(data) == {}


def test_net_is_what_is_accepted_beyond_the_counterfactual():
    # 80 start, 40 achieve it, 0.9 of these are evidenced and 0.75 of those accepted: 27. 16 would have anyway: 11.
    data = with_work(pays_on="net")
    data["forecast"]["outcomes"] = [
        {"id": "work", "per_start": 0.5, "counterfactual": 0.2, "evidenced": 0.9, "accepted": 0.75}
    ]
    assert result_of(data).payments.total == pytest.approx(11_000)
    assert result_of(data).outcomes["work"].net == pytest.approx(24)
