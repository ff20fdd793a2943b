"""Runs that wait their turn: in order, one at a time, and never left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine import ending
from flowapp.engine.cancelling import cancel_executions
from flowapp.engine.execution import StepStatus
from flowapp.workflows.workflow import WorkflowStatus, workflow
from tests.cast import Cast
from tests.engine.limits import HOUR, begin, limited, run, statuses, stuck
from tests.engine.made_actions import do
from tests.engine.patience import in_threads, until
from tests.engine.test_burst import steps_of, words
from tests.factories import run_all, runs

KEY = "${context.staff_id}"


def hour(flow: Flow) -> None:
    """Let an hour pass, and the engine work."""
    flow.clock.advance(hours=1)  # type: ignore[attr-defined]
    run_all(flow)


def cancel(flow: Flow, number: int) -> None:
    """Cancel a run as a person does."""

    def write(session: Session) -> None:
        ended = cancel_executions(session, [number], reason="Not wanted", at=flow.clock.now())
        ending.follow(flow.parts, session, ended)

    flow.database.write(write)


def test_five_runs_go_one_after_the_other_in_the_order_of_their_starts(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued")
    for word in "abcde":
        begin(flow, cast, made, 1, word)
    run_all(flow)
    for done in range(5):
        assert statuses(flow) == ["completed"] * done + ["waiting"] + ["pending"] * (4 - done)
        assert words(flow) == list("abcde")[:done]
        assert stuck(flow) == []
        hour(flow)
    assert words(flow) == list("abcde")
    assert statuses(flow) == ["completed"] * 5


def test_a_run_in_the_queue_says_what_it_waits_for_and_has_a_step_that_waits(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", key=KEY)
    first = begin(flow, cast, made)
    second = begin(flow, cast, made)
    assert run(flow, second).reason == f"Waiting for its turn: run {first} for this person comes before it."
    waiting = steps_of(flow)[-1]
    assert (waiting.execution_id, waiting.status, waiting.run_at) == (second, StepStatus.WAITING, None)
    run_all(flow)
    hour(flow)
    assert statuses(flow) == ["completed", "waiting"]
    assert run(flow, second).reason is None


FAILING = [do("refuse", "a"), do("explode", "a")]


@pytest.mark.parametrize("step", FAILING, ids=["in words", "a fault of ours"])
def test_a_run_that_fails_lets_the_next_one_go(flow: Flow, cast: Cast, step: dict[str, Any]) -> None:
    made = limited(flow, cast, "queued", HOUR, step)
    begin(flow, cast, made)
    begin(flow, cast, made)
    run_all(flow)
    hour(flow)
    assert statuses(flow) == ["failed", "waiting"]


def test_a_run_that_the_engine_gives_up_lets_the_next_one_go(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", do("poison", "a"))
    begin(flow, cast, made)
    begin(flow, cast, made)
    assert flow.worker.run_due() == 1  # whoever counts goes on until nothing is left
    assert statuses(flow) == ["failed", "pending"]
    run_all(flow)
    assert statuses(flow) == ["failed", "failed"]


def test_a_run_that_is_cancelled_lets_the_next_one_go(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued")
    first, second = (begin(flow, cast, made) for _ in range(2))
    run_all(flow)
    cancel(flow, first)
    run_all(flow)
    assert statuses(flow) == ["cancelled", "waiting"]
    assert run(flow, second).held_back is None


def test_one_that_is_taken_out_of_the_queue_lets_nobody_overtake(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued")
    numbers = [begin(flow, cast, made) for _ in range(3)]
    run_all(flow)
    cancel(flow, numbers[1])
    run_all(flow)
    assert statuses(flow) == ["waiting", "cancelled", "pending"]
    hour(flow)
    assert statuses(flow) == ["completed", "cancelled", "waiting"]


def test_a_run_that_takes_too_long_lets_the_next_one_go(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", timeout={"minutes": 5})
    begin(flow, cast, made)
    begin(flow, cast, made)
    run_all(flow)
    flow.clock.advance(minutes=6)  # type: ignore[attr-defined]
    flow.worker.end_late()
    run_all(flow)
    assert statuses(flow) == ["failed", "waiting"]


def test_the_queue_of_one_person_does_not_hold_up_another(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", key=KEY)
    for staff_id in (1, 1, 2, 2):
        begin(flow, cast, made, staff_id)
    run_all(flow)
    assert statuses(flow) == ["waiting", "pending", "waiting", "pending"]


def test_a_queue_goes_on_while_its_workflow_is_paused(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued")
    begin(flow, cast, made)
    begin(flow, cast, made)

    def pause(session: Session) -> None:
        workflow(session, made).status = WorkflowStatus.PAUSED

    flow.database.write(pause)
    run_all(flow)
    hour(flow)
    assert statuses(flow) == ["completed", "waiting"]


def test_a_start_behind_one_that_has_just_ended_keeps_its_place_in_the_queue(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", do("note", "a", "${context.word}"))
    for word in "abc":
        begin(flow, cast, made, 1, word)
    run_all(flow)
    assert words(flow) == ["a", "b", "c"]


# Each of the two that let a queue go on is enough alone.


def test_the_end_of_a_run_lets_the_next_one_go_in_its_own_transaction(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", do("note", "a"))
    first, second = (begin(flow, cast, made) for _ in range(2))
    assert flow.worker.run_due() == 1
    assert run(flow, first).finished_at is not None
    assert run(flow, second).held_back is None


def test_a_look_once_a_second_lets_go_whoever_was_left_behind(
    flow: Flow, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = limited(flow, cast, "queued", do("note", "a"))
    for _ in range(3):
        begin(flow, cast, made)
    monkeypatch.setattr(ending, "FOLLOWING", ())
    run_all(flow)
    assert statuses(flow) == ["completed", "pending", "pending"]
    assert stuck(flow) == [runs(flow)[1].id]
    assert flow.worker.let_missed_go() == 1
    assert flow.worker.let_missed_go() == 0  # the next one has somebody before it
    run_all(flow)
    assert flow.worker.let_missed_go() == 1
    run_all(flow)
    assert statuses(flow) == ["completed"] * 3


def test_the_loop_looks_for_whoever_was_left_behind(flow: Flow, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = limited(flow, cast, "queued", do("note", "a"))
    begin(flow, cast, made)
    begin(flow, cast, made)
    monkeypatch.setattr(ending, "FOLLOWING", ())
    run_all(flow)
    flow.loop.start()
    assert until(lambda: statuses(flow) == ["completed"] * 2)


# Several at once, and in any order.


def test_of_several_who_queue_at_once_one_is_first_and_nobody_is_lost(flow: Flow, cast: Cast) -> None:
    made = limited(flow, cast, "queued", do("note", "a"), max=50)

    def some(index: int) -> None:
        for _ in range(6):
            if index:
                begin(flow, cast, made)
            else:
                flow.worker.run_due()

    assert in_threads(4, some) == []
    run_all(flow)
    assert statuses(flow) == ["completed"] * 18


STARTS = st.tuples(st.sampled_from(["single", "restart", "queued", "parallel"]), st.integers(1, 2)).map(
    lambda drawn: ("start", *drawn)
)
MOVES = st.lists(
    st.one_of(
        STARTS,
        st.just(("work",)),
        st.tuples(st.just("pass"), st.sampled_from([20, 60])),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
    ),
    max_size=25,
)
ALLOWED = {"single": 1, "restart": 1, "queued": 1, "parallel": 2}


@pytest.fixture
def kinds(flow: Flow, cast: Cast) -> dict[str, int]:
    """A workflow of each mode."""
    most = {"queued": {"max": 4}, "parallel": {"max": 2}}
    return {mode: limited(flow, cast, mode, HOUR, key=KEY, **most.get(mode, {})) for mode in ALLOWED}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_whatever_happens_no_more_run_than_may_and_nobody_waits_for_nobody(
    flow: Flow, cast: Cast, kinds: dict[str, int], moves: list[Any]
) -> None:
    doing: dict[str, Callable[..., Any]] = {
        "start": lambda mode, staff_id: begin(flow, cast, kinds[mode], staff_id),
        "work": lambda: flow.worker.run_due(),
        "pass": lambda minutes: flow.clock.advance(minutes=minutes),  # type: ignore[attr-defined]
        "cancel": lambda back: [cancel(flow, each.id) for each in runs(flow)[-1 - back :][:1]],
    }
    for name, *rest in moves:
        doing[name](*rest)
        looked_through(flow, kinds)
    for _ in range(6):
        hour(flow)
        looked_through(flow, kinds)
    assert all(each.finished_at for each in runs(flow))


def looked_through(flow: Flow, kinds: dict[str, int]) -> None:
    """Look whether more runs are under way than may be, and whether somebody waits in vain."""
    live = [each for each in runs(flow) if each.finished_at is None]
    for mode, workflow_id in kinds.items():
        for staff_id in (1, 2):
            mine = [each for each in live if (each.workflow_id, each.about_staff_id) == (workflow_id, staff_id)]
            assert len([each for each in mine if each.held_back is None]) <= ALLOWED[mode]
            assert len(mine) <= (4 if mode == "queued" else ALLOWED[mode])
            assert not mine or mine[0].held_back is None
    assert stuck(flow) == []
