"""Tasks: who may do what with them, from being made to being over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.tasks import changes
from flowapp.rota.tasks.changes import Made
from flowapp.rota.tasks.plan import TaskPlan
from flowapp.rota.tasks.reading import KnownTask, task_as_it_is, visible_task, waiting_for
from flowapp.rota.tasks.task import Queue, TaskStatus
from tests.cast import Cast
from tests.factories import cause_of

TODAY = date(2026, 11, 23)


def made(flow: Flow, who: Person, home_id: int | None, **given: Any) -> Made:
    """Make a task, of the manager unless told otherwise."""
    plan = TaskPlan(**({"title": "Ring the plumber", "queue": Queue.MANAGER} | given))
    cause = cause_of(who, flow.clock.now())
    return flow.database.write(lambda session: changes.create(session, cause, who, home_id=home_id, plan=plan))


def do(flow: Flow, act: Callable[..., Any], who: Person, task_id: int, **given: Any) -> None:
    """Do something to a task."""
    cause = cause_of(who, flow.clock.now())
    flow.database.write(lambda session: act(session, cause, who, task_id, **given))


def task(flow: Flow, task_id: int) -> KnownTask:
    """Read a task."""
    with flow.database.read() as session:
        return task_as_it_is(session, task_id)


def events(flow: Flow) -> list[str]:
    """Name what happened to tasks, in its order."""
    with flow.database.read() as session:
        found = session.scalars(select(EventRecord.type).order_by(EventRecord.seq))
        return [each for each in found if each.startswith("task_")]


def test_a_task_goes_from_its_queue_through_somebodys_hands_to_its_end(flow: Flow, cast: Cast) -> None:
    task_id = made(flow, cast.maya, cast.rose, due_on=TODAY).task_id
    assert task(flow, task_id).status is TaskStatus.OPEN
    do(flow, changes.take_on, cast.sorcha, task_id)
    assert (task(flow, task_id).status, task(flow, task_id).assignee_name) == (TaskStatus.IN_PROGRESS, "Sorcha")
    do(flow, changes.finish, cast.sorcha, task_id, outcome="He comes on Friday.")
    found = task(flow, task_id)
    assert (found.status, found.ended_by, found.outcome) == (TaskStatus.DONE, "Sorcha", "He comes on Friday.")
    assert events(flow) == ["task_created", "task_completed"]


def test_each_change_is_noted_in_the_audit(flow: Flow, cast: Cast) -> None:
    task_id = made(flow, cast.maya, cast.rose).task_id
    do(flow, changes.update, cast.maya, task_id, title="Ring the electrician")
    do(flow, changes.take_on, cast.maya, task_id)
    do(flow, changes.put_back, cast.maya, task_id)
    do(flow, changes.cancel, cast.maya, task_id, reason="The lift works again.")
    do(flow, changes.reopen, cast.maya, task_id)
    with flow.database.read() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.entity == "task").order_by(AuditEntry.id)).all()
    kinds = ("create", "update", "take_on", "put_back", "cancel", "reopen")
    assert [(each.action, each.home_id) for each in found] == [(f"task.{kind}", cast.rose) for kind in kinds]
    assert found[1].before == {"title": "Ring the plumber"}
    assert found[4].reason == "The lift works again."


def test_a_change_that_changes_nothing_leaves_no_trace(flow: Flow, cast: Cast) -> None:
    task_id = made(flow, cast.maya, cast.rose).task_id
    do(flow, changes.update, cast.maya, task_id, title="Ring  the plumber ")
    assert task(flow, task_id).version == 1


@pytest.mark.parametrize(
    ("who", "queue", "home", "error"),
    [
        ("maya", Queue.MANAGER, "rose", None),
        ("maya", Queue.HR, "rose", None),
        ("sorcha", Queue.SENIOR, "rose", None),
        ("hana", Queue.HR, "rose", None),
        ("ada", Queue.REGIONAL, "elm", None),
        ("maya", Queue.MANAGER, "elm", NotFound),  # a home that is not hers
        ("vic", Queue.MANAGER, "rose", NotFound),
        ("dan", Queue.MANAGER, "rose", NotAllowed),  # a carer has only his own
        ("dan", Queue.HR, "rose", NotAllowed),
        ("hana", Queue.MANAGER, "rose", NotAllowed),  # HR has its own queue
    ],
)
def test_who_may_make_a_task_for_which_queue(
    flow: Flow, cast: Cast, who: str, queue: Queue, home: str, error: type[Exception] | None
) -> None:
    def make() -> Made:
        return made(flow, getattr(cast, who), getattr(cast, home), queue=queue)

    if error is None:
        assert make().created
        return
    with pytest.raises(error):
        make()


def test_a_workflow_may_ask_any_queue_of_its_owners_homes_and_no_other_home(flow: Flow, cast: Cast) -> None:
    assert made(flow, cast.hana.as_workflow(), cast.rose, queue=Queue.MANAGER).created
    with pytest.raises(NotFound):
        made(flow, cast.maya.as_workflow(), cast.elm, queue=Queue.MANAGER)


@pytest.mark.parametrize(
    ("queue", "sees"),
    [
        (Queue.MANAGER, {"maya", "sorcha", "ada"}),
        (Queue.HR, {"maya", "sorcha", "hana", "ada"}),
    ],
)
def test_only_those_of_the_home_and_of_the_queue_see_a_task(
    flow: Flow, cast: Cast, queue: Queue, sees: set[str]
) -> None:
    task_id = made(flow, cast.ada, cast.rose, queue=queue).task_id
    found = set()
    with flow.database.read() as session:
        for name in ("maya", "sorcha", "dan", "hana", "ada", "vic", "erin"):
            try:
                visible_task(session, getattr(cast, name), task_id)
                found.add(name)
            except NotFound:
                continue
    assert found == sees


def test_the_organisations_tasks_are_for_the_people_of_their_queue(flow: Flow, cast: Cast) -> None:
    task_id = made(flow, cast.ada, None, queue=Queue.MANAGER).task_id
    with flow.database.read() as session:
        assert visible_task(session, cast.erin, task_id).home_id is None
        with pytest.raises(NotFound):
            visible_task(session, cast.sorcha, task_id)


def test_a_carer_sees_and_does_what_was_given_to_him(flow: Flow, cast: Cast) -> None:
    task_id = made(flow, cast.maya, cast.rose, assignee_id=cast.dan.user_id).task_id
    do(flow, changes.take_on, cast.dan, task_id)
    do(flow, changes.finish, cast.dan, task_id)
    assert task(flow, task_id).ended_by == "Dan"


@pytest.mark.parametrize("act", [changes.take_on, changes.finish, changes.put_back])
def test_whoever_may_not_see_a_task_is_told_that_there_is_none(
    flow: Flow, cast: Cast, act: Callable[..., None]
) -> None:
    task_id = made(flow, cast.maya, cast.rose).task_id
    for who in (cast.erin, cast.vic, cast.dan):
        with pytest.raises(NotFound):
            do(flow, act, who, task_id)


def test_a_task_is_given_only_to_somebody_of_the_home(flow: Flow, cast: Cast) -> None:
    for stranger in (cast.vic.user_id, 4711):
        with pytest.raises(Refused, match="belongs to this home"):
            made(flow, cast.maya, cast.rose, assignee_id=stranger)


def test_a_live_task_of_the_same_key_is_not_made_twice(flow: Flow, cast: Cast) -> None:
    first = made(flow, cast.maya, cast.rose, dedupe_key="fire-drill")
    assert made(flow, cast.maya, cast.rose, dedupe_key="fire-drill") == Made(first.task_id, created=False)
    assert made(flow, cast.erin, cast.elm, dedupe_key="fire-drill").created  # another home, another task
    do(flow, changes.finish, cast.maya, first.task_id)
    again = made(flow, cast.maya, cast.rose, dedupe_key="fire-drill")
    assert again.created
    assert again.task_id != first.task_id
    with pytest.raises(Conflict, match="waits already"):
        do(flow, changes.reopen, cast.maya, first.task_id)


def test_a_key_is_one_in_the_database_itself(flow: Flow, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(flow, cast.maya, cast.rose, dedupe_key="fire-drill")
    answers = iter([None, first.task_id])  # as for a process that looked a moment before the other wrote
    monkeypatch.setattr(changes, "with_key", lambda *_: next(answers))
    assert made(flow, cast.maya, cast.rose, dedupe_key="fire-drill") == Made(first.task_id, created=False)


@pytest.mark.parametrize("act", [changes.take_on, changes.put_back, changes.finish])
def test_what_is_over_stays_so(flow: Flow, cast: Cast, act: Callable[..., None]) -> None:
    task_id = made(flow, cast.maya, cast.rose).task_id
    do(flow, changes.finish, cast.maya, task_id)
    with pytest.raises(Conflict, match="already done by Maya"):
        do(flow, act, cast.maya, task_id)


def test_cancelling_needs_a_reason(flow: Flow, cast: Cast) -> None:
    task_id = made(flow, cast.maya, cast.rose).task_id
    with pytest.raises(Refused, match="Say why"):
        do(flow, changes.cancel, cast.maya, task_id, reason="  ")


@pytest.mark.parametrize("act", [changes.take_on, changes.finish])
def test_whoever_saw_an_older_version_is_told(flow: Flow, cast: Cast, act: Callable[..., None]) -> None:
    task_id = made(flow, cast.maya, cast.rose).task_id
    do(flow, changes.update, cast.maya, task_id, due_on=TODAY)
    with pytest.raises(Conflict):
        do(flow, act, cast.maya, task_id, seen=1)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "a\x07b"}, "title"),
        ({"body": "x" * 4001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"due_on": date(1, 1, 1)}, "due_on"),
        ({"dedupe_key": "x" * 101}, "dedupe_key"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(flow: Flow, cast: Cast, given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        made(flow, cast.maya, cast.rose, **given)
    assert refused.value.problems[0].path == path


def test_what_waits_for_somebody_is_counted(flow: Flow, cast: Cast) -> None:
    yesterday = TODAY - timedelta(days=1)
    made(flow, cast.maya, cast.rose, due_on=yesterday)
    made(flow, cast.maya, cast.rose, assignee_id=cast.maya.user_id, due_on=TODAY)
    made(flow, cast.maya, cast.rose, queue=Queue.SENIOR)
    made(flow, cast.erin, cast.elm)
    over = made(flow, cast.maya, cast.rose, due_on=yesterday).task_id
    do(flow, changes.finish, cast.maya, over)
    with flow.database.read() as session:
        assert tuple(waiting_for(session, cast.maya, TODAY)) == (1, 1, 1)
        assert tuple(waiting_for(session, cast.sorcha, TODAY)) == (0, 1, 0)
        assert tuple(waiting_for(session, cast.dan, TODAY)) == (0, 0, 0)


def test_a_task_is_told_overdue_once_for_each_of_its_days(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    task_id = made(flow, cast.maya, cast.rose, due_on=TODAY).task_id
    assert flow.tick().done["tasks"] == 0  # the day is not over
    clock.advance(days=1)
    assert [flow.tick().done["tasks"] for _ in range(2)] == [1, 0]
    do(flow, changes.update, cast.maya, task_id, title="Ring the electrician")
    assert flow.tick().done["tasks"] == 0
    do(flow, changes.update, cast.maya, task_id, due_on=TODAY + timedelta(days=1))
    clock.advance(days=1)
    assert flow.tick().done["tasks"] == 1
    do(flow, changes.finish, cast.maya, task_id)
    assert events(flow) == ["task_created", "task_overdue", "task_overdue", "task_completed"]


def test_a_task_that_is_over_is_never_overdue(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    task_id = made(flow, cast.maya, cast.rose, due_on=TODAY).task_id
    do(flow, changes.cancel, cast.maya, task_id, reason="Not needed")
    clock.advance(days=3)
    assert flow.tick().done["tasks"] == 0
