"""Undoing a run: the last effect first, each step once, and what cannot be undone is said and left."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.undoing.undo import Registered, UndoState
from flowapp.engine.undoing.undoing import AT_ONCE, Outcome, in_words, to_undo
from flowapp.kernel import faults
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound
from flowapp.kernel.faults import FaultRaised
from flowapp.kernel.transaction import TROUBLE
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.undos import states, undo, undos, went, words
from tests.factories import runs

CHAIN = (do("chalk", "a", "tea"), do("chalk", "b", "cake"), do("chalk", "c", "jam"))


def a_row(id_: int, state: UndoState = UndoState.REGISTERED, execution_id: int = 1) -> Registered:
    return Registered(id_, execution_id, f"p{id_}", "chalk", None, state)


def test_the_last_effect_is_undone_first_whichever_run_had_it() -> None:
    rows = [a_row(3), a_row(1), a_row(2, execution_id=9)]
    assert [each.id for each in to_undo(rows)] == [3, 2, 1]


@pytest.mark.parametrize("state", [UndoState.UNDONE, UndoState.REFUSED, UndoState.NOT_NEEDED])
def test_what_has_been_tried_or_had_no_effect_is_not_undone_again(state: UndoState) -> None:
    assert [each.id for each in to_undo([a_row(1, state), a_row(2)])] == [2]


def test_words_tell_the_first_few_of_what_was_undone_and_what_was_not() -> None:
    done = [Outcome(1, "p", UndoState.UNDONE, f"{word} is gone.") for word in ("Tea", "Cake", "Jam", "Milk", "Rum")]
    refused = Outcome(1, "p", UndoState.REFUSED, "The wall was painted since.")
    assert in_words([*done, refused]) == (
        "The run was undone: Tea is gone. Cake is gone. Jam is gone. And 2 more. "
        "This could not be undone: The wall was painted since."
    )
    assert in_words([done[0]]) == "The run was undone: Tea is gone."
    assert in_words([refused]) == "This could not be undone: The wall was painted since."


def test_how_to_undo_is_written_for_each_step_that_can_be_undone(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("chalk", "a", "tea"), do("note", "b"), do("air", "c"), do("chalk", "d", "jam"))
    first, second, third = undos(flow)
    assert (first.execution_id, first.action, first.note) == (found.id, "chalk", {"word": "tea"})
    assert (second.path, second.note) == ("c", None)
    assert (third.path, third.undone_at) == ("d", None)
    assert states(flow) == [("a", "registered"), ("c", "not_needed"), ("d", "registered")]


def test_a_step_that_failed_has_nothing_to_undo(flow: Flow, cast: Cast) -> None:
    class Never(Exception):
        """The chalk breaks."""

    def breaks(fields: Any, run: Any) -> Any:
        raise Never

    flow.actions["chalk"].run = breaks  # type: ignore[method-assign]
    assert went(flow, cast, *CHAIN).status == ExecutionStatus.FAILED
    assert undos(flow) == []


def test_a_run_is_undone_from_its_last_step_to_its_first(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, *CHAIN)
    undo(flow, cast.maya, found.id)
    assert words(flow) == ["tea", "cake", "jam", "no jam", "no cake", "no tea"]
    assert {(str(each.state), each.undone_at, each.undone_by) for each in undos(flow)} == {
        ("undone", flow.clock.now(), "Maya")
    }
    assert undos(flow)[0].reason == "“tea” is wiped off."
    assert runs(flow)[0].status == ExecutionStatus.COMPLETED  # what it did is still told


def test_a_second_time_changes_nothing(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("chalk", "a", "tea"), do("ink", "b", "cake"))
    undo(flow, cast.maya, found.id)
    before = (states(flow), words(flow), _audited(flow))
    undo(flow, cast.ada, found.id)
    assert (states(flow), words(flow), _audited(flow)) == before
    assert {each.undone_by for each in undos(flow)} == {"Maya"}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("ink", "Somebody has painted over “cake” since."),
        ("scratch", "Something went wrong inside FlowApp (ZeroDivisionError). The administrator can see where."),
    ],
)
def test_what_cannot_be_undone_is_said_and_the_rest_is_undone(flow: Flow, cast: Cast, kind: str, reason: str) -> None:
    found = went(flow, cast, do("chalk", "a", "tea"), do(kind, "b", "cake"), do("chalk", "c", "jam"))
    undo(flow, cast.maya, found.id)
    assert states(flow) == [("a", "undone"), ("b", "refused"), ("c", "undone")]
    assert undos(flow)[1].reason == reason
    assert words(flow) == ["tea", "cake", "jam", "no jam", "no tea"]  # nothing of the one that failed


def test_a_kind_of_action_that_is_gone_is_said_by_name(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, *CHAIN)
    del flow.actions["chalk"]  # type: ignore[attr-defined]
    undo(flow, cast.maya, found.id)
    assert {each.reason for each in undos(flow)} == {"There is no action called 'chalk' any more."}


def test_the_databases_trouble_is_no_refusal(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("chalk", "a", "tea"), do("acid", "b", "cake"))
    with pytest.raises(TROUBLE):
        undo(flow, cast.maya, found.id)
    assert states(flow) == [("a", "registered"), ("b", "registered")]
    assert words(flow) == ["tea", "cake"]


def test_every_turn_of_a_loop_is_undone_some_at_a_time(flow: Flow, cast: Cast) -> None:
    items = f"${{[{', '.join(map(str, range(AT_ONCE + 1)))}]}}"
    loop = {"id": "each", "type": "loop", "items": items, "as": "n", "steps": [do("chalk", "w", "${text(n)}")]}
    found = went(flow, cast, loop)
    assert undo(flow, cast.maya, found.id) == 2
    assert words(flow)[AT_ONCE + 1 :] == [f"no {n}" for n in reversed(range(AT_ONCE + 1))]


def test_a_kill_before_the_commit_leaves_everything_as_it_was(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, *CHAIN)
    faults.arm("undo.before_commit:1:raise")
    with pytest.raises(FaultRaised):
        undo(flow, cast.maya, found.id)
    assert words(flow) == ["tea", "cake", "jam"]
    assert {state for _, state in states(flow)} == {"registered"}
    assert _audited(flow) == []
    undo(flow, cast.maya, found.id)
    assert words(flow)[3:] == ["no jam", "no cake", "no tea"]


def test_a_run_under_way_is_not_undone(flow: Flow, cast: Cast) -> None:
    pause = {"id": "p", "type": "delay", "for": {"days": 1}}
    found = went(flow, cast, do("chalk", "a", "tea"), pause)
    assert found.status == ExecutionStatus.WAITING
    with pytest.raises(Conflict, match="still under way"):
        undo(flow, cast.maya, found.id)
    assert states(flow) == [("a", "registered")]


@pytest.mark.parametrize("kind", ["note", "air"])
def test_a_run_that_did_nothing_that_can_be_undone_says_so(flow: Flow, cast: Cast, kind: str) -> None:
    found = went(flow, cast, do(kind, "a"))
    with pytest.raises(Conflict, match="did nothing that can be undone"):
        undo(flow, cast.maya, found.id)


@pytest.mark.parametrize(
    ("name", "error"),
    [("dan", NotAllowed), ("sorcha", NotAllowed), ("hana", NotAllowed), ("vic", NotFound), ("erin", NotFound)],
)
def test_only_who_may_manage_the_runs_of_a_home_undoes_them(
    flow: Flow, cast: Cast, name: str, error: type[Exception]
) -> None:
    found = went(flow, cast, *CHAIN)
    with pytest.raises(error):
        undo(flow, getattr(cast, name), found.id)
    assert {state for _, state in states(flow)} == {"registered"}


def test_a_run_that_does_not_exist_is_not_found(flow: Flow, cast: Cast) -> None:
    with pytest.raises(NotFound):
        undo(flow, cast.ada, 4711)


def test_the_audit_names_whoever_undid_it_and_each_step(flow: Flow, cast: Cast) -> None:
    found = went(flow, cast, do("chalk", "a", "tea"), do("ink", "b", "cake"))
    undo(flow, cast.maya, found.id)
    [entry] = _audited(flow)
    assert entry == (
        f"user:{cast.maya.user_id}",
        "execution",
        found.id,
        cast.rose,
        {"b": "refused", "a": "undone"},
    )


def _audited(flow: Flow) -> list[Any]:
    query = select(AuditEntry).where(AuditEntry.action == "execution.undo")
    with flow.database.read() as session:
        found = session.scalars(query.order_by(AuditEntry.id))
        return [(each.actor, each.entity, each.entity_id, each.home_id, each.after) for each in found]
