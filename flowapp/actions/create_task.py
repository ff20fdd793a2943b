"""Make a task for people to do."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from flowapp.accounts.people import Person
from flowapp.accounts.users import person_by_email, person_of_staff
from flowapp.actions._duty_output import HomeRef, MaybeDay, TaskOutput, home_meant, task_output
from flowapp.rota.tasks import changes
from flowapp.rota.tasks.plan import TaskPlan
from flowapp.rota.tasks.reading import task_as_it_is
from flowapp.rota.tasks.task import LONGEST_BODY, LONGEST_KEY, LONGEST_TITLE, Priority, Queue
from flowapp.workflows.kinds import Action, ActionFields, Effect, Run, StepFailed, Text

Assignee = Annotated[int | str | None, BeforeValidator(lambda value: None if value == "" else value)]


class CreateTask(Action):
    """Make a task: it waits in a queue until somebody takes it on.

    While one with the same key is not over, no second one is made.
    """

    kind = "create_task"
    label = "Create a task"
    category = "people"
    effect = Effect.DB
    undoes = "The task is taken out again, if nobody has touched it."

    class Fields(ActionFields):
        """What the step is told."""

        title: Text = Field(min_length=1, max_length=LONGEST_TITLE, description="What is to be done, in a few words")
        queue: Queue = Field(description="Whose it is: hr, manager, senior or regional")
        body: Text = Field(default="", max_length=LONGEST_BODY, description="More about it")
        due_on: MaybeDay = Field(default=None, description="The day by which it should be done")
        assignee: Assignee = Field(default=None, description="Somebody’s staff number or address; nobody if left out")
        priority: Priority = Field(default=Priority.NORMAL, description="low, normal, high or urgent")
        dedupe_key: Text = Field(default="", max_length=LONGEST_KEY, description="What must not be asked for twice")
        home: HomeRef = None

    Output = TaskOutput

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what is to be done, and by whom."""
        queue = {"hr": "HR", "senior": "the seniors", "regional": "the regional manager"}
        whose = queue.get(str(fields.get("queue", "")), "the manager")
        return f"Create a task for **{whose}**: {fields.get('title', '')}"

    def run(self, fields: Fields, run: Run) -> TaskOutput:
        """Make it, or answer the one of the same key; raises StepFailed for somebody who is not there."""
        who = self._assignee(fields, run)
        plan = TaskPlan(
            title=fields.title,
            queue=fields.queue,
            body=fields.body,
            due_on=fields.due_on,
            priority=fields.priority,
            assignee_id=who.user_id if who else None,
            dedupe_key=fields.dedupe_key or None,
        )
        made = changes.create(run.session, run.cause, run.owner, home_id=home_meant(run, fields.home), plan=plan)
        return task_output(task_as_it_is(run.session, made.task_id), created=made.created)

    def undo_note(self, fields: Fields, run: Run) -> dict[str, Any]:
        """Answer what is known before: nothing."""
        return {}

    def undo_note_afterwards(self, note: Any, output: TaskOutput, run: Run) -> Any:
        """Answer which task was made; None where it was there already."""
        return {"task_id": output.task_id, "title": output.title} if output.created else None

    def undo(self, note: dict[str, Any], run: Run) -> str:
        """Take it out again; raises Conflict when somebody has touched it."""
        changes.unmake(run.session, run.cause, run.owner, note["task_id"])
        return f"The task “{note['title']}” is taken out again."

    def _assignee(self, fields: Fields, run: Run) -> Person | None:
        if fields.assignee is None:
            return None
        by_number = isinstance(fields.assignee, int)
        found = (
            person_of_staff(run.session, int(fields.assignee))
            if by_number
            else person_by_email(run.session, str(fields.assignee))
        )
        if found is None:
            raise StepFailed("unknown_assignee", f"{fields.assignee!r} has no account here, so no task can be theirs.")
        return found
