"""Making a task as a step of a workflow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.errors import Conflict, NotFound, Refused
from flowapp.rota.tasks import changes
from flowapp.rota.tasks.reading import KnownTask, task_as_it_is
from flowapp.rota.tasks.task import Priority, Queue
from flowapp.workflows.kinds import Run, StepFailed
from tests.actions.performing import EXECUTION, perform
from tests.cast import Cast
from tests.factories import cause_of

CREATE = registries().actions["create_task"]
TITLE = {"title": "Ring the plumber", "queue": "manager"}


def task(flow: Flow, output: Any) -> KnownTask:
    """Read the task that a step made."""
    with flow.database.read() as session:
        return task_as_it_is(session, output.task_id)


def test_the_task_waits_in_its_queue_in_the_home_of_the_workflow(flow: Flow, cast: Cast) -> None:
    fields = {**TITLE, "body": "The lift", "due_on": "2026-12-01", "priority": "high"}
    output = perform(flow, "create_task", cast.maya, fields, home_id=cast.rose)
    found = task(flow, output)
    assert (found.home_id, found.queue, found.due_on, found.priority, found.body) == (
        cast.rose, Queue.MANAGER, date(2026, 12, 1), Priority.HIGH, "The lift")  # fmt: skip
    assert (found.made_by, found.execution_id) == ("the workflow “Tea at three”", EXECUTION)
    assert output.model_dump().items() >= {"status": "open", "created": True, "title": "Ring the plumber"}.items()


def test_one_of_the_same_key_is_answered_instead(flow: Flow, cast: Cast) -> None:
    fields = {**TITLE, "dedupe_key": "lift"}
    first, again = (perform(flow, "create_task", cast.maya, fields, home_id=cast.rose) for _ in range(2))
    assert (first.model_dump()["created"], again.model_dump()["created"]) == (True, False)
    assert first.model_dump()["task_id"] == again.model_dump()["task_id"]


@pytest.mark.parametrize("assignee", ["dan@example.org", "number"])
def test_somebody_is_named_by_address_or_staff_number(flow: Flow, cast: Cast, assignee: str) -> None:
    who = cast.dan.staff_id if assignee == "number" else assignee
    output = perform(flow, "create_task", cast.maya, {**TITLE, "assignee": who}, home_id=cast.rose)
    assert task(flow, output).assignee_name == "Dan"


@pytest.mark.parametrize("home", ["number", "elm", "ELM"])
def test_another_home_of_the_owner_is_named_by_number_or_code(flow: Flow, cast: Cast, home: str) -> None:
    fields = {**TITLE, "home": cast.elm if home == "number" else home}
    assert task(flow, perform(flow, "create_task", cast.ada, fields, home_id=cast.rose)).home_id == cast.elm


def test_without_any_home_it_is_the_organisations(flow: Flow, cast: Cast) -> None:
    assert task(flow, perform(flow, "create_task", cast.ada, TITLE, home_id=None)).home_id is None


@pytest.mark.parametrize("home", ["ELM", 2, "NOWHERE"])
def test_a_home_that_the_owner_may_not_act_for_is_as_good_as_none(flow: Flow, cast: Cast, home: int | str) -> None:
    with pytest.raises((StepFailed, NotFound)):
        perform(flow, "create_task", cast.maya, {**TITLE, "home": home}, home_id=cast.rose)


@pytest.mark.parametrize("assignee", ["nobody@example.org", 4711, "vic@example.org"])
def test_whoever_is_not_of_the_home_is_given_nothing(flow: Flow, cast: Cast, assignee: int | str) -> None:
    with pytest.raises((StepFailed, Refused)):
        perform(flow, "create_task", cast.maya, {**TITLE, "assignee": assignee}, home_id=cast.rose)


def test_one_that_somebody_has_touched_is_not_taken_out_again(flow: Flow, cast: Cast) -> None:
    output = perform(flow, "create_task", cast.maya, TITLE, home_id=cast.rose)
    cause, number = cause_of(cast.maya, flow.clock.now()), task(flow, output).id
    flow.database.write(lambda session: changes.take_on(session, cause, cast.maya, number))
    with pytest.raises(Conflict, match="Ring the plumber"):
        flow.database.write(lambda session: changes.unmake(session, cause, cast.maya, number))


def test_one_that_was_there_already_is_not_taken_out_by_undoing() -> None:
    output = CREATE.Output(task_id=1, title="x", queue="hr", status="open", due_on=None, created=False)
    assert CREATE.undo_note_afterwards({}, output, Run.__new__(Run)) is None


@pytest.mark.parametrize(
    "fields",
    [{}, {"title": "x"}, {"queue": "hr"}, {"title": "", "queue": "hr"}, {"title": "x", "queue": "cook"},
     {"title": "x" * 161, "queue": "hr"}, {"title": "x", "queue": "hr", "due_on": "soon"},
     {"title": "x", "queue": "hr", "priority": "now"}, {"title": "x", "queue": "hr", "because": "y"}],
)  # fmt: skip
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CREATE.Fields.model_validate(fields)


def test_empty_fields_of_a_form_mean_nothing() -> None:
    given = CREATE.Fields.model_validate({**TITLE, "due_on": "", "assignee": "", "home": ""})
    assert given.model_dump().items() >= {"due_on": None, "assignee": None}.items()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (TITLE, "Create a task for **the manager**: Ring the plumber"),
        ({"title": "Check", "queue": "hr"}, "Create a task for **HR**: Check"),
        ({}, "Create a task for **the manager**: "),
    ],
)
def test_its_sentence(fields: dict[str, Any], words: str) -> None:
    assert CREATE.sentence(fields) == words
