"""Whether everything arrived: each table on both sides, and what holds the rows together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import ColumnElement, Connection, ForeignKeyConstraint, Table, and_, func, select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import verify_chain
from flowapp.cli.moving.checksum import Checksum, checksum
from flowapp.http.tables import metadata
from flowapp.kernel.numbering import last_given

TELL_SECONDS = 1.0


@dataclass(frozen=True)
class Compared:
    """A table as it is on both sides."""

    table: str
    source: Checksum
    target: Checksum


def compared(source: Connection, target: Connection, tell: Callable[[str], None]) -> list[Compared]:
    """Read both sides, table by table, and tell of those that take long."""
    found = []
    for table in metadata().sorted_tables:
        began = monotonic()
        found.append(each := Compared(table.name, checksum(source, table), checksum(target, table)))
        if monotonic() - began >= TELL_SECONDS:
            tell(f"  {table.name}: {each.target.rows:,} rows read on both sides")
    return found


def differences(source: Connection, target: Connection, tables: list[Compared]) -> list[str]:
    """Say everything that is otherwise than before the move."""
    return [
        *(words for each in tables for words in _of_table(each)),
        *_of_audit(source, target),
        *(words for table in metadata().sorted_tables for words in _of_references(target, table)),
        *_of_numbers(source, target),
    ]


def audit_trouble(connection: Connection) -> str | None:
    """Say where the chain of the audit breaks, or None when it holds."""
    with Session(connection, join_transaction_mode="rollback_only") as session:
        try:
            broken = verify_chain(session)
        except ValueError:  # what changed is no data any more
            return "cannot be read"
    return None if broken is None else f"breaks at entry {broken}"


def _of_table(each: Compared) -> Iterator[str]:
    if each.source.rows != each.target.rows:
        yield f"{each.table} has {each.source.rows:,} rows in SQLite and {each.target.rows:,} in PostgreSQL."
    elif each.source != each.target:
        yield f"{each.table} has as many rows on both sides, but not the same ones."


def _of_audit(source: Connection, target: Connection) -> Iterator[str]:
    # One that is broken already is moved as it is: the same entry must be found on both sides.
    here, there = audit_trouble(source), audit_trouble(target)
    if here != there:
        yield f"The chain of the audit {here or 'holds'} in SQLite, and {there or 'holds'} in PostgreSQL."


def _of_references(target: Connection, table: Table) -> Iterator[str]:
    for key in table.foreign_key_constraints:
        lost = target.scalar(select(func.count()).select_from(table).where(*_leads_nowhere(key)))
        if lost:
            yield f"{lost:,} rows of {table.name} name a row of {key.referred_table.name} that is not there."


def _leads_nowhere(key: ForeignKeyConstraint) -> Iterator[ColumnElement[bool]]:
    other = key.referred_table.alias("other")
    for element in key.elements:
        yield element.parent.is_not(None)
    same = and_(*(other.c[element.column.name] == element.parent for element in key.elements))
    yield ~select(1).select_from(other).where(same).exists()


def _of_numbers(source: Connection, target: Connection) -> Iterator[str]:
    last = _given(source)
    for table, number in _given(target).items():
        if number != last[table]:
            yield f"The last number given to a row of {table} is {last[table]} in SQLite and {number} in PostgreSQL."


def _given(connection: Connection) -> dict[str, int]:
    with Session(connection, join_transaction_mode="rollback_only") as session:
        return last_given(session)
