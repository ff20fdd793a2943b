"""What is kept of people, asked by the rules of eligibility: E07, E08, E15, E16 and E20."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.events.cause import Cause
from flowapp.rota import staff_changes
from flowapp.rota.absence import changes as absences
from flowapp.rota.absence.absence import AbsenceKind, absent_since
from flowapp.rota.absence.changes import Report
from flowapp.rota.availability import changes as availability
from flowapp.rota.availability.changes import Stretch
from flowapp.rota.availability.pattern import Pattern, Slot, SlotKind, monday_of
from flowapp.rota.availability.reading import said_by
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.eligibility.candidate import Candidate, Scope
from flowapp.rota.eligibility.judging import judge
from flowapp.rota.eligibility.slot import Slot as Work
from flowapp.rota.home_scope.changes import set_scope
from flowapp.rota.home_scope.scopes import scopes_of
from flowapp.rota.staff import Contract, JobRole
from flowapp.rota.wall_time import instants
from flowapp.rota.work_limits import changes as limits
from flowapp.rota.work_limits.limits import Restriction
from flowapp.rota.work_limits.reading import limits_by
from tests.cast import Cast
from tests.factories import cause_of
from tests.support.statements import heard

SUNDAY = date(2026, 11, 29)
NO_SUNDAY = Slot(week=1, weekday=6, start=time(), end=time(), kind=SlotKind.UNAVAILABLE)
SUNDAYS = Pattern(valid_from=date(2026, 11, 1), anchor=monday_of(SUNDAY), slots=(NO_SUNDAY,))
Change = Callable[[Session, Cause, Cast, int], object]


def a_night(home_id: int) -> Work:
    """Answer a night on a Sunday."""
    times = instants(SUNDAY, "20:00", "08:00", "Europe/London")
    return Work(
        home_id=home_id,
        nation=Nation.SCOTLAND,
        timezone="Europe/London",
        day=SUNDAY,
        interval=times,
        role=JobRole.CARER,
    )


def blocked_by(session: Session, staff_id: int, work: Work) -> list[str]:
    """Gather somebody as the rules ask for them, and answer the rules that forbid it."""
    known = limits_by(session, [staff_id])[staff_id]
    who = Candidate(
        staff_id=staff_id,
        name="Dan",
        role=JobRole.CARER,
        born=known.born,
        no_nights=Restriction.NO_NIGHTS in known.restrictions,
        most_days_in_a_row=known.most_days_in_a_row,
        scopes=scopes_of(session, [staff_id])[staff_id],
        absent_since=absent_since(session, [staff_id]).get(staff_id),
        said=said_by(session, [staff_id], work.interval).get(staff_id, ()),
    )
    return [finding.rule for finding in judge(work, who).blocks]


def _ill(session: Session, cause: Cause, cast: Cast, dan: int) -> int:
    return absences.report(
        session, cause, cast.maya, dan, Report(kind=AbsenceKind.SICKNESS, first_day=date(2026, 11, 22))
    )


def _back(session: Session, cause: Cause, cast: Cast, dan: int) -> int:
    number = _ill(session, cause, cast, dan)
    absences.end(session, cause, cast.maya, number, last_day=date(2026, 11, 22))
    return number


def _talked(session: Session, cause: Cause, cast: Cast, dan: int) -> None:
    absences.note_talk(session, cause, cast.maya, _back(session, cause, cast, dan))


def _no_sundays(session: Session, cause: Cause, cast: Cast, dan: int) -> int:
    return availability.add_pattern(session, cause, cast.maya, dan, SUNDAYS)


def _this_sunday_after_all(session: Session, cause: Cause, cast: Cast, dan: int) -> None:
    _no_sundays(session, cause, cast, dan)
    stretch = Stretch.of(SUNDAY, time(), SUNDAY, time(), kind=SlotKind.AVAILABLE)
    availability.add_exception(session, cause, cast.dan, dan, stretch)


def _dentist(session: Session, cause: Cause, cast: Cast, dan: int) -> None:
    stretch = Stretch.of(date(2026, 11, 30), time(7), date(2026, 11, 30), time(9), kind=SlotKind.UNAVAILABLE)
    availability.add_exception(session, cause, cast.dan, dan, stretch)


CASES: list[tuple[str, Change, list[str]]] = [
    ("nothing is known", lambda s, c, cast, dan: None, []),
    ("ill", _ill, ["E07"]),
    ("back without the talk", _back, ["E07"]),
    ("back, and talked", _talked, []),
    ("no Sundays", _no_sundays, ["E08"]),
    ("this Sunday after all", _this_sunday_after_all, []),
    ("something on the next morning", _dentist, ["E08"]),
    ("seventeen", lambda s, c, cast, dan: limits.change(s, c, cast.maya, dan, born=date(2009, 1, 1)), ["E15"] * 3),
    ("no nights", lambda s, c, cast, dan: limits.change(
        s, c, cast.maya, dan, restrictions=(Restriction.NO_NIGHTS,)), ["E20"]),
    ("no heavy lifting", lambda s, c, cast, dan: limits.change(
        s, c, cast.maya, dan, restrictions=(Restriction.NO_MOVING_AND_HANDLING,)), []),
]  # fmt: skip


@pytest.mark.parametrize(("remark", "change", "expected"), CASES)
def test_what_is_kept_of_somebody_decides(
    flow: Flow, cast: Cast, remark: str, change: Change, expected: list[str]
) -> None:
    dan = cast.dan.staff_id or 0
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: bool(change(session, cause, cast, dan)))
    with flow.database.read() as session:
        assert blocked_by(session, dan, a_night(cast.rose)) == expected, remark


def test_somebody_works_in_another_home_once_they_help_out_there(flow: Flow, cast: Cast) -> None:
    dan, cause = cast.dan.staff_id or 0, cause_of(cast.hana, flow.clock.now())
    for kind, expected in ((None, ["E16"]), (Scope.RELIEF, []), (Scope.NEVER, ["E16"])):
        flow.database.write(
            lambda session, kind=kind: set_scope(session, cause, cast.hana, dan, home_id=cast.elm, kind=kind)
        )
        with flow.database.read() as session:
            assert blocked_by(session, dan, a_night(cast.elm)) == expected


def test_whoever_works_from_the_bank_works_at_the_times_they_name(flow: Flow, cast: Cast) -> None:
    dan, cause = cast.dan.staff_id or 0, cause_of(cast.maya, flow.clock.now())
    nights = Slot(week=1, weekday=5, start=time(20), end=time(8), kind=SlotKind.AVAILABLE)
    pattern = Pattern(valid_from=date(2026, 11, 1), anchor=monday_of(SUNDAY), slots=(nights,))
    flow.database.write(lambda session: availability.add_pattern(session, cause, cast.maya, dan, pattern))
    for contract, expected in ((Contract.PERMANENT, []), (Contract.BANK, ["E08"])):
        flow.database.write(lambda s, to=contract: staff_changes.change(s, cause, cast.maya, dan, contract=to))
        with flow.database.read() as session:
            assert blocked_by(session, dan, a_night(cast.rose)) == expected


def test_many_people_are_read_in_as_many_queries_as_one(flow: Flow, cast: Cast) -> None:
    everybody = [person.staff_id or 0 for person in (cast.dan, cast.maya, cast.sorcha, cast.vic, cast.erin)]
    cause = cause_of(cast.hana, flow.clock.now())
    for staff_id in everybody:
        flow.database.write(
            lambda session, id_=staff_id: availability.add_pattern(session, cause, cast.hana, id_, SUNDAYS)
        )
    with flow.database.read() as session:
        counts = []
        for some in (everybody[:1], everybody):
            with heard(session) as statements:
                assert set(said_by(session, some, a_night(1).interval)) == set(some)
            counts.append(len(statements))
    assert counts == [3, 3]
