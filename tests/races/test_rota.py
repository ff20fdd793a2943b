"""Two people change the rota at the same moment: the rules hold as if one had come after the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.engine.undoing.undo import Undo
from flowapp.events.outbox import EventRecord
from flowapp.kernel.errors import Conflict, Refused
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_balance import LedgerEntry
from flowapp.rota.leave_decisions import approve, reject, take_back
from flowapp.rota.shifts import ShiftStatus
from tests.cast import Cast
from tests.engine.test_leave_operations import act, asked, balance, ledger, request
from tests.engine.undos import undo
from tests.factories import a_document, a_workflow, leave_asked, run_all
from tests.factories import approve as approve_step
from tests.races.racing import Lap, Race
from tests.races.runs import count, last_runs
from tests.unit.rota_shifts.rota import Rota, at, staff_of

MONDAY, WEDNESDAY = date(2026, 12, 7), date(2026, 12, 9)
ALL_OF_IT, DAY = Decimal(210), Decimal("7.5")


def written(flow: Flow) -> tuple[int, ...]:
    """Count what is kept of leave: entries of the ledger, events and entries of the audit."""
    return tuple(count(flow, table) for table in (LedgerEntry, EventRecord, AuditEntry))


def outcome(flow: Flow, number: int) -> str:
    """Read what came of undoing the one step of a run."""
    with flow.database.read() as session:
        return str(session.scalars(select(Undo.state).where(Undo.execution_id == number)).one())


def test_of_two_managers_who_decide_one_request_one_does(flow: Flow, cast: Cast, race: Race) -> None:
    def repetition(lap: Lap) -> str:
        leave_id = leave_asked(race.one, cast.dan, start=MONDAY)
        before = written(flow)
        said = lap.meet(
            lambda each: act(each, approve, cast.maya, leave_id),
            lambda each: act(each, reject, cast.hana, leave_id, reason="No"),
        )
        found = request(flow, leave_id)
        approved = found.status == LeaveStatus.APPROVED
        assert isinstance(said[approved], Conflict)
        assert not isinstance(said[not approved], Conflict)
        assert (found.version, found.decided_by) == (2, "Maya" if approved else "Hana")
        assert balance(flow, cast.dan) == ALL_OF_IT - DAY * approved
        assert written(flow) == (before[0] + approved, before[1] + 1, before[2] + 1)
        if approved:
            act(race.one, take_back, cast.maya, leave_id)
        return str(found.status)

    race.run(repetition)
    assert balance(flow, cast.dan) == ALL_OF_IT


def test_of_two_requests_for_the_same_days_one_is_refused(flow: Flow, cast: Cast, race: Race) -> None:
    def repetition(lap: Lap) -> str:
        said = lap.meet(*[lambda each: leave_asked(each, cast.dan, start=MONDAY, end=WEDNESDAY)] * 2)
        [leave_id] = [each for each in said if isinstance(each, int)]
        [refused] = [each for each in said if isinstance(each, Refused)]
        assert refused.problems
        act(race.one, take_back, cast.dan, leave_id)
        return str([isinstance(each, int) for each in said])

    race.run(repetition)


def test_two_decisions_never_take_more_than_there_is(flow: Flow, cast: Cast, race: Race) -> None:
    def repetition(lap: Lap) -> str:
        both = [
            asked(race.one, cast.dan, start=date(2026, 12, 7), end=date(2026, 12, 31)),
            asked(race.one, cast.dan, start=date(2027, 1, 4), end=date(2027, 1, 29)),
        ]
        said = lap.meet(*[lambda each, leave_id=leave_id: act(each, approve, cast.maya, leave_id) for leave_id in both])
        approved = [n for n in both if request(flow, n).status == LeaveStatus.APPROVED]
        assert len(approved) == 1
        assert [type(each) for each in said].count(Refused) == 1
        assert 0 <= balance(flow, cast.dan) < ALL_OF_IT
        for leave_id in both:
            act(race.one, take_back, cast.maya, leave_id)
        return f"{both.index(approved[0])}"

    race.run(repetition)
    assert balance(flow, cast.dan) == ALL_OF_IT


def test_one_open_shift_is_given_to_one_of_two(flow: Flow, cast: Cast, race: Race) -> None:
    def repetition(lap: Lap) -> str:
        shift_id = Rota(race.one, cast).plan()
        said = lap.meet(
            lambda each: Rota(each, cast).assign(shift_id, cast.dan),
            lambda each: Rota(each, cast).assign(shift_id, cast.sorcha),
        )
        assert [type(each) for each in said].count(Conflict) == 1
        found = Rota(flow, cast).shift(shift_id)
        assert found.staff_id == staff_of(cast.dan if said[0] is None else cast.sorcha)
        Rota(race.one, cast).cancel(shift_id)
        return "dan" if said[0] is None else "sorcha"

    race.run(repetition)


def test_of_two_shifts_at_the_same_time_one_person_gets_one(flow: Flow, cast: Cast, race: Race) -> None:
    def repetition(lap: Lap) -> str:
        shifts = [Rota(race.one, cast).plan(), Rota(race.one, cast).plan(start=at("14:00"), end=at("22:00"))]
        said = lap.meet(*[lambda each, n=n: Rota(each, cast).assign(n, cast.dan) for n in shifts])
        assert [type(each) for each in said].count(Conflict) == 1
        held = [n for n in shifts if Rota(flow, cast).shift(n).status is ShiftStatus.ASSIGNED]
        assert held == [shifts[said.index(None)]]
        for each in shifts:
            Rota(race.one, cast).cancel(each)
        return str(said.index(None))

    race.run(repetition)


def test_of_two_who_change_what_both_have_seen_the_second_is_told(flow: Flow, cast: Cast, race: Race) -> None:
    shift_id = Rota(flow, cast).plan()

    def repetition(lap: Lap) -> str:
        seen, notes = Rota(flow, cast).shift(shift_id).version, (f"a{lap.number}", f"b{lap.number}")
        said = lap.meet(*[lambda each, n=n: Rota(each, cast).update(shift_id, seen=seen, notes=n) for n in notes])
        assert [type(each) for each in said].count(Conflict) == 1
        found = Rota(flow, cast).shift(shift_id)
        assert (found.version, found.notes) == (seen + 1, notes[said.index(None)])
        return str(said.index(None))

    race.run(repetition)


def a_run_that_approved(race: Race, cast: Cast) -> tuple[int, int]:
    """Let a workflow approve a day's leave; answer the request and the run."""
    leave_id = leave_asked(race.one, cast.dan, start=MONDAY)
    run_all(race.one)
    assert request(race.one, leave_id).status == LeaveStatus.APPROVED
    return leave_id, last_runs(race.one)[0].id


