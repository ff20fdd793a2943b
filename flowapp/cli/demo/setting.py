"""Writing what the demo begins with: homes with their units, people, and the workflows that decide short leave."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from flowapp.bootstrap import registries
from flowapp.cli.demo.accounts import Written, write_people
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.homes import HomePlan
from flowapp.cli.demo.people import Colleague
from flowapp.cli.demo.workflows import AUTO_APPROVE, TELL_THE_PERSON
from flowapp.events.cause import Cause
from flowapp.rota.homes import add_home
from flowapp.rota.staff import JobRole
from flowapp.rota.units import UnitKind, add_unit
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document

BEDS = 16
_UNITS = (("Bluebell", UnitKind.STANDARD), ("Rowan", UnitKind.DEMENTIA))


def write_setting(
    session: Session,
    cause: Cause,
    homes: Sequence[HomePlan],
    people: Sequence[Colleague],
    days: Days,
    *,
    password_hash: str,
) -> Written:
    """Write it all, and answer the numbers it has in the database."""
    ids = [_write_home(session, cause, home, days.zone.key) for home in homes]
    units = [_write_units(session, cause, home_id) for home_id in ids]
    written = write_people(session, cause, people, ids, units, days, password_hash=password_hash)
    for who in people:
        if who.role is JobRole.MANAGER:
            _write_workflows(session, cause, owner_id=written.accounts[who.email], home_id=ids[who.home])
    return written


def _write_home(session: Session, cause: Cause, home: HomePlan, timezone: str) -> int:
    return add_home(session, code=home.code, name=home.name, nation=home.nation, timezone=timezone, at=cause.at).id


def _write_units(session: Session, cause: Cause, home_id: int) -> list[int]:
    return [add_unit(session, cause, home_id=home_id, name=name, kind=kind, beds=BEDS).id for name, kind in _UNITS]


def _write_workflows(session: Session, cause: Cause, *, owner_id: int, home_id: int) -> None:
    for data in (AUTO_APPROVE, TELL_THE_PERSON):
        made = create_workflow(session, cause, read_document(data), owner_id=owner_id, home_id=home_id)
        publish(session, cause, made, actions=registries().actions, triggers=registries().triggers)
