"""Emptying what was written in free words about a person: in runs about them, their leave, and what noted it down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import MetaData, Table, select
from sqlalchemy.orm import Session

from flowapp.accounts.audit_guard import rewriting
from flowapp.events.cause import Cause
from flowapp.kernel import plain
from flowapp.kernel.columns import Plain
from flowapp.kernel.db import Database
from flowapp.rota.personal_data.free_texts import emptied, gathered, without
from flowapp.rota.personal_data.searching import Columns, Key, rows_of, set_texts, texts_in

RUNS = {"execution": "id", "step_execution": "execution_id", "step_attempt": "execution_id", "undo": "execution_id"}
LEAVE = "leave_request"


def empty_runs(database: Database, metadata: MetaData, staff_id: int) -> int:
    """Empty the runs about somebody, each in a transaction of its own; answer how many rows changed."""
    runs = metadata.tables["execution"]
    with database.read() as session:
        numbers = list(session.scalars(select(runs.c.id).where(runs.c.about_staff_id == staff_id).order_by(runs.c.id)))
    return sum(database.write(lambda session, run=each: _empty_run(session, metadata, run)) for each in numbers)  # type: ignore[misc]


def empty_leave(database: Database, metadata: MetaData, cause: Cause, staff_id: int) -> int:
    """Empty what was said of somebody's leave where it was noted down; its own row is emptied afterwards."""
    requests = metadata.tables[LEAVE]
    with database.read() as session:
        query = select(requests.c.id).where(requests.c.staff_id == staff_id).order_by(requests.c.id)
        numbers = list(session.scalars(query))
    return sum(
        database.write(lambda session, number=each: _empty_request(session, metadata, cause, number))  # type: ignore[misc]
        for each in numbers
    )


def _empty_run(session: Session, metadata: MetaData, run: int) -> int:
    found = [
        (table, columns, key, row)
        for table, columns in texts_in(metadata)
        if (column := RUNS.get(table.name)) is not None
        for key, row in rows_of(session, table, columns, _keys(session, table, table.c[column] == run))
    ]
    words = {text for table, columns, _, row in found for text in _written(table, columns, row)}
    return sum(_without(session, table, key, row, columns, words) for table, columns, key, row in found)


def _empty_request(session: Session, metadata: MetaData, cause: Cause, number: int) -> int:
    requests, events, entries = (metadata.tables[name] for name in (LEAVE, "event", "audit_entry"))
    own = session.execute(select(requests).where(requests.c.id == number)).mappings().one()
    words = {*gathered({"reason": own["reason"], "decision_reason": own["decision_reason"]})}
    if not words:
        return 0
    columns = dict(texts_in(metadata))
    about = (events.c.subject_type == LEAVE) & (events.c.subject_id == number)
    changed = _all_without(session, events, columns[events], _keys(session, events, about), words)
    noted = (entries.c.entity == LEAVE) & (entries.c.entity_id == number)
    with rewriting(session):
        found = _keys(session, entries, noted)
        return changed + _all_without(session, entries, columns[entries], found, words, redacted_at=cause.at)


def _keys(session: Session, table: Table, condition: Any) -> list[Key]:
    keys = tuple(table.primary_key.columns)
    return [tuple(row) for row in session.execute(select(*keys).where(condition).order_by(*keys))]


def _written(table: Table, columns: Columns, row: Mapping[str, Any]) -> Iterable[str]:
    for column in columns:
        if column.name != "error" and row[column.name] and isinstance(column.type, Plain):  # errors are our words
            yield from gathered(plain.load(row[column.name]))


def _all_without(
    session: Session, table: Table, columns: Columns, keys: Sequence[Key], words: set[str], **others: Any
) -> int:
    rows = rows_of(session, table, columns, keys)
    return sum(_without(session, table, key, row, columns, words, **others) for key, row in [*rows])


def _without(
    session: Session, table: Table, key: Key, row: Mapping[str, Any], columns: Columns, words: set[str], **others: Any
) -> bool:
    texts: dict[str, str] = {}
    for column in columns:
        text = row[column.name]
        if text:
            is_plain = isinstance(column.type, Plain)
            after = plain.dump(emptied(plain.load(text), words)) if is_plain else without(text, words)
            if after != text:
                texts[column.name] = after
    if texts:
        set_texts(session, table, key, texts, **others)
    return bool(texts)
