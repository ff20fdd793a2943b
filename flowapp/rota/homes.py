"""Care homes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.kernel.errors import NotFound
from flowapp.kernel.ids import new_uid
from flowapp.kernel.prepared import Prepared
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.calendar import HomeCalendar

LEAVE_YEAR_START = "04-01"  # month and day


class CareHome(Base):
    """A care home; its nation decides the bank holidays, its time zone what "today" means."""

    __tablename__ = "care_home"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    nation: Mapped[StrEnum] = mapped_column(Word(Nation))
    timezone: Mapped[str] = mapped_column(String(40))
    leave_year_start: Mapped[str] = mapped_column(String(5), default=LEAVE_YEAR_START)
    local_days: Mapped[dict[str, str]] = mapped_column(Plain, default=dict, server_default="{}")  # by YYYY-MM-DD
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def zone(self) -> ZoneInfo:
        """The home's time zone."""
        return ZoneInfo(self.timezone)


class Place(NamedTuple):
    """Where a home is: what "today" and "bank holiday" mean there."""

    timezone: str
    nation: Nation
    local_days: Mapping[str, str] = MappingProxyType({})

    @property
    def zone(self) -> ZoneInfo:
        """The home's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def calendar(self) -> HomeCalendar:
        """The home's bank holidays, and the local days it keeps."""
        return HomeCalendar.of(self.nation, self.local_days)


_PLACE = Prepared(
    select(CareHome.timezone, CareHome.nation, CareHome.local_days).where(CareHome.id == bindparam("home_id")), Place
)


def place_of(session: Session, home_id: int) -> Place | None:
    """Answer where a home is, or None when there is no such home."""
    return _PLACE.first(session, home_id=home_id)


def add_home(
    session: Session,
    *,
    code: str,
    name: str,
    nation: Nation,
    timezone: str,
    at: datetime,
    leave_year_start: str = LEAVE_YEAR_START,
    is_active: bool = True,
) -> CareHome:
    """Add a care home."""
    home = CareHome(
        uid=new_uid(at),
        code=code,
        name=name,
        nation=nation,
        timezone=timezone,
        leave_year_start=leave_year_start,
        created_at=at,
        is_active=is_active,
        version=1,
    )
    session.add(home)
    session.flush()
    return home


def home(session: Session, home_id: int) -> CareHome:
    """Answer the home with this number; raises NotFound."""
    found = session.get(CareHome, home_id)
    if found is None:
        raise NotFound("There is no such care home.")
    return found


def homes(session: Session) -> list[CareHome]:
    """Answer every home by name."""
    return list(session.scalars(select(CareHome).order_by(CareHome.name)))
