"""What the rules find, and what they let be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flowapp.rota.compliance.looking.rulebook import OF_HOUSES, OF_WORKERS
from flowapp.rota.compliance.rule import SHIPPED, Severity
from flowapp.rota.shifts import WorkingTime
from tests.unit.rota_compliance.planned import MONDAY, SPAN, Times, broken, days, house, need, post, stint, worker

FIVE_LONG_DAYS = [stint(day, "08:00", "20:00") for day in range(5)]  # 55 hours
SEVENTEEN_WEEKS = [stint(day - 7 * week, "08:00", "20:00") for week in range(17) for day in range(5)]


def test_55_hours_a_week_for_17_weeks_are_too_many() -> None:
    found = broken("WTD_48_HOURS", who=worker(*SEVENTEEN_WEEKS))
    assert [each.description for each in found] == ["Anna works 55 hours a week on average; the most is 48."]
    assert [(each.severity, each.staff_id, each.key, each.first_day) for each in found] == [
        (Severity.HIGH, 7, "WTD_48_HOURS:staff:7", None)
    ]
    assert {each.label: each.value for each in found[0].evidence} == {
        "Average": "55 hours a week",
        "Over": "17 weeks, Monday 3 August 2026 to Sunday 29 November 2026",
        "Hours in all": "935 hours",
        "Agreed in writing to more": "No",
    }


def test_one_week_of_55_hours_among_weeks_of_less_is_lawful() -> None:
    assert not broken("WTD_48_HOURS", who=worker(*FIVE_LONG_DAYS))


def test_whoever_agreed_in_writing_may_work_more() -> None:
    assert not broken("WTD_48_HOURS", who=replace(worker(*SEVENTEEN_WEEKS), opted_out=True))


def test_being_on_call_at_home_is_no_working_time() -> None:
    on_call = [replace(each, working_time=WorkingTime.ON_CALL) for each in SEVENTEEN_WEEKS]
    assert not broken("WTD_48_HOURS", who=worker(*on_call))


def test_days_of_leave_do_not_lower_an_average() -> None:
    """Regulation 4(6): the days after the period make up for those of leave in it."""
    leave = {MONDAY - timedelta(days=number) for number in range(1, 57)}
    worked = [each for each in SEVENTEEN_WEEKS if each.day not in leave]
    later = [stint(7 + 7 * week + day, "08:00", "20:00") for week in range(9) for day in range(5)]
    assert not broken("WTD_48_HOURS", who=worker(*worked))
    assert broken("WTD_48_HOURS", who=worker(*worked, *later, excluded=frozenset(leave)))


def test_the_worst_of_the_periods_looked_at_counts() -> None:
    long_ago = [replace(each, day=each.day - timedelta(days=7)) for each in SEVENTEEN_WEEKS]
    span = replace(SPAN, first=MONDAY - timedelta(days=7))
    assert broken("WTD_48_HOURS", who=worker(*long_ago), span=span)


def test_long_nights_are_found_of_whoever_mostly_works_nights() -> None:
    nights = [stint(day - 7 * week, "20:00", "08:00") for week in range(17) for day in range(5)]
    found = broken("WTD_NIGHT_8_HOURS", who=worker(*nights))
    assert "works nights, and 9.17 hours in 24 on average; the most is 8" in found[0].description
    assert not broken("WTD_NIGHT_8_HOURS", who=worker(*SEVENTEEN_WEEKS))


@pytest.mark.parametrize(
    ("shifts", "least"),
    [
        ([(0, "08:00", "20:00"), (1, "08:00", "20:00")], None),  # 12 hours between them
        ([(0, "13:00", "22:00"), (1, "07:00", "15:00")], "9 hours"),  # a late, then an early
        ([(0, "20:00", "08:00"), (1, "20:00", "08:00")], None),  # night after night
        ([(0, "08:00", "12:00"), (0, "16:00", "20:00")], None),  # a split day
        ([(-1, "13:00", "22:00"), (0, "07:00", "15:00")], None),  # last week's doing
        ([(6, "13:00", "22:00"), (7, "07:00", "15:00")], "9 hours"),  # into the next week
    ],
)
def test_daily_rest(shifts: list[Times], least: str | None) -> None:
    found = broken("WTD_REST_11_HOURS", who=days(*shifts))
    assert bool(found) is (least is not None)
    if least:
        assert f"once, the least {least} on" in found[0].description


def test_daily_rest_says_when_the_clock_of_the_home_shows_it() -> None:
    found = broken("WTD_REST_11_HOURS", who=days((0, "13:00", "22:00"), (1, "07:00", "15:00")))
    assert [(each.label, each.value) for each in found[0].evidence] == [
        ("Monday 23 November 2026, 13:00", "9 hours of rest at most in 24 hours")
    ]
    assert (found[0].first_day, found[0].last_day) == (MONDAY, MONDAY)


def test_a_night_in_which_the_clocks_go_forward_may_leave_too_little_rest() -> None:
    """Between 21:00 and 08:00 pass ten hours on 28 March 2026."""
    before = (date(2026, 3, 28) - MONDAY).days
    who = days((before, "12:00", "21:00"), (before + 1, "08:00", "16:00"))
    span = replace(SPAN, first=date(2026, 3, 23), last=date(2026, 3, 29), today=date(2026, 3, 23))
    assert "the least 10 hours" in broken("WTD_REST_11_HOURS", who=who, span=span)[0].description
    week_before = days((before - 7, "12:00", "21:00"), (before - 6, "08:00", "16:00"))
    assert not broken("WTD_REST_11_HOURS", who=week_before, span=replace(span, first=date(2026, 3, 16)))


def test_a_week_without_a_day_of_rest_is_made_up_for_by_a_fortnight_with_two() -> None:
    every_day = [(day, "09:00", "21:00") for day in range(7)]
    assert broken("WTD_REST_24_HOURS", who=days(*every_day, *((day, "09:00", "21:00") for day in range(-7, 0)),
                                                *((day, "09:00", "21:00") for day in range(7, 14))))  # fmt: skip
    assert not broken("WTD_REST_24_HOURS", who=days(*every_day))


@pytest.mark.parametrize(
    ("start", "end", "pause", "is_broken"),
    [("08:00", "14:00", 0, False), ("08:00", "14:15", 0, True), ("08:00", "20:00", 20, False),
     ("08:00", "20:00", 15, True)],
)  # fmt: skip
def test_breaks(start: str, end: str, pause: int, is_broken: bool) -> None:
    assert bool(broken("WTD_BREAKS", who=worker(stint(0, start, end, pause=pause)))) is is_broken


@pytest.mark.parametrize(("count", "is_broken"), [(6, False), (7, True)])
def test_days_in_a_row(count: int, is_broken: bool) -> None:
    who = days(*((day - 3, "09:00", "13:00") for day in range(count)))
    assert bool(broken("CONSECUTIVE_DAYS", who=who)) is is_broken


DAY, NIGHT = need("long day", "08:00", "20:00", 2), need("night", "20:00", "08:00", 1)
BEFORE = replace(SPAN, last=MONDAY)


def test_too_few_people_by_day() -> None:
    home = house(post(0, "08:00", "20:00"), post(0, "08:00", "20:00", staffed=False), needs=[DAY, NIGHT])
    found = broken("MIN_DAY_STAFFING", home=home, span=BEFORE)
    assert [each.description for each in found] == [
        "Too few people at Rose House on Monday 23 November 2026: Long day, the whole home."
    ]
    assert [(each.label, each.value) for each in found[0].evidence] == [("Long day, the whole home", "1 of 2 carers")]
    assert found[0].key == "MIN_DAY_STAFFING:home:1:2026-11-23"


def test_too_few_people_at_night_is_another_rule() -> None:
    home = house(post(0, "08:00", "20:00"), post(0, "08:00", "20:00"), needs=[DAY, NIGHT])
    assert not broken("MIN_DAY_STAFFING", home=home, span=BEFORE)
    assert broken("MIN_NIGHT_STAFFING", home=home, span=BEFORE)


def test_people_of_another_unit_do_not_fill_a_units_need() -> None:
    home = house(post(0, "08:00", "20:00", unit_id=2), needs=[need("long day", "08:00", "20:00", 1, unit_id=1)])
    assert broken("MIN_DAY_STAFFING", home=home, span=BEFORE)
    home = house(post(0, "08:00", "20:00", unit_id=1), needs=[need("long day", "08:00", "20:00", 1, unit_id=1)])
    assert not broken("MIN_DAY_STAFFING", home=home, span=BEFORE)


def test_days_that_are_still_being_planned_are_let_be() -> None:
    found = broken("MIN_DAY_STAFFING", home=house(needs=[DAY]))
    assert [each.first_day for each in found] == [MONDAY + timedelta(days=number) for number in range(4)]


def test_nobody_is_alone_at_night() -> None:
    two = (post(0, "20:00", "08:00"), post(0, "20:00", "08:00"))
    assert not broken("LONE_WORKING", home=house(*two), span=BEFORE)
    found = broken("LONE_WORKING", home=house(*two[:1]), span=BEFORE)
    assert "Only one person is awake at Rose House in the night from Monday 23 November 2026" in found[0].description


def test_a_gap_in_the_middle_of_the_night_is_found_with_its_time() -> None:
    home = house(post(0, "20:00", "08:00"), post(0, "20:00", "02:00"), post(1, "03:00", "11:00"))
    found = broken("LONE_WORKING", home=home, span=BEFORE)
    assert found[0].evidence[0].value == "1, at Tuesday 24 November 2026, 02:00"


def test_a_night_of_which_the_rota_says_nothing_is_let_be() -> None:
    assert not broken("LONE_WORKING", home=house(post(0, "08:00", "20:00")), span=BEFORE)


def test_every_rule_that_is_said_to_be_checked_is_looked_at() -> None:
    assert {code for code, rule in SHIPPED.items() if rule.is_checked} == {*OF_WORKERS, *OF_HOUSES}
