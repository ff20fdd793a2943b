"""Events over the API: following what happens, and telling of what happened elsewhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.api.bodies import body_as
from flowapp.api.event_reading import KEY_PREFIX, event_class, read_event
from flowapp.api.lists import page_of, whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.events import EventAccepted, EventBody, EventPage, EventQuery
from flowapp.engine.execution import Execution
from flowapp.events.event import Event
from flowapp.events.outbox import EventRecord, event_with_key, events_after, record
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.kernel.errors import Problem, Refused


def add_to(bp: Blueprint) -> None:
    """Add the calls about events."""
    bp.add_url_rule("/events", view_func=list_events, methods=["GET"])
    bp.add_url_rule("/events", view_func=post_event, methods=["POST"])


@allow("event.view")
@documented(Call(query=EventQuery, answer=EventPage))
def list_events() -> Response:
    """Answer the events of one's homes, the oldest first. Ask again after the last `seq` for what happened since."""
    who, after, name = person(), whole("after_seq", 0) or 0, request.args.get("name")
    wanted = event_class(name, path="name").type if name else None

    def fetch(limit: int, cursor: int | None) -> list[EventRecord]:
        homes = homes_of(who, "event.view")
        return events_after(reading(), max(after, cursor or 0), limit=limit, event_type=wanted, homes=homes)

    return jsonify(page_of(fetch, lambda found: found.seq, lambda found: as_body(found, who)))


@allow("event.post", scope="admin")
@documented(Call(body=EventBody, answer=EventAccepted, status=202, once=True))
def post_event() -> tuple[Response, int]:
    """Tell of something that happened elsewhere: workflows start as if FlowApp had seen it itself."""
    body, cause, key = body_as(EventBody), cause_of(), request.headers.get("Idempotency-Key")
    event = read_event(reading(), body, person(), cause)

    def write(session: Session) -> dict[str, Any]:
        first = event_with_key(session, event.dedupe_key) if event.dedupe_key else None
        return _accepted(session, _same(first, event) if first else _recorded(session, event))

    return jsonify(change(lambda session: once(session, key, cause.at, lambda: write(session)))), 202


def _same(first: EventRecord, event: Event) -> EventRecord:
    """Answer the event that came first; raises Refused when it is of another kind, which must be a mistake."""
    if first.type == event.type:
        return first
    message = f"This dedupe_key came before with the event {first.type}. Use a new key for each event."
    raise Refused([Problem(path="dedupe_key", code="key_reused", message=message)])


def _recorded(session: Session, event: Event) -> EventRecord:
    seq = record(session, event).seq
    after = {"name": event.type, "dedupe_key": (event.dedupe_key or "").removeprefix(KEY_PREFIX) or None}
    audit.write(
        session,
        event.cause,
        action="event.post",
        entity="event",
        entity_id=seq,
        home_id=event.care_home_id,
        after=after,
    )
    return session.get_one(EventRecord, seq)


def _accepted(session: Session, found: EventRecord) -> dict[str, Any]:
    query = select(Execution.id).where(
        Execution.subject_type == found.subject_type,
        Execution.subject_id == found.subject_id,
        Execution.event_seq == found.seq,
    )
    return {"event_id": found.uid, "seq": found.seq, "executions": list(session.scalars(query.order_by(Execution.id)))}


def as_body(found: EventRecord, who: Person) -> dict[str, Any]:
    """Write an event as JSON; why somebody is off is left out for those who may not know it."""
    return {
        "id": found.uid,
        "seq": found.seq,
        "type": found.type,
        "version": found.version,
        "occurred_at": found.occurred_at,
        "care_home_id": found.care_home_id,
        "actor": {**found.actor, "execution_id": found.execution_id},
        "subject": {"type": found.subject_type, "id": found.subject_id},
        "changes": found.changes,
        "context": _context(found, who),
        "correlation_id": found.correlation_id,
        "causation_id": found.causation_id,
    }


def _context(found: EventRecord, who: Person) -> dict[str, Any]:
    context: dict[str, Any] = found.context
    leave = context.get("leave")
    on = On(home_id=found.care_home_id, staff_id=context.get("staff_id"))
    if not isinstance(leave, dict) or can(who, "leave.reason", on):
        return context
    return context | {"leave": {name: value for name, value in leave.items() if name != "reason"}}
