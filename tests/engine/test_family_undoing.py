"""Undoing a run with those that its steps have started, and going on with one of which something was undone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.engine import queries
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.people.choices import choices
from flowapp.engine.undoing.undo_view import undo_view
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict
from tests.cast import Cast
from tests.engine.families import DELAY, HOUR, a_child, asked, later, start, statuses
from tests.engine.made_actions import do
from tests.engine.stepping_in import retry, retry_from_start, skip
from tests.engine.undos import undo, undos, words
from tests.factories import run_all, runs

BACK = {"on_error": "rollback"}
TEA, JAM = do("chalk", "tea", "tea"), do("chalk", "jam", "jam")


def test_what_the_runs_that_it_started_did_is_undone_in_between(flow: Flow, cast: Cast) -> None:
    inner = a_child(flow, cast, do("chalk", "x", "inner"), name="Inner")
    middle = a_child(flow, cast, do("chalk", "x", "before"), start(inner), do("chalk", "y", "behind"), name="Middle")
    asked(flow, cast, TEA, start(middle), JAM)
    undo(flow, cast.maya, 1)
    done = ["tea", "before", "inner", "behind", "jam"]
    assert words(flow) == [*done, *(f"no {word}" for word in reversed(done))]
    with flow.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "execution.undo")).all()
    assert {each.entity_id: each.after for each in entries} == {
        1: {"jam": "undone", "tea": "undone"}, 2: {"y": "undone", "x": "undone"}, 3: {"x": "undone"},
    }  # fmt: skip


def test_a_run_that_goes_on_by_itself_forbids_it_and_is_named(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    asked(flow, cast, TEA, start(a_child(flow, cast, DELAY), wait=False))
    with pytest.raises(Conflict, match=r"“Tell the family” \(run 2\), which a step of this run has started, is still"):
        undo(flow, cast.maya, 1)
    assert words(flow) == ["tea"]
    later(flow, clock, hours=2)
    undo(flow, cast.maya, 1)
    assert words(flow) == ["tea", "no tea"]


def test_what_would_be_undone_names_the_other_run_and_its_step(flow: Flow, cast: Cast) -> None:
    child = a_child(flow, cast, do("chalk", "x", "cake"), do("note", "n"))
    asked(flow, cast, TEA, start(child))
    with flow.database.read() as session:
        view = undo_view(session, queries.detail(session, cast.maya, 1), flow.actions)
    assert [line.execution_id for line in view.to_undo] == [2, 1]
    own, other = view.to_undo[1].sentence, view.to_undo[0].sentence
    assert other == f"“Tell the family”, run 2: {own.replace('tea', 'cake')}"
    assert [line.sentence for line in view.lasting] == ["“Tell the family”, run 2: Note **noted**"]


def test_the_preview_says_which_run_is_under_way(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, TEA, start(a_child(flow, cast, DELAY), wait=False))
    with flow.database.read() as session:
        view = undo_view(session, queries.detail(session, cast.maya, 1), flow.actions)
    assert (view.live, view.possible) == ("“Tell the family” (run 2)", False)


def test_a_rollback_undoes_what_completed_runs_did(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, TEA, start(a_child(flow, cast, do("chalk", "x", "cake"))), do("refuse", "f") | BACK)
    assert statuses(flow) == ["failed", "completed"]
    assert words(flow) == ["tea", "cake", "no cake", "no tea"]
    assert (runs(flow)[0].reason or "").endswith("The run was undone: “cake” is wiped off. “tea” is wiped off.")


def test_a_rollback_ends_what_it_waits_for_and_undoes_that_too(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = a_child(flow, cast, do("chalk", "x", "cake"), DELAY)
    two = {"id": "p", "type": "branch", "branches": [
        {"name": "x", "steps": [start(child)]}, {"name": "y", "steps": [HOUR, do("refuse", "f") | BACK]}]}  # fmt: skip
    asked(flow, cast, two)
    later(flow, clock, hours=1)
    assert statuses(flow) == ["failed", "cancelled"]
    assert words(flow) == ["cake", "no cake"]


@pytest.mark.parametrize(
    ("minutes", "did", "status"),
    [(59, ["tea", "no tea"], "cancelled"), (60, ["tea", "cake", "no cake", "no tea"], "completed")],
)
def test_whichever_comes_first_in_one_pass_nothing_of_it_stays(
    flow: Flow, cast: Cast, clock: FrozenClock, minutes: int, did: list[str], status: str
) -> None:
    child = a_child(flow, cast, HOUR, do("chalk", "x", "cake"))
    pause = {"id": "m", "type": "delay", "for": {"minutes": minutes}}
    two = {"id": "p", "type": "branch", "branches": [
        {"name": "y", "steps": [pause, do("refuse", "f") | BACK]}, {"name": "x", "steps": [start(child)]}]}  # fmt: skip
    asked(flow, cast, TEA, two)
    later(flow, clock, hours=1)
    assert statuses(flow) == ["failed", status]
    assert words(flow) == did


def test_a_rollback_leaves_what_goes_on_by_itself_and_says_so(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    child = a_child(flow, cast, do("chalk", "x", "cake"), DELAY)
    asked(flow, cast, start(child, wait=False), HOUR, do("refuse", "f") | BACK)
    later(flow, clock, hours=1)
    assert statuses(flow) == ["failed", "waiting"]
    assert words(flow) == ["cake"]
    assert (runs(flow)[0].reason or "").endswith("“Tell the family” (run 2) goes on, and keeps what it did.")


FAILING = (TEA, do("refuse", "f"), JAM)


def test_a_run_of_which_something_was_undone_does_not_go_on_where_it_stopped(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, *FAILING)
    undo(flow, cast.maya, 1)
    for step_in in (retry, skip):
        with pytest.raises(Conflict, match=r"was undone.+Retry it from the start"):
            step_in(flow, cast.maya, 1)
    with flow.database.read() as session:
        offered = choices(flow.parts, session, 1)
    assert (offered.retry_step, offered.skip, offered.retry_start) == (False, None, True)
    assert "was undone" in offered.why_not
    assert retry_from_start(flow, cast.maya, 1) == 2


def test_after_a_rollback_it_is_so_too(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, TEA, do("refuse", "f") | BACK)
    with pytest.raises(Conflict, match="was undone"):
        retry(flow, cast.maya, 1)


@pytest.mark.parametrize("ends", [True, False])
def test_it_is_so_where_what_it_counts_on_was_undone_and_not_where_it_does_not(
    flow: Flow, cast: Cast, ends: bool
) -> None:
    """A run that failed is begun anew; one that came to its end gave something."""
    child = a_child(flow, cast, do("chalk", "x", "cake"), *(() if ends else (do("refuse", "f"),)))
    asked(flow, cast, start(child), do("refuse", "g"))
    undo(flow, cast.maya, 2)
    if ends:
        with pytest.raises(Conflict, match="was undone"):
            retry(flow, cast.maya, 1)
        return
    retry(flow, cast.maya, 1)
    run_all(flow)
    assert [each.parent_id for each in runs(flow)] == [None, 1, 1]


def test_what_could_not_be_undone_stands_and_so_does_the_way_on(flow: Flow, cast: Cast) -> None:
    asked(flow, cast, do("ink", "a", "cake"), do("refuse", "f"))
    undo(flow, cast.maya, 1)
    assert [str(each.state) for each in undos(flow)] == ["refused"]
    retry(flow, cast.maya, 1)
    assert runs(flow)[0].status == ExecutionStatus.RUNNING
