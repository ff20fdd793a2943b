"""The workflow of five steps that other systems were measured with, and a place where it runs.

Set, a condition of days, set, a text with values, end: five steps are kept of each run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.house import a_home_with_manager, a_workflow, cause
from flowapp.accounts import tokens
from flowapp.bootstrap import Flow
from flowapp.engine.manual import start_by_hand

INPUTS = {"days": 2, "name": "Anna Boyd"}
_STEPS: list[dict[str, Any]] = [
    {"id": "given", "type": "set", "values": {"wanted": "${context.days}", "kind": "annual"}},
    {
        "id": "short",
        "type": "condition",
        "if": "context.days <= 3",
        "then": [
            {"id": "decided", "type": "set", "values": {"decision": "approved", "by": "rule"}},
            {"id": "words", "type": "set", "values": {"text": "Dear ${%s}, ${context.days} days are approved."}},
            {"id": "end", "type": "stop", "outcome": "completed", "message": "Done."},
        ],
        "else": [],
    },
]
BY_HAND: dict[str, Any] = {
    "id": "hand",
    "type": "manual",
    "inputs": [
        {"name": "days", "label": "Days", "type": "number"},
        {"name": "name", "label": "Name", "type": "text"},
    ],
}
ON_LEAVE: dict[str, Any] = {"id": "asked", "type": "event", "event": "leave_requested"}


def document(trigger: dict[str, Any], *, name_at: str) -> dict[str, Any]:
    """Write the workflow; `name_at` says where its text finds a name."""
    return {"format": "flowapp/1", "name": "Five steps", "triggers": [trigger], "steps": _with(name_at, _STEPS)}


def _with(name_at: str, part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _with(name_at, value) for key, value in part.items()}
    if isinstance(part, list):
        return [_with(name_at, each) for each in part]
    return part.replace("%s", name_at) if isinstance(part, str) else part


@dataclass(frozen=True)
class Place:
    """Where the workflow runs, and what a program needs to start it."""

    home_id: int
    workflow_id: int
    token: str


def furnish(flow: Flow, *, by_event: bool = False) -> Place:
    """Write a home, its manager with a token, and the workflow."""

    def write(session: Session) -> Place:
        now = cause()
        home_id, owner_id = a_home_with_manager(session)
        given = (
            document(ON_LEAVE, name_at="context.staff.name") if by_event else document(BY_HAND, name_at="context.name")
        )
        workflow_id = a_workflow(flow, session, given, owner_id=owner_id, home_id=home_id)
        expires = now.at + timedelta(days=1)
        token = tokens.create(
            session, now, user_id=owner_id, name="bench", scopes=[tokens.Scope.RUN], expires_at=expires
        )
        return Place(home_id, workflow_id, token)

    return flow.database.write(write)


def start_one(flow: Flow, place: Place) -> int:
    """Start the workflow once as a program does, and answer the number of its run."""
    now = cause()
    return flow.database.write(
        lambda session: start_by_hand(
            flow.parts, session, now, place.workflow_id, triggers=flow.triggers, inputs=INPUTS
        )
    )
