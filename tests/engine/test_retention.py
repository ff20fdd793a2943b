"""How long a run is kept is decided at its end."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.keeping.retention import Retention, removed_before, retention_of
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.engine.made_actions import do
from tests.factories import a_document, a_workflow, approve, condition, leave_asked, run_all, runs

NEVER, ALWAYS = "1 > 2", "2 > 1"


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        # only a question, and the answer was no
        ([condition("short", NEVER, then=[do("note", "a")])], "dull"),
        # it only set a value
        ([{"id": "wait", "type": "set", "values": {"a": "1"}}], "dull"),
        # it told somebody something
        ([condition("short", ALWAYS, then=[do("note", "a")])], "ordinary"),
        # it decided something
        ([do("note", "a"), approve()], "lasting"),
        # it failed, before anything was done
        ([{"id": "end", "type": "stop", "outcome": "failed", "message": "No."}], "lasting"),
        # it stopped on purpose, and had done nothing
        ([{"id": "end", "type": "stop", "outcome": "cancelled", "message": "No."}], "dull"),
        # an action failed
        ([do("refuse", "a")], "lasting"),
        # the failure was passed over
        ([do("refuse", "a") | {"on_error": "continue"}], "ordinary"),
    ],
)
def test_what_a_run_did_says_how_long_it_is_kept(flow: Flow, cast: Cast, steps: list[Any], kept: str) -> None:
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert [run.retention for run in runs(flow)] == [None]
    run_all(flow)
    assert next(run.retention for run in runs(flow)) == kept


def test_a_run_that_may_not_begin_is_kept_like_any_that_failed(flow: Flow, cast: Cast) -> None:
    trigger = {"id": "asked", "type": "event", "event": "leave_requested"}
    a_workflow(flow, cast.maya, a_document(), home_id=cast.rose)
    document = a_document(triggers=[{**trigger, "when": "1 / (${context.days} - 1) > 0"}])
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert sorted((run.status, run.retention) for run in runs(flow)) == [("failed", "lasting"), ("pending", None)]


def test_a_run_that_the_engine_cannot_carry_on_is_kept_like_any_that_failed(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(do("poison", "a")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert [(run.status, run.retention) for run in runs(flow)] == [("failed", "lasting")]


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        ([{"id": "wait", "type": "delay", "for": {"hours": 1}}], "dull"),
        ([do("note", "a"), {"id": "wait", "type": "delay", "for": {"hours": 1}}], "lasting"),
    ],
)
def test_a_run_that_is_cancelled_is_kept_when_it_had_begun_to_act(
    flow: Flow, cast: Cast, clock: FrozenClock, steps: list[Any], kept: str
) -> None:
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    (run,) = runs(flow)
    flow.database.write(lambda session: cancel_executions(session, [run.id], reason="No.", at=clock.now()))
    assert [(each.status, each.retention) for each in runs(flow)] == [("cancelled", kept)]


def test_a_run_that_waited_for_a_person_is_kept_however_it_ended(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    (run,) = runs(flow)
    with flow.database.read() as session:
        plan = flow.parts.plans.of(session, run.version_id)
    for row in (
        {"path": "ask", "type": "approval", "status": "completed"},
        {"path": "tell", "type": "action", "status": "uncertain", "effect": "at_most_once"},
    ):
        assert retention_of(False, [row], plan, flow.actions) is Retention.LASTING


def test_what_is_kept_longest_is_never_kept_less_long_than_the_rest() -> None:
    def days(**given: int) -> dict[str | None, int]:
        return {kept: (MONDAY_MORNING - at).days for kept, at in removed_before(MONDAY_MORNING, **given).items()}

    assert days(days=90, dull_days=14) == {"dull": 14, "ordinary": 90, "lasting": 730, None: 730}
    assert days(days=1000, dull_days=14) == {"dull": 14, "ordinary": 1000, "lasting": 1000, None: 1000}
    assert days(days=7, dull_days=14) == {"dull": 7, "ordinary": 7, "lasting": 730, None: 730}
