"""Telling of broken rules, and looking at what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.outbox import EventRecord
from flowapp.rota.compliance.raising import Raised, Report, report
from flowapp.rota.compliance.reading import KnownViolation, violation_as_it_is
from tests.factories import cause_of


def told(flow: Flow, who: Person, **given: Any) -> Raised:
    """Say that somebody works too much, unless told otherwise."""
    said = Report(**({"rule": "WTD_48_HOURS", "description": "51 hours a week on average"} | given))
    cause = cause_of(who, flow.clock.now())
    return flow.database.write(lambda session: report(session, cause, who, said))


def do(flow: Flow, act: Callable[..., Any], who: Person, violation_id: int, **given: Any) -> Any:
    """Do something to a violation."""
    cause = cause_of(who, flow.clock.now())
    return flow.database.write(lambda session: act(session, cause, who, violation_id, **given))


def violation(flow: Flow, violation_id: int) -> KnownViolation:
    """Read a violation."""
    with flow.database.read() as session:
        return violation_as_it_is(session, violation_id)


def events(flow: Flow) -> list[str]:
    """Name what happened to violations, in its order."""
    with flow.database.read() as session:
        found = session.scalars(select(EventRecord.type).order_by(EventRecord.seq))
        return [each for each in found if each.partition("_")[0] in ("compliance", "violation", "working")]


def a_regional(flow: Flow, home_id: int) -> Person:
    """Write a regional manager of a home."""

    def write(session: Any) -> int:
        cause = Cause(actor=SYSTEM, at=flow.clock.now())
        return create_user(
            session, cause, email="ruth@example.org", name="Ruth", role=Role.REGIONAL, home_ids=[home_id]
        )

    number = flow.database.write(write)
    with flow.database.read() as session:
        found = person_of(session, number)
    assert found is not None
    return found
