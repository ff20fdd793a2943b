"""When the engine ticked, when it was away, and what is counted where it happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import LIVE, Execution
from flowapp.engine.operating.presence import AWAY_AFTER, Away, last_away, last_tick, note_tick
from flowapp.engine.operating.tally import NO_WORKFLOW, tallies
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all

LATER = {"id": "later", "type": "delay", "for": {"hours": 1}}


def tick(flow: Flow) -> None:
    """Note a tick at this moment."""
    flow.database.write(lambda session: note_tick(session, flow.clock.now()))


def away(flow: Flow) -> Away | None:
    """Answer when the engine was away."""
    with flow.database.read() as session:
        return last_away(session, MONDAY_MORNING)


def test_the_first_tick_there_ever_was_tells_of_no_absence(flow: Flow) -> None:
    tick(flow)
    assert away(flow) is None
    with flow.database.read() as session:
        assert last_tick(session) == flow.clock.now()


@pytest.mark.parametrize(("length", "told"), [(AWAY_AFTER - timedelta(seconds=1), False), (AWAY_AFTER, True)])
def test_a_restart_is_not_told_and_more_is(flow: Flow, clock: FrozenClock, length: timedelta, told: bool) -> None:
    tick(flow)
    clock.advance(seconds=length.total_seconds())
    tick(flow)
    assert (away(flow) is not None) is told


def test_what_fell_due_in_an_absence_is_counted_and_what_was_due_before_is_not(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    a_workflow(flow, cast.maya, a_document(LATER, notify("n")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.sorcha)
    run_all(flow)  # both wait for an hour now
    scheduled = [{"id": "s", "type": "schedule", "cron": "30 10 * * *"}]
    a_workflow(flow, cast.maya, a_document(notify("n"), triggers=scheduled), home_id=cast.rose)
    flow.tick()
    clock.advance(minutes=1)
    leave_asked(flow, cast.maya)
    clock.advance(minutes=1)
    began = clock.now()
    tick(flow)
    clock.advance(hours=4, minutes=30)
    tick(flow)
    assert away(flow) == Away(began, clock.now(), 3)


def test_the_clock_put_back_is_no_absence(flow: Flow, clock: FrozenClock) -> None:
    tick(flow)
    clock.advance(hours=-1)
    tick(flow)
    assert away(flow) is None
    with flow.database.read() as session:
        assert last_tick(session) == clock.now()


def test_every_run_that_ended_is_counted_once_however_it_ended(flow: Flow, cast: Cast) -> None:
    fails = {"id": "a", "type": "action", "action": "approve_leave", "with": {"leave_request_id": "999999"}}
    a_workflow(flow, cast.maya, a_document(notify("n")), home_id=cast.rose)
    a_workflow(flow, cast.maya, a_document(fails), home_id=cast.rose)
    a_workflow(flow, cast.maya, a_document(LATER, settings={"mode": "single"}), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.sorcha)
    run_all(flow)
    with flow.database.read() as session:
        counted = {key: number for key, number in tallies(session).items() if key[0] != NO_WORKFLOW}
        assert counted == ended(session)
    assert {what for _, what in counted} == {"completed", "failed", "cancelled"}


def ended(session: Session) -> dict[tuple[int, str], int]:
    """Count the runs that have ended, by their rows."""
    query = select(Execution.workflow_id, Execution.status, func.count()).where(Execution.status.not_in(LIVE))
    rows = session.execute(query.group_by(Execution.workflow_id, Execution.status))
    return {(workflow_id, status.value): number for workflow_id, status, number in rows}
