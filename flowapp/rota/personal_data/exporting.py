"""Everything that is held about one person, gathered for them to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Table, Text, and_, or_, select, type_coerce
from sqlalchemy.orm import Session

from flowapp.accounts.users import USERS
from flowapp.rota.personal_data.holdings import HOLDINGS
from flowapp.rota.staff import Staff, member

SUBJECTS = {"leave_request": "leave_request", "shift": "shift", "staff": "staff"}  # of events and of the audit: table
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one table holds about somebody."""

    words: str
    table: str
    rows: tuple[Mapping[str, Any], ...]


def held_about(session: Session, metadata: MetaData, staff_id: int) -> tuple[Section, ...]:
    """Answer all that is held about somebody, by table; raises NotFound.

    Hashes of passwords and tokens are left out: they tell nothing, and must not travel.
    """
    found = member(session, staff_id)
    user_ids = list(session.scalars(select(USERS.c.id).where(USERS.c.staff_id == staff_id)))
    sections = []
    for holding in HOLDINGS:
        table = metadata.tables[holding.table]
        columns = [column for column in table.columns if column.name not in holding.secret]
        rows = _rows(session, table, columns, holding.of(table, staff_id, user_ids))
        sections.append(Section(words=holding.words, table=holding.table, rows=rows))
    by_table = {each.table: each.rows for each in sections}
    emails = {found.email, *(row["email"] for row in by_table["user"])}
    return (*sections, *_told_elsewhere(session, metadata, by_table, user_ids, emails))


def _told_elsewhere(
    session: Session,
    metadata: MetaData,
    held: Mapping[str, Sequence[Mapping[str, Any]]],
    user_ids: Sequence[int],
    emails: set[str],
) -> Iterator[Section]:
    tables = metadata.tables
    ids = {kind: [row["id"] for row in held.get(table, ())] for kind, table in SUBJECTS.items()}
    runs = [row["id"] for row in held["execution"]]
    mail, step, event, entry = (tables[name] for name in ("mail", "step_execution", "event", "audit_entry"))
    to_them = or_(*(type_coerce(mail.c.to, Text).icontains(f'"{each}"', autoescape=True) for each in sorted(emails)))
    yield _section(session, mail, "Mails to you", [to_them])
    yield _section(session, step, "What each step of them did", [step.c.execution_id.in_(some) for some in _some(runs)])
    about = [
        and_(event.c.subject_type == kind, event.c.subject_id.in_(some)) for kind in ids for some in _some(ids[kind])
    ]
    yield _section(session, event, "What happened, as it was written down", about)
    about = [and_(entry.c.entity == kind, entry.c.entity_id.in_(some)) for kind in ids for some in _some(ids[kind])]
    about += [entry.c.actor == f"user:{user_id}" for user_id in user_ids]
    yield _section(session, entry, "Who changed what about you, and what you changed", about)


def _section(session: Session, table: Table, words: str, conditions: Sequence[ColumnElement[bool]]) -> Section:
    """Gather the rows to which any of the conditions applies, each row once."""
    rows: dict[Any, Mapping[str, Any]] = {}
    (key,) = table.primary_key.columns
    for condition in conditions:
        rows |= {row[key.name]: row for row in _rows(session, table, list(table.columns), condition)}
    return Section(words=words, table=table.name, rows=tuple(rows[each] for each in sorted(rows)))


def _rows(session: Session, table: Table, columns: Sequence[Any], condition: Any) -> tuple[Mapping[str, Any], ...]:
    query = select(*columns).where(condition).order_by(*table.primary_key.columns)
    return tuple(dict(row) for row in session.execute(query).mappings())


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def as_document(found: Staff, sections: Sequence[Section], at: datetime) -> dict[str, Any]:
    """Answer it all as plain data, each section with what it is in words."""
    return {
        "about": {"name": found.name, "staff_number": found.employee_no},
        "made_at": at,
        "sections": [{"what": each.words, "entries": [*each.rows]} for each in sections if each.rows],
    }
