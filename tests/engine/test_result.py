"""What a run gave: what its last step gave, on the way that it went."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.engine.result import result_of
from tests.engine.test_set_and_stop import name, stop
from tests.engine.walking import act, walked
from tests.factories import condition

ONE, TWO = name("one", n=1), name("two", n=2)
OFF = {"enabled": False}
LOOP = {"id": "each", "type": "loop", "items": "[1, 2]", "as": "x", "steps": [TWO]}
WAYS = {"id": "p", "type": "branch", "branches": [{"name": "l", "steps": [ONE]}, {"name": "r", "steps": [TWO]}]}

GIVES = [
    # the steps, what they give
    ([ONE, TWO], {"n": 2}),
    ([ONE, TWO | OFF], {"n": 1}),  # passed over
    ([ONE | OFF], None),
    ([ONE, condition("c", "1 < 2", then=[TWO])], {"n": 2}),
    ([ONE, condition("c", "1 < 2", then=[condition("d", "2 < 1", then=[], else_=[TWO])])], {"n": 2}),
    ([ONE, condition("c", "1 < 2", then=[TWO | OFF])], {"way": "then"}),
    ([ONE, condition("c", "2 < 1", then=[TWO])], {"way": "else"}),
    ([ONE, LOOP], [{"n": 2}, {"n": 2}]),
    ([WAYS], {"l": {"n": 1}, "r": {"n": 2}}),
    ([ONE, act("a")], {"from": "a"}),
    ([ONE, stop("e", message="Enough."), TWO], {"outcome": "completed", "message": "Enough."}),
    ([ONE, LOOP | {"steps": [stop("e")]}], {"outcome": "completed", "message": ""}),  # from inside a turn
    ([ONE, stop("e", "failed")], None),
    ([ONE, stop("e", "cancelled")], None),
    ([ONE, name("bad", n="${1 / 0}")], None),
    ([ONE, name("bad", n="${1 / 0}") | {"on_error": {"steps": [TWO]}}], {"n": 2}),
]


@pytest.mark.parametrize(("steps", "gives"), GIVES)
def test_a_run_gives_what_its_last_step_gave(steps: list[dict[str, Any]], gives: Any) -> None:
    run = walked(*steps)
    assert run.end is not None
    assert result_of(run.plan, run.memory, run.end) == gives
