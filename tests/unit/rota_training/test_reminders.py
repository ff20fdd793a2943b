"""Which reminders are due on a day, each told once, also when nobody looked for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.rota.training.reminders import RAN_OUT, Due, Watch, due_reminders, next_look

END = date(2026, 12, 31)
USUAL = (90, 60, 30, 14, 7, 0)
LONG_BEFORE = date(2026, 1, 1)


def watch(reminded: int | None = None, since: date = LONG_BEFORE) -> Watch:
    """Answer a certificate that runs out at the end of the year."""
    return Watch(expires_on=END, reminder_days=USUAL, watched_from=since, reminded=reminded)


@pytest.mark.parametrize(
    ("left", "reminded", "told", "ran_out"),
    [
        (91, None, (), False),  # nothing yet
        (90, None, (90,), False),  # the first
        (89, 90, (), False),  # told yesterday
        (30, 60, (30,), False),
        (0, 7, (0,), False),  # the last day
        (-1, 0, (), True),  # over
        (-40, RAN_OUT, (), False),  # and told
        (5, 60, (30, 14, 7), False),  # nobody looked for weeks: each is made good
        (-3, 7, (0,), True),
    ],
)
def test_what_is_told_on_a_day(left: int, reminded: int | None, told: tuple[int, ...], ran_out: bool) -> None:
    assert due_reminders(watch(reminded), END - timedelta(days=left)) == Due(told, ran_out)


@pytest.mark.parametrize(
    ("left_when_recorded", "told", "ran_out"),
    [
        (200, (), False),
        (90, (90,), False),  # recorded on the very day
        (45, (60,), False),  # of those that were past only the nearest
        (3, (7,), False),
        (0, (0,), False),
        (-5, (), True),  # recorded when it had run out: there is no reminding any more
    ],
)
def test_reminders_before_the_record_are_not_all_made_good(
    left_when_recorded: int, told: tuple[int, ...], ran_out: bool
) -> None:
    day = END - timedelta(days=left_when_recorded)
    assert due_reminders(watch(since=day), day) == Due(told, ran_out)


def test_the_next_look_is_on_the_next_reminder() -> None:
    assert next_look(watch(), LONG_BEFORE) == END - timedelta(days=90)
    assert next_look(watch(90), END - timedelta(days=90)) == END - timedelta(days=60)
    assert next_look(watch(0), END) == END + timedelta(days=1)
    assert next_look(watch(RAN_OUT), END) is None
    assert next_look(watch(60), END + timedelta(days=9)) == END + timedelta(days=9)  # there is something left to tell


def test_without_reminders_only_the_end_is_told() -> None:
    bare = Watch(expires_on=END, reminder_days=(), watched_from=LONG_BEFORE)
    assert due_reminders(bare, END) == Due()
    assert due_reminders(bare, END + timedelta(days=1)) == Due((), True)


@given(
    looks=st.lists(st.integers(-30, 120), max_size=12),
    days=st.sets(st.integers(0, 100), max_size=6),
)
def test_every_reminder_is_told_once_however_seldom_somebody_looks(looks: list[int], days: set[int]) -> None:
    at = replace(watch(), reminder_days=tuple(days))
    told: list[int] = []
    for left in sorted({*looks, -31}, reverse=True):
        due = due_reminders(at, END - timedelta(days=left))
        told += [*due.reminders, *([RAN_OUT] if due.ran_out else [])]
        at = at if due.last is None else replace(at, reminded=due.last)
    assert told == [*sorted(days, reverse=True), RAN_OUT]
