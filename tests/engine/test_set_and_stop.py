"""Steps that name values, and steps that end the execution on purpose."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.changes import End, StepError
from flowapp.engine.execution import ExecutionStatus
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_burst import steps_of, went, words
from tests.engine.walking import act, walked
from tests.factories import condition


def name(id_: str, **values: Any) -> dict[str, Any]:
    """Answer a step that names values."""
    return {"id": id_, "type": "set", "values": values}


def stop(id_: str, outcome: str = "completed", message: str = "") -> dict[str, Any]:
    """Answer a step that ends the run."""
    return {"id": id_, "type": "stop", "outcome": outcome, "message": message}


def test_values_are_worked_out_and_can_be_read_at_once() -> None:
    run = walked(name("s", n="${1 + 1}", t="${context.a}!", l=["${2}", {"x": "y"}]), name("u", m="${steps.s.n + 1}"),
                 context={"a": "b"})  # fmt: skip
    assert run.outputs["s"] == {"n": 2, "t": "b!", "l": [2, {"x": "y"}]}
    assert run.outputs["u"] == {"m": 3}
    assert run.log == ["s completed", "u completed"]


def test_a_value_that_cannot_be_worked_out_fails_its_step() -> None:
    run = walked(name("s", n="${1 / 0}"), act("a"))
    assert run.log == ["s failed"]
    assert run.end is not None
    assert (run.end.status, run.end.path) == (ExecutionStatus.FAILED, "s")


STOPS = [
    ("completed", "All well.", End(status=ExecutionStatus.COMPLETED, path="s", message="All well.")),
    ("completed", "", End(status=ExecutionStatus.COMPLETED, path="s")),
    ("cancelled", "Not needed.", End(status=ExecutionStatus.CANCELLED, path="s", message="Not needed.")),
    ("failed", "Bad.", End(status=ExecutionStatus.FAILED, path="s", message="Bad.",
                           error=StepError(code="stopped", message="Bad."))),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "message", "end"), STOPS, ids=[str(row[:2]) for row in STOPS])
def test_a_stop_ends_the_run_as_it_says(outcome: str, message: str, end: End) -> None:
    run = walked(act("a"), stop("s", outcome, message), act("b"))
    assert run.log == ["a", "s completed"]
    assert run.end == end


@pytest.mark.parametrize("outcome", ["failed", "cancelled"])
def test_a_stop_that_says_nothing_still_gives_the_run_a_reason(outcome: str) -> None:
    run = walked(stop("s", outcome))
    assert run.end is not None
    assert outcome in (run.end.message or "")


def test_values_and_the_reason_of_a_stop_are_kept(flow: Flow, cast: Cast) -> None:
    found = went(
        flow, cast, name("s", half="${context.hours / 2}"), do("note", "a", "half is ${steps.s.half}"),
        condition("c", "${steps.s.half} > 3", then=[stop("end", "cancelled", "Half is ${steps.s.half}.")]),
        do("note", "never"),
    )  # fmt: skip
    assert found.status == ExecutionStatus.CANCELLED
    assert found.reason == "Half is 3.75."
    assert words(flow) == ["half is 3.75"]
    assert [each.path for each in steps_of(flow)] == ["s", "a", "c", "c.then.end"]


def test_a_run_stopped_as_failed_says_where(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, stop("end", "failed", "Nobody is free."))
    assert (found.status, found.reason) == (ExecutionStatus.FAILED, "Nobody is free.")
    assert found.error == {"code": "stopped", "message": "Nobody is free.", "path": "end"}


def test_a_run_that_settles_more_than_fits_into_one_pass_goes_on_in_the_next(flow: Flow, cast: Cast) -> None:
    many = [name(f"s{n}", n=n) for n in range(199)]
    nested = condition("c", "1 < 2", then=many[:100])
    found = went(flow, cast, nested, *many[100:198], do("note", "end"))
    assert found.status == ExecutionStatus.COMPLETED
    assert words(flow) == ["noted"]
    assert len(steps_of(flow)) == 200
