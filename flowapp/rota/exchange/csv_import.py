"""A list that is taken in: first looked at, then, when somebody says so, written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import Person
from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.kernel.ids import new_uid
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.exchange.listing import Verdict
from flowapp.rota.exchange.lists import LAYOUTS, ListKind, read_list

MOST_DEEDS = 100  # that are shown; further ones are counted
MOST_FAULTS = 1000  # that are named; further ones are counted
LONGEST_NAME = 200


class ImportStatus(StrEnum):
    """Where a list stands."""

    CHECKING = "checking"  # its rows are tried, and nothing is written
    CHECKED = "checked"  # somebody is to say whether it is written
    WRITING = "writing"  # its rows are written
    DONE = "done"  # all that could be written is
    STOPPED = "stopped"  # given up before the end


UNDER_WAY = (ImportStatus.CHECKING, ImportStatus.WRITING)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: its line, the column where one is to blame, and how to mend it."""

    line: int
    column: str
    message: str


class Deed(NamedTuple):
    """What becomes of a row: its line, what is done, and what the row is about."""

    line: int
    verdict: Verdict
    words: str


class CsvImport(Base):
    """A list with what was found in it; `position` says how many rows are behind us."""

    __tablename__ = "csv_import"
    __table_args__ = (Index("ix_csv_import_user", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[StrEnum] = mapped_column(Word(ListKind))
    file_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[StrEnum] = mapped_column(Word(ImportStatus), index=True)
    only_good: Mapped[bool]
    row_count: Mapped[int]
    position: Mapped[int]
    counts: Mapped[dict[str, int]] = mapped_column(Plain)
    faults: Mapped[list[Any]] = mapped_column(Plain)
    deeds: Mapped[list[Any]] = mapped_column(Plain)
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]

    @property
    def found(self) -> tuple[Fault, ...]:
        """What is wrong with its rows, by line."""
        return tuple(sorted((Fault(*each) for each in self.faults), key=lambda fault: fault.line))

    @property
    def done(self) -> tuple[Deed, ...]:
        """What is added and changed, the first of it, by line."""
        return tuple(sorted((Deed(line, Verdict(verdict), words) for line, verdict, words in self.deeds)))

    @property
    def bad(self) -> int:
        """How many rows are wrong."""
        return self.counts.get("bad", 0)

    @property
    def changing(self) -> int:
        """How many rows are new or say something else."""
        return self.counts.get(Verdict.ADDED, 0) + self.counts.get(Verdict.CHANGED, 0)


def take_in(session: Session, cause: Cause, who: Person, *, kind: ListKind, text: str, file_name: str) -> int:
    """Keep a list, to be looked at, and answer its number; raises NotAllowed, and Refused where it cannot be read."""
    require(who, LAYOUTS[kind][0].permission)
    taken = read_list(kind, text)
    made = CsvImport(
        uid=new_uid(cause.at),
        user_id=who.user_id,
        kind=kind,
        file_name=_printable(file_name),
        text=text,
        status=ImportStatus.CHECKING,
        only_good=False,
        row_count=len(taken.rows),
        position=0,
        counts={},
        faults=[],
        deeds=[],
        created_at=cause.at,
        finished_at=None,
        version=1,
    )
    session.add(made)
    session.flush()
    return made.id


def own_import(session: Session, who: Person, import_id: int) -> CsvImport:
    """Answer a list that somebody took in; raises NotFound for those of others."""
    found = session.get(CsvImport, import_id)
    if found is None or found.user_id != who.user_id:
        raise NotFound
    return found


def own_imports(session: Session, who: Person, *, most: int) -> list[CsvImport]:
    """Answer the lists that somebody took in, the newest first."""
    mine = select(CsvImport).where(CsvImport.user_id == who.user_id)
    return list(session.scalars(mine.order_by(CsvImport.id.desc()).limit(most)))


def begin_writing(session: Session, cause: Cause, who: Person, import_id: int, *, only_good: bool) -> None:
    """Let a list that was looked at be written; raises Conflict when it cannot be.

    With bad rows in it, nothing is written unless somebody says that the good ones are to be.
    """
    found = own_import(session, who, import_id)
    if found.status is not ImportStatus.CHECKED:
        raise Conflict("This list is written already, or still being checked. Nothing was changed.")
    if found.bad and not only_good:
        raise Conflict("Some rows are wrong, so nothing was written. Say that the good rows are to be imported.")
    values = {
        "status": ImportStatus.WRITING,
        "only_good": only_good,
        "position": 0,
        "counts": {},
        "faults": [],
        "deeds": [],
    }
    write_if_unchanged(
        session, found, CsvImport.version == found.version, values={**values, "version": found.version + 1}
    )
    after = {"kind": found.kind, "file": found.file_name, "rows": found.row_count, "only_good": only_good}
    audit.write(session, cause, action="import.begin", entity="csv_import", entity_id=found.id, after=after)


def _printable(name: str) -> str:
    kept = "".join(sign for sign in name if sign.isprintable()).strip()
    return kept[:LONGEST_NAME] or "list.csv"
