"""Steps that wait for a time: kept in a row, never early, and over by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_burst import steps_of, went, words
from tests.engine.walking import act, begun, walked
from tests.factories import run_all, runs


def wait(id_: str, **given: Any) -> dict[str, Any]:
    """Answer a step that waits."""
    return {"id": id_, "type": "delay", **given}


UNTIL = [
    # the step, until when (it is Monday, nine in the morning)
    (wait("w", **{"for": {"hours": 2}}), "2026-11-23T11:00"),
    (wait("w", **{"for": {"working_days": 5}}), "2026-11-30T09:00"),
    (wait("w", until="add_hours(now(), 3)"), "2026-11-23T12:00"),
    (wait("w", until="${context.day}"), "2026-12-07T00:00"),  # a date: when it begins
    (wait("w", until='date("2026-12-07")'), "2026-12-07T00:00"),
    (wait("w", until='"2026-07-07T12:00"'), None),  # past
]


@pytest.mark.parametrize(("step", "until"), UNTIL)
def test_it_waits_until_its_time_and_no_longer(step: dict[str, Any], until: str | None) -> None:
    run = begun(step, act("a"), context={"day": "2026-12-07"})
    if until is None:
        assert run.acting == ["a"]
        return
    assert run.acting == []
    assert run.opened["w"].status is StepStatus.WAITING
    assert run.opened["w"].run_at == datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert run.go().log == ["w completed", "a"]


@pytest.mark.parametrize("until", ["${context.days}", '"soon"', "${context.nothing}", "true"])
def test_what_is_no_moment_fails_the_step(until: str) -> None:
    assert walked(wait("w", until=until), act("a"), context={"days": 3}).log == ["w failed"]


def test_a_run_waits_in_its_row_and_goes_on_when_the_time_has_come(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    found = went(flow, cast, do("note", "a"), wait("w", **{"for": {"days": 2}}), do("note", "b", "${steps.a.word} too"))
    assert found.status == ExecutionStatus.WAITING
    assert words(flow) == ["noted"]
    [_, waiting] = steps_of(flow)
    assert (waiting.status, waiting.run_at) == (StepStatus.WAITING, clock.now() + timedelta(days=2))
    clock.advance(days=2, seconds=-1)
    run_all(flow)
    assert words(flow) == ["noted"]
    clock.advance(seconds=1)
    run_all(flow)
    assert words(flow) == ["noted", "noted too"]
    [found] = runs(flow)
    assert found.status == ExecutionStatus.COMPLETED
    [_, waited, _] = steps_of(flow)
    assert (waited.status, waited.finished_at) == (StepStatus.COMPLETED, clock.now())
    assert waited.output == {"until": clock.now().isoformat()}


def test_a_run_that_begins_with_waiting_keeps_one_row_for_it(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    went(flow, cast, wait("w", **{"for": {"minutes": 5}}))
    assert [each.status for each in steps_of(flow)] == [StepStatus.WAITING]
    clock.advance(minutes=5)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED
    assert len(steps_of(flow)) == 1
