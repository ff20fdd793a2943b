"""Cancelling a run: all of it at once, also while somebody is at work on it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepAttempt
from flowapp.kernel.errors import Conflict, Refused
from tests.cast import Cast
from tests.engine.made_actions import Outside, do, noted
from tests.engine.patience import in_threads, until
from tests.engine.stepping_in import by_hand, cancel, run_of, statuses
from tests.factories import a_document, a_workflow, runs

LATER = {"id": "later", "type": "delay", "for": {"hours": 1}}


def test_everything_under_way_is_cancelled_and_the_reason_is_told(flow: Flow, cast: Cast) -> None:
    run_of(flow, cast, do("note", "a"), LATER)
    cancel(flow, cast.maya, reason=" Asked for twice\r\n")
    cancel(flow, cast.maya, reason="Again")  # a second click changes nothing
    found = runs(flow)[0]
    assert (found.status, found.reason) == (ExecutionStatus.CANCELLED, "Cancelled by Maya: Asked for twice")
    assert found.finished_at == flow.clock.now()
    assert statuses(flow) == {"a": "completed", "later": "cancelled"}
    with flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "execution.cancel")).one()
    assert (entry.entity_id, entry.home_id, entry.reason) == (found.id, cast.rose, "Asked for twice")


@pytest.mark.parametrize(("reason", "words"), [("  ", "Say why"), ("x" * 2001, "2000")])
def test_a_reason_is_needed(flow: Flow, cast: Cast, reason: str, words: str) -> None:
    run_of(flow, cast, LATER)
    with pytest.raises(Refused, match=words):
        cancel(flow, cast.maya, reason=reason)
    assert runs(flow)[0].status == ExecutionStatus.WAITING


def test_a_run_that_came_to_its_end_is_not_cancelled(flow: Flow, cast: Cast) -> None:
    run_of(flow, cast, do("note", "a"))
    with pytest.raises(Conflict, match="came to its end"):
        cancel(flow, cast.maya)


def test_what_a_step_at_work_outside_brings_back_is_thrown_away_and_the_log_says_so(flow: Flow, cast: Cast) -> None:
    there, leave = threading.Event(), threading.Event()

    def act(_: object) -> None:
        there.set()
        leave.wait(10)

    outside = flow.actions["outside"]
    assert isinstance(outside, Outside)
    outside.does = act
    run_of(flow, cast, do("outside", "a"), do("note", "b"))
    assert there.wait(5)
    cancel(flow, cast.maya)
    leave.set()

    def results() -> list[str]:
        with flow.database.read() as session:
            return list(session.scalars(select(StepAttempt.result).order_by(StepAttempt.id)))

    assert until(lambda: results() == ["taken", "thrown_away"])
    assert statuses(flow) == {"a": "cancelled"}
    assert runs(flow)[0].status == ExecutionStatus.CANCELLED


def race(flow: Flow, cast: Cast, times: int) -> dict[str, int]:
    """Let the worker and a person reach for the same run, and count who won."""
    workflow_id = a_workflow(flow, cast.maya, a_document(do("note", "a")), home_id=cast.rose)
    won = {"completed": 0, "cancelled": 0}
    late: list[int] = []

    def reach(index: int) -> None:
        if index == 0:
            flow.worker.run_due()
            return
        try:
            cancel(flow, cast.maya, len(runs(flow)))
        except Conflict:
            late.append(1)

    for number in range(1, times + 1):
        assert by_hand(flow, cast.maya, workflow_id) == number
        assert in_threads(2, reach) == []
        found = runs(flow)[-1]
        assert statuses(flow, number) == {"a": str(found.status)}
        won[found.status] += 1
    assert len(late) == won["completed"]
    with flow.database.read() as session:
        assert len(noted(session)) == won["completed"]  # nothing was done in a run that was cancelled
    return won


def test_of_a_person_who_cancels_and_the_worker_who_completes_exactly_one_wins(flow: Flow, cast: Cast) -> None:
    assert sum(race(flow, cast, 50).values()) == 50


@pytest.mark.long
def test_of_a_person_and_the_worker_exactly_one_wins_a_thousand_times(flow: Flow, cast: Cast) -> None:
    assert sum(race(flow, cast, 1000).values()) == 1000
