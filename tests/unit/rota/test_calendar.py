"""Bank holidays and working days."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from flowapp.kernel.errors import Refused
from flowapp.rota.bank_holidays import KEPT_YEARS, Nation, bank_holidays, from_library
from flowapp.rota.calendar import HomeCalendar

TABLES = json.loads((Path(__file__).parents[2] / "data" / "domain_cases.json").read_text())["tables"]
GOVUK = TABLES["bank_holidays_govuk_2017_2023"]
PROCLAIMED_LATER = {  # proclaimed after the table was published; in TABLES["bank_holidays_crosscheck"]
    2022: {"2022-09-19"},  # the Queen's funeral
    2023: {"2023-05-08"},  # the coronation
}
SCOTLAND = HomeCalendar(Nation.SCOTLAND)
ENGLAND = HomeCalendar(Nation.ENGLAND)


@pytest.mark.parametrize(
    ("nation", "table"),
    [
        (Nation.SCOTLAND, GOVUK["scotland"]),
        (Nation.ENGLAND, GOVUK["england-and-wales"]),
        (Nation.WALES, GOVUK["england-and-wales"]),
    ],
)
def test_bank_holidays_are_those_gov_uk_published(nation: Nation, table: dict[str, list[str]]) -> None:
    for year in range(2017, 2024):
        kept = {day.isoformat() for day in bank_holidays(nation, year)}
        assert kept == set(table[str(year)]) | PROCLAIMED_LATER.get(year, set())


@pytest.mark.parametrize("nation", list(Nation))
def test_bank_holidays_to_come_are_those_of_the_table_on_weekdays(nation: Nation) -> None:
    table = TABLES["bank_holidays_library_2024_2028"]
    rows = table.get(nation.value, table["england-and-wales"])
    for year, days in rows.items():
        expected = {row["date"] for row in days if date.fromisoformat(row["date"]).weekday() < 5}
        kept = {day.isoformat() for day in bank_holidays(nation, int(year))}
        # Northern Ireland has its own two besides.
        assert kept - _northern_irish(nation, int(year)) == expected


def _northern_irish(nation: Nation, year: int) -> set[str]:
    if nation is not Nation.NORTHERN_IRELAND:
        return set()
    return {day.isoformat() for day in bank_holidays(nation, year) if (day.month, day.day) in IRISH}


IRISH = {(3, 17), (3, 18), (3, 19), (7, 12), (7, 13), (7, 14)}


@pytest.mark.parametrize(
    ("day", "scottish", "english"),
    [
        (date(2026, 1, 1), True, True),  # New Year's Day
        (date(2026, 1, 2), True, False),  # 2 January
        (date(2026, 4, 3), True, True),  # Good Friday
        (date(2026, 4, 6), False, True),  # Easter Monday
        (date(2026, 6, 15), True, False),  # once, for the World Cup
        (date(2027, 6, 15), False, False),  # and not the year after
        (date(2025, 6, 16), False, False),  # nor the year before
        (date(2026, 8, 3), True, False),  # first Monday in August
        (date(2026, 8, 31), False, True),  # last Monday in August
        (date(2026, 11, 30), True, False),  # St Andrew's Day, a Monday
        (date(2024, 11, 30), False, False),  # St Andrew's Day on a Saturday
        (date(2024, 12, 2), True, False),  # and its substitute on the Monday
        (date(2026, 12, 26), False, False),  # Boxing Day on a Saturday
        (date(2026, 12, 28), True, True),  # and its substitute
        (date(2028, 2, 29), False, False),  # a leap day is a day like others
    ],
)
def test_the_nations_keep_their_own_days(day: date, scottish: bool, english: bool) -> None:
    assert (SCOTLAND.is_bank_holiday(day), ENGLAND.is_bank_holiday(day)) == (scottish, english)


@pytest.mark.parametrize(
    ("nation", "number"), [(Nation.SCOTLAND, 9), (Nation.ENGLAND, 8), (Nation.NORTHERN_IRELAND, 10)]
)
def test_a_holiday_on_a_weekend_is_never_lost(nation: Nation, number: int) -> None:
    for year in (2024, 2025, *range(2027, 2040)):
        assert len(bank_holidays(nation, year)) == number, year


def test_a_substitute_day_says_so() -> None:
    assert SCOTLAND.name(date(2024, 12, 2)) == "Saint Andrew's Day (substitute day)"
    assert SCOTLAND.name(date(2024, 12, 3)) is None


def test_a_home_may_keep_local_days_of_its_own() -> None:
    fair = date(2026, 7, 20)
    glasgow = HomeCalendar(Nation.SCOTLAND, {fair: "Glasgow Fair"})

    assert glasgow.is_bank_holiday(fair)
    assert glasgow.name(fair) == "Glasgow Fair"
    assert not glasgow.is_working_day(fair)
    assert SCOTLAND.is_working_day(fair)


def test_a_calendar_does_not_change_with_the_mapping_it_was_made_from() -> None:
    local = {date(2026, 7, 20): "Glasgow Fair"}
    glasgow = HomeCalendar(Nation.SCOTLAND, local)
    local.clear()

    assert glasgow.is_bank_holiday(date(2026, 7, 20))
    assert hash(glasgow) == hash(HomeCalendar(Nation.SCOTLAND, {date(2026, 7, 20): "Glasgow Fair"}))


@pytest.mark.parametrize(
    ("start", "n", "calendar", "expected"),
    [
        (date(2026, 4, 2), 1, SCOTLAND, date(2026, 4, 6)),  # over Good Friday; Easter Monday is worked
        (date(2026, 4, 2), 1, ENGLAND, date(2026, 4, 7)),  # over both
        (date(2026, 4, 7), -1, ENGLAND, date(2026, 4, 2)),  # and back
        (date(2026, 12, 24), 3, SCOTLAND, date(2026, 12, 31)),  # 28 December is Boxing Day's substitute
        (date(2026, 12, 31), 1, SCOTLAND, date(2027, 1, 5)),  # 2 January 2027 moves to the 4th
        (date(2024, 2, 28), 1, SCOTLAND, date(2024, 2, 29)),  # onto a leap day
        (date(2026, 4, 3), 0, SCOTLAND, date(2026, 4, 3)),  # nothing to add
    ],
)
def test_working_days_are_added_over_weekends_and_holidays(
    start: date, n: int, calendar: HomeCalendar, expected: date
) -> None:
    assert calendar.add_working_days(start, n) == expected


def test_working_days_follow_the_weekdays_somebody_works() -> None:
    friday_to_monday = frozenset({4, 5, 6, 0})

    assert SCOTLAND.add_working_days(date(2026, 2, 13), 3, weekdays=friday_to_monday) == date(2026, 2, 16)
    assert SCOTLAND.is_working_day(date(2026, 2, 14), friday_to_monday)


@pytest.mark.parametrize(
    ("day", "n", "weekdays"),
    [
        (date(2026, 1, 1), 10_001, {0}),  # absurdly many
        (date(2026, 1, 1), -10_001, {0}),
        (date(2026, 1, 1), 1, set()),  # a week without a working day
        (date(9999, 12, 31), 1, {0}),  # beyond the calendar's end
        (date(1, 1, 1), -1, {0}),  # and its beginning
    ],
)
def test_a_working_day_that_cannot_be_found_is_refused(day: date, n: int, weekdays: set[int]) -> None:
    with pytest.raises(Refused) as refused:
        SCOTLAND.add_working_days(day, n, weekdays=weekdays)

    assert refused.value.problems[0].path == "n"


def test_the_library_of_holidays_is_loaded_when_it_is_first_needed() -> None:
    look = "import sys, flowapp.rota.calendar; sys.exit('holidays' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


@pytest.mark.parametrize("nation", list(Nation))
def test_the_days_that_are_kept_are_those_of_the_library(nation: Nation) -> None:
    for year in KEPT_YEARS:
        assert dict(bank_holidays(nation, year)) == from_library(nation, year), (
            "the library has news: python -m flowapp.rota.bank_holidays"
        )


def test_a_year_that_is_not_kept_is_asked_of_the_library() -> None:
    assert date(2040, 12, 25) in bank_holidays(Nation.SCOTLAND, 2040)
