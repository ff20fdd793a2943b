"""The rules L01 to L10 about a leave request."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.embargo import ClosedOnce, ClosedYearly, Embargo, Place
from flowapp.rota.leave_days import Counting, DayPart, LeavePeriod, Work, count
from flowapp.rota.leave_rules import (
    RULES,
    AwayLimit,
    CheckResult,
    CoverShortfall,
    LeaveFacts,
    OtherLeave,
    Outcome,
    PeopleAway,
    blocking,
    check,
)
from flowapp.rota.notice import NoticeKind, NoticeRule

ALL, AM, PM = DayPart.ALL, DayPart.AM, DayPart.PM
SCOTLAND = HomeCalendar(Nation.SCOTLAND)
WORK = Work(contracted_hours=Decimal(40), calendar=SCOTLAND)
D = Decimal


def on(number: int) -> date:
    """A day of March 2026; the 2nd is a Monday."""
    return date(2026, 3, number)


def leave(first: int, last: int, start_part: DayPart = ALL, end_part: DayPart = ALL) -> LeavePeriod:
    return LeavePeriod(on(first), start_part, on(last), end_part)


def facts(period: LeavePeriod | None = None, **more: Any) -> LeaveFacts:
    """A request of Monday to Friday that no rule minds, but for what is said."""
    period = period or leave(9, 13)
    usual: dict[str, Any] = {
        "period": period,
        "count": count(period, Counting.WORKING_DAYS, WORK),
        "today": date(2026, 2, 2),
        "staff_id": 1,
        "employed_from": date(2020, 1, 6),
        "balance_before": D(100),
        "calendar": SCOTLAND,
        "place": Place(home_id=1, role="SCW"),
    }
    return LeaveFacts(**(usual | more))


def result(rule: str, asked: LeaveFacts) -> CheckResult:
    return next(each for each in check(asked) if each.rule == rule)


def outcome(rule: str, asked: LeaveFacts) -> str:
    return result(rule, asked).outcome.value


def test_every_rule_answers_in_order_with_a_title_and_a_sentence() -> None:
    results = check(facts())

    assert [each.rule for each in results] == [f"L{number:02d}" for number in range(1, 11)]
    assert {each.outcome for each in results} == {Outcome.PASS}
    assert all(each.title and each.text.endswith(".") for each in results)
    assert [each.rule for each in results] == [rule.name for rule in RULES]


@pytest.mark.parametrize(
    ("asked", "expected", "field"),
    [
        (facts(employed_from=on(9)), "pass", ""),  # the first day at work
        (facts(employed_from=on(10)), "block", "start_date"),  # one day early
        (facts(employed_until=on(13)), "pass", ""),  # the last day at work
        (facts(employed_until=on(12)), "block", "end_date"),  # one day late
        (facts(leave(7, 8)), "block", "start_date"),  # a weekend takes nothing
        (
            facts(leave(7, 8), status_only=True),
            "pass",
            "",
        ),  # which is well when it only tells where somebody is
        (facts(leave(9, 9, AM, AM), half_days_allowed=False), "block", "start_part"),
        (facts(leave(9, 10, ALL, AM), half_days_allowed=False), "block", "end_part"),
        (facts(leave(9, 10), half_days_allowed=False), "pass", ""),
        (facts(most_days=D(5)), "pass", ""),  # as long as the type allows
        (facts(most_days=D("4.5")), "block", "end_date"),  # longer
    ],
)
def test_the_dates_must_lie_in_the_employment_and_suit_the_type(asked: LeaveFacts, expected: str, field: str) -> None:
    dates = result("L01", asked)

    assert (dates.outcome.value, dates.field) == (expected, field)


def test_a_request_that_takes_nothing_is_refused_with_a_sentence() -> None:
    easter = LeavePeriod(date(2026, 4, 3), ALL, date(2026, 4, 6), ALL)
    english = replace(WORK, calendar=HomeCalendar(Nation.ENGLAND))

    asked = facts(easter, count=count(easter, Counting.WORKING_DAYS, english))

    assert [problem.message for problem in blocking(check(asked))] == [
        "No work is due from 3 April 2026 to 6 April 2026, so no leave is needed; choose days with work."
    ]


def test_an_estimate_says_so() -> None:
    counted = count(leave(9, 13), Counting.ROSTERED, WORK)

    assert "takes about 5 days (40 hours)" in result("L01", facts(count=counted)).text


@pytest.mark.parametrize(
    ("asked", "other", "expected"),
    [
        (leave(9, 13), leave(13, 14), "block"),  # one day shared
        (leave(9, 13), leave(14, 15), "pass"),  # the next day
        (leave(9, 9, AM, AM), leave(9, 9, PM, PM), "pass"),  # the two halves of a day
        (leave(9, 9, AM, AM), leave(9, 9, AM, AM), "block"),  # the same half
        (leave(9, 13, PM), leave(6, 9, ALL, AM), "pass"),  # hands over at midday
    ],
)
def test_leave_may_not_overlap_leave_asked_for_or_approved(
    asked: LeavePeriod, other: LeavePeriod, expected: str
) -> None:
    for approved in (True, False):
        assert outcome("L02", facts(asked, others=(OtherLeave(period=other, approved=approved),))) == expected


def test_an_overlap_names_the_other_leave_and_the_days() -> None:
    other = OtherLeave(period=leave(12, 20), approved=True)

    assert result("L02", facts(others=(other,))).text == (
        "Leave from 12 March 2026 to 20 March 2026 is approved and takes 12 March 2026 and 13 March 2026 "
        "too; choose other dates or give that back."
    )


@pytest.mark.parametrize(
    ("before", "below", "expected"),
    [
        (D(40), D(0), "pass"),  # to the last hour
        (D("39.99"), D(0), "block"),  # a hundredth short
        (D("39.99"), D(8), "pass"),  # eight hours may be owed
        (D(32), D(8), "pass"),  # all eight
        (D("31.99"), D(8), "block"),
        (None, D(0), "pass"),  # not taken from an allowance
    ],
)
def test_the_allowance_must_last(before: Decimal | None, below: Decimal, expected: str) -> None:
    assert outcome("L03", facts(balance_before=before, may_go_below_by=below)) == expected


def test_a_short_allowance_says_by_how_much() -> None:
    short = result("L03", facts(balance_before=D("32.5")))

    assert short.text == "This takes 40 hours of the 32.5 hours left, 7.5 too many; ask for fewer days."
    assert facts(balance_before=D("32.5")).balance_after == D("-7.5")
    assert facts(balance_before=None).balance_after is None


@pytest.mark.parametrize(
    ("today", "rule", "expected"),
    [
        (date(2026, 2, 23), NoticeRule(), "pass"),  # 14 days
        (date(2026, 2, 24), NoticeRule(), "inform"),  # 13
        (date(2026, 2, 26), NoticeRule(kind=NoticeKind.STATUTORY), "pass"),  # 11 for 5 days
        (date(2026, 2, 27), NoticeRule(kind=NoticeKind.STATUTORY), "inform"),
        (on(11), NoticeRule(), "inform"),  # it has begun
        (on(11), NoticeRule(kind=NoticeKind.NONE), "pass"),  # as sickness does
    ],
)
def test_short_notice_is_told_and_does_not_block(today: date, rule: NoticeRule, expected: str) -> None:
    assert outcome("L04", facts(today=today, notice=rule)) == expected


def test_notice_is_told_with_its_numbers() -> None:
    assert result("L04", facts(today=on(8))).text == "This gives 1 day of notice; 14 are asked for."
    assert result("L04", facts(today=on(11))).text == "The leave began 2 days ago, and 14 days of notice are asked for."


INSPECTION = ClosedOnce(first=on(12), last=on(20))


@pytest.mark.parametrize(
    ("embargoes", "expected"),
    [
        ((), "pass"),
        ((Embargo(closed=INSPECTION, message="Inspection"),), "inform"),
        ((Embargo(closed=INSPECTION, message="Inspection", hard=True),), "block"),
        ((Embargo(closed=INSPECTION, message="", place=Place(home_id=2), hard=True),), "pass"),  # elsewhere
        (
            (Embargo(closed=ClosedYearly(first="12-11", last="01-08"), message="Christmas", hard=True),),
            "pass",
        ),
    ],
)
def test_only_a_hard_embargo_blocks(embargoes: tuple[Embargo, ...], expected: str) -> None:
    assert outcome("L05", facts(embargoes=embargoes)) == expected


def test_a_hard_embargo_is_told_before_a_soft_one() -> None:
    soft = Embargo(closed=INSPECTION, message="Busy week.")
    hard = Embargo(closed=INSPECTION, message="Inspection.", hard=True)

    told = result("L05", facts(embargoes=(soft, hard)))

    assert (told.outcome, told.text) == (
        Outcome.BLOCK,
        "Leave from 12 March 2026 to 20 March 2026 is closed: Inspection.",
    )


@pytest.mark.parametrize(
    ("away", "limit", "expected"),
    [
        (1, AwayLimit(), "pass"),  # no limit
        (1, AwayLimit(people=2), "pass"),  # two of ten
        (2, AwayLimit(people=2), "inform"),  # three
        (1, AwayLimit(percent=D(20)), "pass"),  # exactly 20 %
        (2, AwayLimit(percent=D(20)), "inform"),
        (2, AwayLimit(people=5, percent=D(20)), "inform"),  # the tighter of the two
        (4, AwayLimit(people=4, percent=D(80)), "inform"),
    ],
)
def test_too_many_people_away_is_told(away: int, limit: AwayLimit, expected: str) -> None:
    day = PeopleAway(date=on(9), away=away, group=10)

    assert outcome("L06", facts(people_away=(day,), away_limit=limit)) == expected


def test_the_worst_day_is_told_with_the_limit() -> None:
    days = tuple(PeopleAway(date=on(9 + n), away=away, group=10) for n, away in enumerate([0, 2, 3, 2]))

    told = result("L06", facts(people_away=days, away_limit=AwayLimit(people=2, percent=D(20))))

    assert told.text == (
        "On 11 March 2026 4 of 10 people of the same role would be away (40%); the limit is 2 of them and "
        "20%, passed on 2 other days too."
    )


def test_a_group_without_people_does_not_divide_by_nothing() -> None:
    assert PeopleAway(date=on(9), away=0, group=0).percent_with_this == 100


def test_missing_cover_is_told_and_does_not_block() -> None:
    gap = CoverShortfall(date=on(9), unit="Heather", shift="night", needed=3, left=2)

    told = result("L07", facts(shortfalls=(gap,)))

    assert (told.outcome, told.text) == (
        Outcome.INFORM,
        "There would be only 2 of 3 people for the night shift on Heather on 9 March 2026.",
    )


@pytest.mark.parametrize(
    ("others", "most", "expected"),
    [
        ((), 5, "pass"),  # Monday to Friday
        ((), 4, "inform"),
        ((OtherLeave(period=leave(14, 20), approved=True),), 14, "pass"),  # 12 in a row
        ((OtherLeave(period=leave(14, 23), approved=False),), 14, "inform"),  # 15
        ((OtherLeave(period=leave(15, 30), approved=True),), 14, "pass"),  # not next to it
        ((), None, "pass"),  # no limit
    ],
)
def test_many_days_in_a_row_are_for_the_manager(
    others: tuple[OtherLeave, ...], most: int | None, expected: str
) -> None:
    assert outcome("L08", facts(others=others, max_consecutive_days=most)) == expected


def test_a_bank_holiday_is_no_day_in_a_row() -> None:
    easter = LeavePeriod(date(2026, 3, 30), ALL, date(2026, 4, 3), ALL)

    assert outcome("L08", facts(easter, max_consecutive_days=4)) == "pass"
    assert outcome("L08", facts(easter, max_consecutive_days=4, calendar=None)) == "inform"


@pytest.mark.parametrize(
    ("after", "given", "expected"),
    [
        (None, False, "pass"),  # the type never needs any
        (5, False, "pass"),  # five days are not more than five
        (4, False, "inform"),
        (4, True, "pass"),  # it is there
    ],
)
def test_missing_evidence_is_told(after: int | None, given: bool, expected: str) -> None:
    assert outcome("L09", facts(evidence_after_days=after, evidence_given=given)) == expected


@pytest.mark.parametrize(
    ("decider", "expected"),
    [(None, "pass"), (2, "pass"), (1, "block")],  # nobody yet, somebody else, the person who asks
)
def test_nobody_decides_their_own_leave(decider: int | None, expected: str) -> None:
    assert outcome("L10", facts(decider_staff_id=decider)) == expected


def test_what_blocks_becomes_problems_of_the_fields_in_order() -> None:
    asked = facts(
        employed_from=on(10),
        others=(OtherLeave(period=leave(13, 14), approved=False),),
        balance_before=D(1),
        today=on(8),  # short notice only informs
        decider_staff_id=1,
    )

    problems = blocking(check(asked))

    assert [(problem.code, problem.path) for problem in problems] == [
        ("L01", "start_date"),
        ("L02", "start_date"),
        ("L03", "end_date"),
        ("L10", ""),
    ]
    assert problems[2].message.startswith("This takes 40 hours of the 1 hour left")


def test_sentences_for_people_hold_no_codes_and_no_python() -> None:
    wrong = facts(
        others=(OtherLeave(period=leave(13, 31), approved=True),),
        balance_before=D(1),
        may_go_below_by=D(8),
        today=on(11),
        embargoes=(Embargo(closed=INSPECTION, message=""),),
        people_away=(PeopleAway(date=on(9), away=2, group=3),),
        away_limit=AwayLimit(people=1),
        shortfalls=tuple(
            CoverShortfall(date=on(n), unit="Heather", shift="day", needed=4, left=2) for n in range(9, 14)
        ),
        max_consecutive_days=4,
        evidence_after_days=1,
        decider_staff_id=1,
    )

    for each in check(wrong):
        assert re.fullmatch(r"[A-Z][^{}_\[\]']*\.", each.text), each.text
        assert not re.search(r"L\d\d|Decimal|None|\d\.0\b", each.text), each.text