def test_a_run_that_two_people_undo_is_undone_once(flow: Flow, cast: Cast, race: Race) -> None:
    a_workflow(flow, cast.maya, a_document(approve_step()), home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        leave_id, number = a_run_that_approved(race, cast)
        lap.meet(*[lambda each: undo(each, cast.maya, number)] * 2)
        assert request(flow, leave_id).status == LeaveStatus.REQUESTED
        assert balance(flow, cast.dan) == ALL_OF_IT
        assert outcome(flow, number) == "undone"
        act(race.one, take_back, cast.dan, leave_id)
        return "once"

    race.run(repetition)
    assert sum(hours for _, hours, _ in ledger(flow)) == 0


def test_a_record_that_somebody_changes_is_not_undone_over_their_change(flow: Flow, cast: Cast, race: Race) -> None:
    a_workflow(flow, cast.maya, a_document(approve_step()), home_id=cast.rose)

    def repetition(lap: Lap) -> str:
        leave_id, number = a_run_that_approved(race, cast)
        lap.meet(lambda each: undo(each, cast.maya, number), lambda each: act(each, take_back, cast.hana, leave_id))
        state = outcome(flow, number)
        # Taken back after it was undone it is a request withdrawn; before, leave cancelled, which undoing leaves.
        expected = LeaveStatus.WITHDRAWN if state == "undone" else LeaveStatus.CANCELLED
        assert request(flow, leave_id).status == expected
        assert balance(flow, cast.dan) == ALL_OF_IT
        return state

    race.run(repetition)
    assert sum(hours for _, hours, _ in ledger(flow)) == 0
