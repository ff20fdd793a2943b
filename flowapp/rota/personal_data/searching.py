"""Looking for what tells of a person in every text of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import MetaData, String, Table, Text, or_, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from flowapp.kernel.columns import Plain
from flowapp.kernel.plain import Kept
from flowapp.rota.personal_data.holdings import SIGNS
from flowapp.rota.personal_data.traces import Traces

Columns = tuple[Any, ...]
Key = tuple[Any, ...]
AT_ONCE = 500


def texts_in(metadata: MetaData) -> Iterator[tuple[Table, Columns]]:
    """Go through the tables that hold texts, with the columns that do."""
    for table in metadata.sorted_tables:
        found = tuple(column for column in table.columns if _holds_text(column.type) and column.name not in SIGNS)
        if found:
            yield table, found


def keys_with_traces(
    session: Session, table: Table, columns: Columns, traces: Traces, *, after: Key | None = None
) -> list[Key]:
    """Answer the keys of rows in which a trace may stand, a few hundred at most, those after one key.

    The database ignores case only where letters are plain, and knows no words; what it finds is looked at again.
    """
    keys = tuple(table.primary_key.columns)
    texts = [type_coerce(column, Text) for column in columns]
    hits = [text.icontains(word, autoescape=True) for text in texts for word in traces.sought()]
    query = select(*keys).where(or_(*hits)).order_by(*keys).limit(AT_ONCE)
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    return [tuple(row) for row in session.execute(query)]


def rewritten(row: Any, columns: Columns, traces: Traces) -> dict[str, str]:
    """Answer the columns of a row that change when the traces are taken out, as the texts they are kept as."""
    found: dict[str, str] = {}
    for column in columns:
        text = row[column.name]
        if text and traces.found_in(text):
            found[column.name] = _cut(traces.taken_out_of(text), column.type)
    return found


def rows_of(session: Session, table: Table, columns: Columns, keys: Sequence[Key]) -> Iterator[tuple[Key, Any]]:
    """Go through the rows with these keys, their texts as they are kept."""
    texts = [type_coerce(column, Text).label(column.name) for column in columns]
    for key in keys:
        found = session.execute(select(*texts).where(*at(table, key))).mappings().one_or_none()
        if found is not None:
            yield key, found


def at(table: Table, key: Key) -> list[Any]:
    """Make the condition for the row with this key."""
    return [column == value for column, value in zip(table.primary_key.columns, key, strict=True)]


def set_texts(session: Session, table: Table, key: Key, texts: Mapping[str, Any], **others: Any) -> None:
    """Write texts into a row as they are to be kept, JSON included, and other columns by their value."""
    kept = {name: Kept(text) if isinstance(table.c[name].type, Plain) else text for name, text in texts.items()}
    session.execute(update(table).where(*at(table, key)).values({**kept, **others}))


def _holds_text(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, Plain) or type(kind) in (String, Text)


def _cut(text: str, kind: Any) -> str:
    length = getattr(kind, "length", None) if type(kind) is String else None
    return text[:length] if length else text
