"""Prices of one year in those of another, against sums done by hand and published ones."""

from __future__ import annotations

import pytest

from sib.basis import Deflator, UnitCost
from sib.basis.price_levels import price_level, uprating
from sib.files.reference import deflator, unit_costs

UK = deflator("uk gdp deflator 2025-12")
GMUCD = deflator("gmucd 2015")


def test_the_older_published_pairs_come_out():
    # HM Treasury's own examples: 7.4m of 1998/99 in 2003/04, and 1997/98 to 2002/03.
    older = Deflator(id="older", index={"1998/99": 91.031, "2003/04": 102.789})
    assert 7.4 * uprating(older, "1998/99", "2003/04").factor == pytest.approx(8.36, abs=0.005)
    earlier = Deflator(id="earlier", index={"1997/98": 88.480, "2002/03": 100})
    assert uprating(earlier, "1997/98", "2002/03").factor - 1 == pytest.approx(0.1302, abs=0.00005)


def test_the_database_uprates_its_own_figures():
    assert round(51_080 * uprating(GMUCD, "2013/14", "2015/16").factor, 2) == 52_675.64


def test_every_published_figure_of_the_database_is_uprated_by_its_index():
    published = [row for row in unit_costs().rows if row.published_value is not None]
    assert len(published) >= 6
    for row in published:
        factor = uprating(GMUCD, row.published_year, row.price_year).factor
        assert row.published_value * factor == pytest.approx(row.value, abs=0.006), row.id


def test_calendar_years_are_read_as_they_stand():
    # 100/75.1536
    assert uprating(UK, 2015, 2024).factor == pytest.approx(1.330608, abs=1e-6)
    assert uprating(UK, "2015", "2015").factor == 1


def test_a_financial_year_is_three_quarters_and_a_quarter_of_calendar_years():
    # 0.75 x 75.1536 + 0.25 x 76.4554 = 75.47905
    assert price_level(UK, "2015/16").value == pytest.approx(75.47905, rel=1e-12)


def test_a_financial_year_from_july_is_half_and_half():
    australian = Deflator(id="own", index={2015: 100, 2016: 104}, financial_year_starts=7)
    assert price_level(australian, "2015/16").value == pytest.approx(102)


def test_a_calendar_year_of_financial_years_is_a_quarter_and_three_quarters():
    # 2013 is a quarter of 2012/13 and three quarters of 2013/14.
    by_hand = 0.25 * 186.082894 + 0.75 * 190.033434
    assert price_level(GMUCD, 2013).value == pytest.approx(by_hand, rel=1e-12)


def test_after_the_last_year_a_stated_inflation_continues_and_is_told():
    ahead = uprating(UK, 2024, 2026, inflation=0.02)
    assert ahead.factor == pytest.approx(1.0404, rel=1e-12)
    assert ahead.continued == (2026,)
    assert uprating(UK, 2020, 2024, inflation=0.02).continued == ()


def test_the_last_financial_year_rests_partly_on_inflation():
    # 0.75 x 100 + 0.25 x 102
    level = price_level(UK, "2024/25", inflation=0.02)
    assert level.value == pytest.approx(100.5)
    assert level.continued == (2025,)


def test_there_and_back_is_no_change():
    there, back = uprating(UK, "2010/11", 2026, 0.03).factor, uprating(UK, 2026, "2010/11", 0.03).factor
    assert there * back == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize(
    ("index", "year", "inflation", "said"),
    [
        (UK, 1999, 0.02, "begins in 2000"),
        (UK, "1999/00", 0.02, "begins in 2000"),
        (UK, 2025, None, "give an inflation"),
        (GMUCD, "2009/10", 0.02, "no price level for 2009"),
        (UK, "2015/17", None, "2015/16"),
        (UK, "last year", None, "not a price year"),
    ],
)
def test_a_year_without_a_price_level_is_refused(index, year, inflation, said):
    with pytest.raises(ValueError, match=said):
        price_level(index, year, inflation)


def test_an_index_keeps_to_one_kind_of_year_in_order():
    with pytest.raises(ValueError, match="mixes"):
        Deflator(id="own", index={"2015": 100, "2016/17": 101})
    with pytest.raises(ValueError, match="must increase"):
        Deflator(id="own", index={"2016": 100, "2015": 101})


def test_shares_that_do_not_make_a_whole_are_refused():
    with pytest.raises(ValueError, match="sum to 1"):
        UnitCost(id="own", value=1, price_year=2015, saved_by={"council": 0.7, "NHS": 0.4})
    with pytest.raises(ValueError, match="not to the published value"):
        UnitCost(
            id="own", value=1, price_year=2015, published_value=3, published_year=2014, amounts={"council": 1, "NHS": 1}
        )
