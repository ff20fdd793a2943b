"""Reading an event that another program tells of: its kind, its facts against their schema, its home."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.api.schemas.events import EventBody
from flowapp.events.catalogue import catalogue
from flowapp.events.cause import Cause
from flowapp.events.event import Event, Facts
from flowapp.http.numbers import LARGEST
from flowapp.kernel import plain
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.homes import place_of
from flowapp.workflows.reading import problems_of

KEY_PREFIX = "api:"  # so that a program's key is never one of FlowApp's own


def read_event(session: Session, body: EventBody, who: Person, cause: Cause) -> Event:
    """Make the event; raises Refused naming each place that does not fit its schema.

    Where `user` is left out it is whoever's token it is.
    """
    cls = event_class(body.name, path="name")
    context = _facts(cls, _by(cause, cls) | body.context)
    numbers = context.model_dump()
    home_id, subject_id = numbers.get("care_home_id"), numbers[subject_field(cls)]
    if problems := [*_outside(cls, subject_id), *_unknown_home(session, who, home_id)]:
        raise Refused(problems)
    key = f"{KEY_PREFIX}{body.dedupe_key}" if body.dedupe_key else None
    return cls(subject_id=subject_id, care_home_id=home_id, cause=cause, context=context, dedupe_key=key)


def event_class(name: str, *, path: str) -> type[Event]:
    """Answer the kind of event with this name; raises Refused with the nearest name."""
    if name in catalogue():
        return catalogue()[name]
    near = get_close_matches(name, list(catalogue()), 1)
    message = f"There is no event called {name!r}; there are {', '.join(catalogue())}."
    raise Refused([Problem(path=path, code="unknown_event", message=message, suggestion=near[0] if near else None)])


def subject_field(cls: type[Event]) -> str:
    """Answer which of an event's facts is the number of what it happened to."""
    return f"{cls.subject_type}_id"


def _by(cause: Cause, cls: type[Event]) -> dict[str, Any]:
    actor = cause.actor
    facts = {"user_id": actor.id, "user": {"id": actor.id, "name": actor.name, "role": actor.role or ""}}
    return {name: fact for name, fact in facts.items() if name in cls.Context.model_fields}


def _facts(cls: type[Event], given: dict[str, Any]) -> Facts:
    """Check the facts strictly as JSON, then read them from the values, whose decimals are exact."""
    try:
        cls.Context.model_validate_json(plain.dump(given), strict=True)
        return cls.Context.model_validate(given)
    except ValidationError as error:
        raise Refused(problems_of(error, cls.Context, "context")) from None


def _outside(cls: type[Event], subject_id: int) -> Iterator[Problem]:
    if not 1 <= subject_id <= LARGEST:
        path = f"context.{subject_field(cls)}"
        yield Problem(path=path, code="bad_value", message=f"{path} must be the number of a record.")


def _unknown_home(session: Session, who: Person, home_id: int | None) -> Iterator[Problem]:
    if home_id is None:
        return
    is_number = 1 <= home_id <= LARGEST
    if not (is_number and place_of(session, home_id) and can(who, "event.post", On(home_id=home_id))):
        path = "context.care_home_id"
        yield Problem(path=path, code="unknown_home", message=f"There is no care home number {home_id}.")
