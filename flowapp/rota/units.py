"""Units: the parts of a home that are staffed by themselves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant, Word
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.rota.homes import CareHome

LONGEST_NAME = 80


class UnitKind(StrEnum):
    """What sort of care a unit gives."""

    STANDARD = "standard"  # residential care
    DEMENTIA = "dementia"  # care for people with dementia
    NURSING = "nursing"  # care by nurses
    RESPITE = "respite"  # short stays
    MANAGEMENT = "management"  # the office; nobody lives there

    @property
    def label(self) -> str:
        """The word people see."""
        return self.value.capitalize()


class Unit(Base):
    """A part of a home with beds of its own."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("home_id", "name"), CheckConstraint("beds >= 0", name="beds"))

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    home_id: Mapped[int] = mapped_column(ForeignKey(CareHome.id))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[StrEnum] = mapped_column(Word(UnitKind))
    beds: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)


def add_unit(session: Session, cause: Cause, *, home_id: int, name: str, kind: UnitKind, beds: int) -> Unit:
    """Add a unit to a home; raises Refused for a name that the home has already, or makes no sense."""
    name = " ".join(name.split())
    if problems := _problems(session, home_id, name, beds):
        raise Refused(problems)
    made = Unit(uid=new_uid(cause.at), home_id=home_id, name=name, kind=kind, beds=beds, created_at=cause.at)
    session.add(made)
    session.flush()
    after = {"name": name, "kind": kind, "beds": beds}
    audit.write(session, cause, action="unit.create", entity="unit", entity_id=made.id, home_id=home_id, after=after)
    return made


def units_of(session: Session, home_id: int) -> list[Unit]:
    """Answer the units of a home by name."""
    return list(session.scalars(select(Unit).where(Unit.home_id == home_id).order_by(Unit.name)))


def is_unit_of(session: Session, unit_id: int, home_id: int) -> bool:
    """Tell whether a home has a unit of this number."""
    return session.scalar(select(Unit.id).where(Unit.id == unit_id, Unit.home_id == home_id)) is not None


def _problems(session: Session, home_id: int, name: str, beds: int) -> list[Problem]:
    found = []
    if not 0 < len(name) <= LONGEST_NAME:
        message = f"Write the unit's name, in {LONGEST_NAME} characters at most."
        found.append(Problem(path="name", code="bad_name", message=message))
    elif session.scalar(select(Unit.id).where(Unit.home_id == home_id, Unit.name == name)) is not None:
        message = f"This home already has a unit called {name}. Choose another name."
        found.append(Problem(path="name", code="taken", message=message))
    if beds < 0:
        found.append(Problem(path="beds", code="too_few", message="A unit has no beds or more, never fewer."))
    return found
