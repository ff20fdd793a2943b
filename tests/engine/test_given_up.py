"""Runs that the engine itself could not carry on: they are counted, and a person may let them go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import Note, Poison, do
from tests.engine.stepping_in import by_hand, retry, run_of, statuses, steps_of
from tests.engine.test_burst import words
from tests.factories import a_document, a_workflow, run_all, runs

TURNS = {"id": "r", "type": "repeat", "until": "${loop.number} == 3", "every": {"minutes": 1}}


@pytest.fixture
def mend(flow: Flow) -> Callable[[], None]:
    """Something that mends what the engine could not carry on."""

    def mended() -> None:
        poison = flow.actions["poison"]
        assert isinstance(poison, Poison)
        poison.run = Note().run  # type: ignore[method-assign]

    return mended


@pytest.mark.usefixtures("unhurried")
def test_giving_up_counts_as_something_done(flow: Flow, cast: Cast) -> None:
    made = a_workflow(flow, cast.maya, a_document(do("poison", "p")), home_id=cast.rose)
    for _ in range(3):
        by_hand(flow, cast.maya, made)
    assert flow.worker.run_due() == 3
    assert flow.worker.run_due() == 0


def test_what_was_given_up_is_retried_where_it_stopped(
    flow: Flow, cast: Cast, clock: FrozenClock, mend: Callable[[], None]
) -> None:
    given = {"id": "g", "type": "delay", "for": {"minutes": 1}}
    run_of(flow, cast, do("note", "a", "first"), given, do("poison", "p", "second"), do("note", "b", "third"))
    clock.advance(minutes=1)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    mend()
    retry(flow, cast.maya)
    run_all(flow)
    assert words(flow) == ["first", "second", "third"]
    assert set(statuses(flow).values()) == {"completed"}


def test_a_step_that_waited_between_its_turns_keeps_what_it_held(
    flow: Flow, cast: Cast, clock: FrozenClock, mend: Callable[[], None]
) -> None:
    second = {"id": "c", "type": "condition", "if": "${loop.number} == 2", "then": [do("poison", "p", "two")],
              "else": [do("note", "n", "${text(loop.number)}")]}  # fmt: skip
    run_of(flow, cast, {**TURNS, "steps": [second]}, do("note", "b", "after"))
    clock.advance(minutes=1)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    kept = steps_of(flow)["r"]
    assert (str(kept.status), str(kept.stood)) == ("failed", "waiting")
    assert kept.held is not None
    mend()
    retry(flow, cast.maya)
    for _ in range(3):
        run_all(flow)
        clock.advance(minutes=1)
    assert words(flow) == ["1", "two", "3", "after"]
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_what_a_step_was_given_is_kept(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    loop = {"id": "each", "type": "loop", "items": "[1, 2]", "as": "n",
            "steps": [{"id": "d", "type": "delay", "for": {"minutes": 1}}, do("poison", "p")]}  # fmt: skip
    run_of(flow, cast, loop)
    clock.advance(minutes=1)
    run_all(flow)
    assert runs(flow)[0].status == ExecutionStatus.FAILED
    assert steps_of(flow)["each"].input == {"items": [1, 2]}
