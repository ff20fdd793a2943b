"""Notice of leave and of its refusal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flowapp.rota.notice import (
    NoticeKind,
    NoticeRule,
    last_day_to_refuse,
    notice_given,
    refusal_notice_days,
    worker_notice_days,
)


@pytest.mark.parametrize(
    ("leave_days", "worker", "refusal"),
    [
        ("0.5", 2, 2),  # part days of notice are rounded up
        ("1", 3, 2),
        ("2.5", 6, 4),
        ("14", 29, 15),
    ],
)
def test_the_law_asks_for_notice_by_the_length_of_leave(leave_days: str, worker: int, refusal: int) -> None:
    length = Decimal(leave_days)

    assert (worker_notice_days(length), refusal_notice_days(length)) == (worker, refusal)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (NoticeRule(), 14),  # the usual policy
        (NoticeRule(policy_days=28), 28),
        (NoticeRule(kind=NoticeKind.STATUTORY), 7),
        (NoticeRule(kind=NoticeKind.NONE), 0),
    ],
)
def test_a_type_of_leave_says_whose_notice_it_needs(rule: NoticeRule, days: int) -> None:
    assert rule.days_needed(Decimal(3)) == days


def test_notice_is_counted_over_the_end_of_a_year_and_of_february() -> None:
    assert notice_given(today=date(2026, 12, 30), start=date(2027, 1, 2)) == 3
    assert notice_given(today=date(2028, 2, 28), start=date(2028, 3, 1)) == 2
    assert notice_given(today=date(2026, 3, 3), start=date(2026, 3, 1)) == -2


def test_leave_may_be_refused_until_its_length_and_a_day_before_it() -> None:
    assert last_day_to_refuse(start=date(2026, 3, 10), leave_days=Decimal(5)) == date(2026, 3, 4)
