"""Which home a step means, and what the actions about tasks and violations give to later steps."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy import select

from flowapp.accounts.can import can
from flowapp.accounts.people import On
from flowapp.rota.compliance.reading import KnownViolation
from flowapp.rota.homes import CareHome
from flowapp.rota.tasks.reading import KnownTask
from flowapp.workflows.kinds import ActionOutput, Run, StepFailed

HomeRef = Annotated[
    int | str | None, Field(description="A home by its number or code; that of the workflow if left out")
]


def _none_if_empty(value: Any) -> Any:
    return None if value == "" else value


MaybeDay = Annotated[date | None, BeforeValidator(_none_if_empty)]
MaybeNumber = Annotated[int | None, BeforeValidator(_none_if_empty)]


def home_meant(run: Run, home: int | str | None) -> int | None:
    """Answer the number of the home that a step means; raises StepFailed for one its owner may not see."""
    if home is None or home == "":
        return run.home_id
    named = CareHome.id == home if isinstance(home, int) else CareHome.code == home.upper()
    found = run.session.scalar(select(CareHome.id).where(named))
    if found is None or not can(run.owner, "home.view", On(home_id=found)):
        raise StepFailed("unknown_home", f"There is no home {home!r} that this workflow may act for.")
    return found


class TaskOutput(ActionOutput):
    """A task as it is now."""

    task_id: int = Field(description="The number of the task")
    title: str = Field(description="What is to be done")
    queue: str = Field(description="hr, manager, senior or regional")
    status: str = Field(description="open, in_progress, done or cancelled")
    due_on: date | None = Field(description="The day by which it should be done; empty without one")
    created: bool = Field(description="Whether it was made just now")


def task_output(task: KnownTask, *, created: bool) -> TaskOutput:
    """Answer a task to later steps."""
    return TaskOutput(
        task_id=task.id,
        title=task.title,
        queue=task.queue.value,
        status=task.status.value,
        due_on=task.due_on,
        created=created,
    )


class ViolationOutput(ActionOutput):
    """A violation as it is now."""

    violation_id: int = Field(description="The number of the violation")
    rule: str = Field(description="The code of the rule, such as WTD_48_HOURS")
    severity: str = Field(description="info, low, medium, high or critical")
    description: str = Field(description="What is broken")
    status: str = Field(description="open, acknowledged, in_progress, resolved, accepted_risk or false_positive")
    staff_id: int | None = Field(description="Whoever it is about; empty if it is about nobody")
    shift_id: int | None = Field(description="The shift it is about; empty if it is about none")


class CreatedViolation(ViolationOutput):
    """A violation that was written down, or that was there already."""

    created: bool = Field(description="Whether it was written just now")


def violation_facts(known: KnownViolation) -> dict[str, Any]:
    """Answer a violation as later steps read it."""
    return {
        "violation_id": known.id,
        "rule": known.rule,
        "severity": known.severity.value,
        "description": known.description,
        "status": known.status.value,
        "staff_id": known.staff_id,
        "shift_id": known.shift_id,
    }
