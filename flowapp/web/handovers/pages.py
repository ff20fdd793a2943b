"""What the handover pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.handovers.handover import Handover
from flowapp.rota.handovers.reading import Told, handovers, of_units, seen_by, told
from flowapp.rota.homes import CareHome, homes
from flowapp.rota.staff import member
from flowapp.rota.units import units_of
from flowapp.web.filters import When, clock, long_day, when

MOST_ROWS = 10
WHOLE_HOME = "the whole home"


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something that the next shift is asked to do."""

    text: str
    done: bool
    done_by: str
    url: str
    tick_id: str


@dataclass(frozen=True, kw_only=True)
class HandoverCard:
    """One handover as it is read."""

    title: str
    href: str
    row_id: str
    paragraphs: tuple[str, ...]
    things: tuple[Thing, ...]
    written: str
    written_at: When
    taken_over: str
    taken_over_at: When | None
    may_tick: bool
    acknowledge_url: str
    version: int


@dataclass(frozen=True, kw_only=True)
class HandoversPage:
    """The handovers of a unit, or of all that somebody may read."""

    sentence: str
    cards: tuple[HandoverCard, ...]
    places: tuple[tuple[str, list[tuple[str, str]]], ...]
    unit: str
    older: str
    newer: str
    may_write: bool
    watch_url: str


@dataclass(frozen=True, kw_only=True)
class HandoverPage:
    """One handover."""

    card: HandoverCard


def handovers_page(session: Session, person: Person, unit: str, before: int | None, now: datetime) -> HandoversPage:
    """Put together the page of handovers, the latest first; `unit` narrows them to one unit and its home."""
    unit_id = int(unit) if unit.isdecimal() and unit.isascii() and len(unit) < 16 else None
    query = handovers().where(seen_by(person)).order_by(None).order_by(Handover.id.desc()).limit(MOST_ROWS + 1)
    if unit_id is not None:
        query = query.where(of_units(unit_id))
    found = told(session, query if before is None else query.where(Handover.id < before))
    more = len(found) > MOST_ROWS
    shown = found[:MOST_ROWS]
    older = url_for("handovers.index", unit=unit or None, before=shown[-1].id) if more else ""
    return HandoversPage(
        sentence="What each shift tells the next, the latest first.",
        cards=tuple(card_of(person, each, now) for each in shown),
        places=_units(session, readable_homes(session, person)),
        unit=unit,
        older=older,
        newer=url_for("handovers.index", unit=unit or None) if before is not None else "",
        may_write=can(person, "handover.write"),
        watch_url=url_for("watches.index") if can(person, "home.edit") else "",
    )


def readable_homes(session: Session, person: Person) -> list[CareHome]:
    """Answer the homes whose handovers somebody may read, by name."""
    return [each for each in homes(session) if can(person, "handover.view", On(home_id=each.id))]


def own_unit(session: Session, person: Person) -> str:
    """Answer the number of the unit somebody belongs to, as an address has it; empty where they have none."""
    if person.staff_id is None:
        return ""
    unit_id = member(session, person.staff_id).unit_id
    return "" if unit_id is None else str(unit_id)


def _units(session: Session, known: Sequence[CareHome]) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    groups = ((each.name, [(str(unit.id), unit.name) for unit in units_of(session, each.id)]) for each in known)
    return tuple((name, units) for name, units in groups if units)


def card_of(person: Person, found: Told, now: datetime) -> HandoverCard:
    """Say one handover as it is read on a page, or read aloud."""
    zone = ZoneInfo(found.timezone)
    writes = can(person, "handover.write", found.on)
    waits = found.acknowledged_at is None and writes and found.written_by_id != person.user_id
    where = found.unit_name or found.home_name
    return HandoverCard(
        title=f"{where}, {long_day(found.change_at.astimezone(zone).date())}, {clock(found.change_at, zone=zone)}",
        href=url_for("handovers.show_handover", handover_id=found.id),
        row_id=f"handover-{found.id}",
        paragraphs=tuple(line for line in found.text.split("\n") if line.strip()),
        things=tuple(
            Thing(
                text=item.text,
                done=item.done_at is not None,
                done_by=f"Done by {item.done_by}." if item.done_at else "",
                url=url_for("handovers.tick", handover_id=found.id, item_id=item.id),
                tick_id=f"tick-{item.id}",
            )
            for item in found.items
        ),
        written=f"Written by {found.written_by}",
        written_at=when(found.written_at, now=now, zone=zone),
        taken_over=f"Taken over by {found.acknowledged_by}" if found.acknowledged_at else "Nobody has taken over yet",
        taken_over_at=when(found.acknowledged_at, now=now, zone=zone) if found.acknowledged_at else None,
        may_tick=writes,
        acknowledge_url=url_for("handovers.acknowledge", handover_id=found.id) if waits else "",
        version=found.version,
    )
