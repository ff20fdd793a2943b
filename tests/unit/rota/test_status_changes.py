"""Which status follows which, and what a person reads when it does not."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from flowapp.rota.staff import StaffStatus
from flowapp.rota.status_changes import FIRST, MOVES, wrong_first, wrong_leaving, wrong_move

PRE_START, ACTIVE = StaffStatus.PRE_START, StaffStatus.ACTIVE
SUSPENDED, LONG_TERM_ABSENT, LEAVER = StaffStatus.SUSPENDED, StaffStatus.LONG_TERM_ABSENT, StaffStatus.LEAVER
TODAY = date(2026, 11, 23)
ALLOWED = {
    (PRE_START, ACTIVE), (ACTIVE, SUSPENDED), (SUSPENDED, ACTIVE), (ACTIVE, LEAVER), (SUSPENDED, LEAVER),
    (ACTIVE, LONG_TERM_ABSENT), (LONG_TERM_ABSENT, ACTIVE), (LONG_TERM_ABSENT, LEAVER),
}  # fmt: skip


def test_every_status_has_its_ways_out() -> None:
    assert set(MOVES) == set(StaffStatus)


@pytest.mark.parametrize(("old", "new"), [*product(StaffStatus, repeat=2)])
def test_a_status_goes_where_it_may_or_stays(old: StaffStatus, new: StaffStatus) -> None:
    assert (wrong_move("Dan", old, new) is None) is (old is new or (old, new) in ALLOWED)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (PRE_START, SUSPENDED, "Dan has not started work yet. From there the status can only become active."),
        (ACTIVE, PRE_START, "Dan is at work. "
                            "From there the status can only become leaver, long_term_absent or suspended."),
        (LEAVER, ACTIVE, "Dan has left. The status of a leaver stays. "
                         "If they come back, add them as a new member of staff."),
    ],
)  # fmt: skip
def test_a_wrong_move_is_refused_in_words(old: StaffStatus, new: StaffStatus, words: str) -> None:
    problem = wrong_move("Dan", old, new)
    assert problem is not None
    assert (problem.path, problem.message) == ("status", words)


@pytest.mark.parametrize("status", StaffStatus)
def test_somebody_new_is_at_work_or_about_to_start(status: StaffStatus) -> None:
    assert (wrong_first(status) is None) is (status in FIRST)


@pytest.mark.parametrize(
    ("status", "end_date", "code"),
    [
        (LEAVER, None, "missing"),
        (LEAVER, date(2026, 11, 24), "in_the_future"),
        (LEAVER, TODAY, None),
        (ACTIVE, date(2027, 1, 1), None),  # has given notice
        (SUSPENDED, None, None),
    ],
)
def test_a_leaver_has_had_a_last_day(status: StaffStatus, end_date: date | None, code: str | None) -> None:
    problem = wrong_leaving("Dan", status, end_date, TODAY)
    assert (problem.code if problem else None) == code
