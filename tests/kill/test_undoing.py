"""A process is killed while it undoes a run: each step is undone and marked, or neither; the next one does the rest."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.undoing.undoing import AT_ONCE
from flowapp.kernel.faults import POINTS
from flowapp.workflows.kinds import Action
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.undos import states, undo, went, words
from tests.factories import a_document, a_workflow, leave_asked, runs
from tests.kill.outside import PATIENCE
from tests.kill.undoing import carry_on_until_killed, undo_until_killed, with_made

TURNS = AT_ONCE + 5  # which takes two transactions
WIPED = [f"no {n}" for n in reversed(range(TURNS))]
CASES = [
    ("undo.before_commit:1", 0),
    ("undo.after_commit:1", AT_ONCE),
    ("undo.before_commit:2", AT_ONCE),
    ("undo.after_commit:2", TURNS),
]


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The real kinds of action, and some that can be undone."""
    return with_made()


@pytest.mark.parametrize(("fault", "by_then"), CASES)
def test_undoing_goes_on_where_it_was_killed(flow: Flow, cast: Cast, fault: str, by_then: int) -> None:
    items = f"${{[{', '.join(map(str, range(TURNS)))}]}}"
    loop = {"id": "each", "type": "loop", "items": items, "as": "n", "steps": [do("chalk", "w", "${text(n)}")]}
    found = went(flow, cast, loop)
    die(undo_until_killed, flow.database.url, f"{fault}:kill", flow.clock.now(), cast.maya.user_id, found.id)
    assert words(flow)[TURNS:] == WIPED[:by_then]
    assert [state for _, state in states(flow)].count("undone") == by_then
    undo(flow, cast.maya, found.id)
    assert words(flow)[TURNS:] == WIPED
    assert {state for _, state in states(flow)} == {"undone"}


@pytest.mark.parametrize("fault", ["complete.mid_tx:1", "complete.before_commit:1", "complete.after_commit:1"])
def test_a_run_that_is_rolled_back_is_so_once(flow: Flow, cast: Cast, fault: str) -> None:
    fails = do("refuse", "d") | {"on_error": "rollback"}
    a_workflow(flow, cast.maya, a_document(do("chalk", "a", "tea"), fails), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    die(carry_on_until_killed, flow.database.url, f"{fault}:kill", flow.clock.now())
    flow.worker.run_due()
    assert words(flow) == ["tea", "no tea"]
    assert states(flow) == [("a", "undone")]
    assert runs(flow)[0].status == ExecutionStatus.FAILED


def test_every_point_of_undoing_has_a_case() -> None:
    assert {fault.partition(":")[0] for fault, _ in CASES} == {point for point in POINTS if point.startswith("undo.")}


def die(work: Callable[..., None], *given: Any) -> None:
    """Let another process work until its fault kills it."""
    processes = get_context("forkserver")
    processes.set_forkserver_preload(["tests.kill.undoing"])
    process = processes.Process(target=work, args=given)
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    process.close()
