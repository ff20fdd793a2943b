"""Doing one action as a step does it, with fields and an owner given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.workflows.kinds import ActionOutput, Run

EXECUTION = 77


def perform(flow: Flow, kind: str, owner: Person, fields: Mapping[str, Any], *, home_id: int | None) -> ActionOutput:
    """Do an action in a transaction of its own, and answer its output; raises what it raises."""
    action = flow.actions[kind]
    given = action.Fields.model_validate(fields)
    actor = Actor(
        kind=ActorKind.WORKFLOW, id=owner.user_id, name="Tea at three", role=owner.role.label,
        execution_id=EXECUTION, step="c.then.it",
    )  # fmt: skip
    cause = Cause(actor=actor, at=flow.clock.now(), correlation_id="CHAIN", causation_id="BEFORE", depth=1)

    def write(session: Session) -> ActionOutput:
        run = Run(
            session=session, cause=cause, owner=owner.as_workflow(), home_id=home_id, execution_id=EXECUTION,
            workflow_name="Tea at three", path="c.then.it", zone=ZoneInfo("Europe/London"),
        )  # fmt: skip
        return action.run(given, run)

    return flow.database.write(write)
