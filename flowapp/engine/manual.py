"""Starting a workflow by hand, or by a program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.engine.parts import EngineParts
from flowapp.engine.start import Start, plan_of, write_start
from flowapp.events.cause import Cause
from flowapp.expressions.limits import NUMBER
from flowapp.kernel.errors import Conflict, Problem, Refused
from flowapp.kernel.plain import plain
from flowapp.workflows.document import Document, TriggerSpec
from flowapp.workflows.kinds import Trigger
from flowapp.workflows.workflow import Runnable, WorkflowStatus, runnable

BY_HAND = "manual"
FILLED_IN = ("user", "care_home_id")  # by us, whatever is given


def start_by_hand(
    parts: EngineParts,
    session: Session,
    cause: Cause,
    workflow_id: int,
    *,
    triggers: Mapping[str, Trigger],
    inputs: Mapping[str, Any],
    key: str | None = None,
) -> int:
    """Start an active workflow and answer the execution's number.

    Any active workflow may be started; where it has a manual trigger, the inputs must be what that asks for.
    Raises Conflict when it is not active, Refused naming each input that is missing or wrong.
    """
    found = runnable(session, workflow_id)
    if found.status != WorkflowStatus.ACTIVE or found.version_id is None:
        raise Conflict(f"“{found.name}” is not active, so it cannot be started. Publish it, or switch it on.")
    plan = plan_of(parts, session, found.version_id)
    spec = manual_trigger(plan.document) if plan is not None else None  # one that cannot be read fails with the reason
    inputs = checked_inputs(spec, triggers, inputs)
    trigger_id = spec.id if spec else BY_HAND
    execution_id = write_start(parts, session, _start(cause, found, found.version_id, trigger_id, inputs, key))
    audit.write(
        session,
        cause,
        action="workflow.run",
        entity="execution",
        entity_id=execution_id,
        home_id=found.home_id,
        after={"workflow": found.id},
    )
    return execution_id


def manual_trigger(document: Document) -> TriggerSpec | None:
    """Answer the trigger that says what is asked for, if there is one."""
    return next((each for each in document.triggers if each.type == BY_HAND), None)


def checked_inputs(
    spec: TriggerSpec | None, triggers: Mapping[str, Trigger], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Answer the inputs that are really given; raises Refused naming each that is missing or wrong."""
    if spec is None:
        return dict(inputs)
    manual = triggers[BY_HAND]
    return _checked(manual.context_schema(manual.Fields.model_validate(spec.fields)), inputs)


def _start(
    cause: Cause, found: Runnable, version_id: int, trigger_id: str, inputs: Mapping[str, Any], key: str | None
) -> Start:
    who = {"id": cause.actor.id, "name": cause.actor.name, "role": cause.actor.role}
    return Start(
        workflow_id=found.id,
        version_id=version_id,
        home_id=found.home_id,
        trigger_id=trigger_id,
        trigger_type=BY_HAND,
        dedupe_key=key,
        context=plain({"care_home_id": found.home_id, **inputs, "user": who}),
        at=cause.at,
        started_by=cause.actor.name,
        started_by_id=cause.actor.id,
    )


def _checked(schema: Mapping[str, Any] | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the inputs that are really given; raises Refused naming each that is missing or wrong."""
    if schema is None:
        return dict(given)
    asked = {name: wanted for name, wanted in schema["properties"].items() if name not in FILLED_IN}
    found = {name: value for name, value in given.items() if value not in (None, "") or name not in asked}
    problems = [
        Problem(path=name, code="missing", message=f"{_label(asked, name)} is needed to start this workflow.")
        for name in schema["required"]
        if name in asked and name not in found
    ]
    for name, value in found.items():
        if name not in asked:
            message = f"{name} is not asked for. Known: {', '.join(asked)}."
            problems.append(Problem(path=name, code="unknown_key", message=message))
        elif not _fits(asked[name], value):
            message = f"{_label(asked, name)} must be {_words(asked[name])}."
            problems.append(Problem(path=name, code="bad_value", message=message))
    if problems:
        raise Refused(problems)
    return found


def _label(asked: Mapping[str, Any], name: str) -> str:
    return str(asked[name].get("title", name))


def _words(wanted: Mapping[str, Any]) -> str:
    if "enum" in wanted:
        return f"one of {', '.join(wanted['enum'])}"
    return _WORDS[wanted.get("format") or wanted["type"]]


_WORDS = {
    "string": "text",
    "number": f"a number of at most {len(str(NUMBER)) - 1} digits before the point",
    "boolean": "true or false",
    "date": "a date such as 2026-03-14",
}


def _fits(wanted: Mapping[str, Any], value: Any) -> bool:
    match wanted["type"]:
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return _is_number(value)
    if "enum" in wanted:
        return value in wanted["enum"]
    return isinstance(value, str) and (wanted.get("format") != "date" or _is_date(value))


def _is_number(value: Any) -> bool:
    """Say whether it is a number that expressions can hold, too."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    number = Decimal(value)
    return number.is_finite() and number.copy_abs() <= NUMBER


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
