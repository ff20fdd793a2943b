"""Workflows with steps that wait for events, and the events they wait for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.engine.execution import Execution
from flowapp.engine.signals.awaited import Awaited
from flowapp.engine.signals.signals import Signal
from flowapp.events.outbox import record
from tests.cast import Cast
from tests.engine.test_manual_start import by_hand, start
from tests.factories import a_workflow, leave_event, run_all, runs


def wait(id_: str, *events: str, match: str | None = None, **given: Any) -> dict[str, Any]:
    """Answer a step that waits, for leave being requested unless told otherwise."""
    awaited = [{"event": each, **({"match": match} if match else {})} for each in events or ("leave_requested",)]
    return {"id": id_, "type": "wait", "for_events": awaited, **given}


def branch(id_: str, **ways: list[dict[str, Any]]) -> dict[str, Any]:
    """Answer a step that goes these ways side by side."""
    return {"id": id_, "type": "branch", "branches": [{"name": name, "steps": way} for name, way in ways.items()]}


def accepted(flow: Flow, cast: Cast, *steps: dict[str, Any], everywhere: bool = False) -> int:
    """Let somebody start a workflow of these steps, for Rose House or for all homes, and leave the engine alone."""
    who, home_id = (cast.ada, None) if everywhere else (cast.maya, cast.rose)
    return start(flow, who, a_workflow(flow, who, by_hand(None, *steps), home_id=home_id))


def begun(flow: Flow, cast: Cast, *steps: dict[str, Any], everywhere: bool = False) -> int:
    """Let somebody start a workflow of these steps, and carry it on."""
    number = accepted(flow, cast, *steps, everywhere=everywhere)
    run_all(flow)
    return number


def recorded(flow: Flow, cast: Cast, *numbers: int, home_id: int | None = None) -> None:
    """Record in one transaction that Dan asks for leave, with nothing behind it, and leave the engine alone."""

    def write(session: Session) -> None:
        for number in numbers or (1,):
            event = leave_event(cast.dan, flow.clock.now(), home_id=home_id or cast.rose, request_id=number)
            record(session, event)

    flow.database.write(write)


def happens(flow: Flow, cast: Cast, *numbers: int, home_id: int | None = None) -> Execution:
    """Record such events, let the engine work, and answer the first execution."""
    recorded(flow, cast, *numbers, home_id=home_id)
    run_all(flow)
    return runs(flow)[0]


def listening(flow: Flow) -> list[tuple[str, str]]:
    """Answer which steps listen to which events."""
    with flow.database.read() as session:
        return [(each.path, each.event_type) for each in session.scalars(select(Awaited).order_by(Awaited.id))]


def taken(flow: Flow) -> list[tuple[str, int]]:
    """Answer which steps took which events."""
    with flow.database.read() as session:
        return [(each.path, each.event_seq) for each in session.scalars(select(Signal).order_by(Signal.id))]
