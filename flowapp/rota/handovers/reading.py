"""Reading handovers: one, and those somebody may see, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.handovers.handover import Handover, HandoverItem
from flowapp.rota.homes import CareHome
from flowapp.rota.units import Unit


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing that the next shift is asked to do."""

    id: int
    text: str
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """A handover as the database has it, with the names of where it belongs."""

    id: int
    uid: str
    home_id: int
    home_name: str
    timezone: str
    unit_id: int | None
    unit_name: str
    change_at: datetime
    from_shift_id: int | None
    to_shift_id: int | None
    text: str
    items: tuple[Asked, ...]
    written_at: datetime
    written_by: str
    written_by_id: int | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    version: int

    @property
    def on(self) -> On:
        """Where it belongs, for permissions."""
        return On(home_id=self.home_id)


def handovers() -> Select[Handover, str, str, str | None]:
    """Select handovers beside the names of where they belong, the latest first."""
    return (
        select(Handover, CareHome.name, CareHome.timezone, Unit.name)
        .join(CareHome, CareHome.id == Handover.home_id)
        .outerjoin(Unit, Unit.id == Handover.unit_id)
        .order_by(Handover.change_at.desc(), Handover.id.desc())
    )


def seen_by(who: Person) -> ColumnElement[bool]:
    """Say which handovers somebody may read: those of their homes."""
    home_ids = homes_of(who, "handover.view")
    return true() if home_ids is ALL else Handover.home_id.in_(home_ids)


def of_units(unit_id: int | None) -> ColumnElement[bool]:
    """Say which handovers concern a unit: its own, and those of the whole home."""
    return false() if unit_id is None else or_(Handover.unit_id == unit_id, Handover.unit_id.is_(None))


def told(session: Session, query: Select[Handover, str, str, str | None]) -> list[Told]:
    """Answer the handovers that a query finds, with what each asks for."""
    found = session.execute(query).all()
    items = _items(session, [row[0].id for row in found])
    return [_told(handover, home, zone, unit or "", items.get(handover.id, ())) for handover, home, zone, unit in found]


def visible_handover(session: Session, who: Person, handover_id: int) -> Told:
    """Answer a handover that somebody may read; raises NotFound, whether it does not exist or is not for them."""
    found = told(session, handovers().where(Handover.id == handover_id))
    if not found:
        raise NotFound
    require(who, "handover.view", found[0].on)
    return found[0]


def _items(session: Session, handover_ids: Sequence[int]) -> dict[int, tuple[Asked, ...]]:
    items: dict[int, tuple[Asked, ...]] = {}
    query = select(HandoverItem).where(HandoverItem.handover_id.in_(handover_ids)).order_by(HandoverItem.position)
    for row in session.scalars(query):
        asked = Asked(id=row.id, text=row.text, done_at=row.done_at, done_by=row.done_by)
        items[row.handover_id] = (*items.get(row.handover_id, ()), asked)
    return items


def _told(row: Handover, home: str, zone: str, unit: str, items: tuple[Asked, ...]) -> Told:
    return Told(
        id=row.id,
        uid=row.uid,
        home_id=row.home_id,
        home_name=home,
        timezone=zone,
        unit_id=row.unit_id,
        unit_name=unit,
        change_at=row.change_at,
        from_shift_id=row.from_shift_id,
        to_shift_id=row.to_shift_id,
        text=row.text,
        items=items,
        written_at=row.created_at,
        written_by=row.written_by,
        written_by_id=row.written_by_id,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        version=row.version,
    )
