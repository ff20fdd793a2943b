"""Steps done again until something is so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_burst import steps_of, went, words
from tests.engine.walking import act, begun, walked
from tests.factories import run_all, runs


def again(id_: str, until: str, *steps: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a step that does these again until it is so."""
    return {"id": id_, "type": "repeat", "until": until, "steps": list(steps), **given}


def name(id_: str, **values: Any) -> dict[str, Any]:
    """Answer a step that names values."""
    return {"id": id_, "type": "set", "values": values}


def test_each_turn_has_a_path_of_its_own_and_the_question_reads_what_it_gave() -> None:
    run = walked(again("r", "${steps.v.n} >= 2", name("v", n="${loop.number}"), act("a")), act("z"))
    assert run.log == ["r[0].v completed", "r[0].a", "r[1].v completed", "r[1].a", "r completed", "z"]
    assert run.outputs["r"] == {"turns": 2, "last": {"from": "r[1].a"}}


def test_a_turn_does_not_read_what_the_turn_before_gave() -> None:
    step = again("r", "${loop.number} == 2", name("a", n='${default(steps.b.n, "new")}'), name("b", n="old"))
    run = walked(step)
    assert run.outputs["r[1].a"] == {"n": "new"}


def test_when_it_never_becomes_so_it_fails_in_words() -> None:
    run = walked(again("r", "1 > 2", act("a"), max=3), act("z"))
    assert run.log == ["r[0].a", "r[1].a", "r[2].a", "r failed"]
    assert run.end is not None
    assert run.end.error is not None
    assert (run.end.path, run.end.error.code) == ("r", "too_many_turns")
    assert "repeated 3 times" in run.end.error.message


def test_what_never_becomes_so_may_be_gone_on_from() -> None:
    run = walked(again("r", "1 > 2", act("a"), max=1, on_error="continue"), act("z"))
    assert run.log == ["r[0].a", "r completed", "z"]


def test_a_failing_turn_fails_it_unless_it_says_otherwise() -> None:
    step = again("r", "1 > 2", act("a"), act("b"))
    assert walked(step, fails=lambda path: path == "r[0].a").log == ["r[0].a", "r[0].a failed", "r failed"]
    instead = step | {"on_error": {"steps": [name("s", e="${error.step}")]}}
    run = walked(instead, act("z"), fails=lambda path: path == "r[0].a")
    assert run.log == ["r[0].a", "r[0].a failed", "r.on_error.s completed", "r completed", "z"]
    assert run.outputs["r"] == {"e": "a"}


def test_a_question_that_cannot_be_answered_fails_it() -> None:
    assert walked(again("r", "1 / 0 > 1", act("a"))).log == ["r[0].a", "r failed"]


def test_five_thousand_turns_are_gone_through() -> None:
    run = walked(again("r", "${loop.number} == 5000", name("v", n=1), max=5000), room=10**9)
    assert run.outputs["r"]["turns"] == 5000
    assert len(run.log) == 5001


def test_turns_may_begin_at_regular_times() -> None:
    run = begun(again("r", "${loop.number} == 3", act("a"), every={"minutes": 15}), act("z"))
    began = run.here.now
    run.step("r[0].a")
    assert run.opened["r"].status is StepStatus.WAITING
    assert run.opened["r"].run_at == began + timedelta(minutes=15)
    run.go()
    assert run.log == ["r[0].a", "r[1].a", "r[2].a", "r completed", "z"]
    assert run.here.now == began + timedelta(minutes=30)


def test_turns_inside_turns_keep_apart() -> None:
    inner = again("i", "${loop.number} == 2", name("v", n="${loop.number}"))
    run = walked(again("o", "${loop.number} == 2", inner, name("w", n="${steps.i.turns + loop.number}")))
    assert [each for each in run.log if "completed" in each] == [
        "o[0].i[0].v completed", "o[0].i[1].v completed", "o[0].i completed", "o[0].w completed",
        "o[1].i[0].v completed", "o[1].i[1].v completed", "o[1].i completed", "o[1].w completed", "o completed",
    ]  # fmt: skip
    assert run.outputs["o"]["last"] == {"n": 4}


def test_a_run_repeats_at_its_times_until_it_is_so(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    step = again("r", "${loop.number} == 3", do("note", "a", "turn ${loop.number}"), every={"hours": 1})
    found = went(flow, cast, step, do("note", "z", "after ${steps.r.turns}: ${steps.r.last.word}"))
    assert found.status == ExecutionStatus.WAITING
    for _ in range(2):
        clock.advance(hours=1)
        run_all(flow)
    assert words(flow) == ["turn 1", "turn 2", "turn 3", "after 3: turn 3"]
    assert [(each.path, each.status) for each in steps_of(flow)][:2] == [
        ("r", StepStatus.COMPLETED), ("r[0].a", StepStatus.COMPLETED),
    ]  # fmt: skip
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED


def test_many_turns_are_spread_over_several_passes(flow: Flow, cast: Cast) -> None:
    step = again("r", "${loop.number} == 450", name("v", n="${loop.number}"), max=500)
    found = went(flow, cast, step, do("note", "z", "${steps.r.turns} turns"))
    assert found.status == ExecutionStatus.COMPLETED
    assert words(flow) == ["450 turns"]
    rows = steps_of(flow)
    assert len(rows) == 452
    assert {each.status for each in rows} == {StepStatus.COMPLETED}
    assert {each.epoch for each in rows} == {1}
