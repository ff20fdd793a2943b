"""The checksum of a table, the same in every database that has the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, String, Table, collate, select, type_coerce

from flowapp.kernel.columns import Direct

_AT_ONCE = 2000
# Texts in the order of their bytes; that of the language differs from server to server.
_BY_BYTES = {"sqlite": "BINARY", "postgresql": "C"}


@dataclass(frozen=True)
class Checksum:
    """How many rows a table has, and what is in them."""

    rows: int
    of_rows: str


def checksum(connection: Connection, table: Table) -> Checksum:
    """Read every row in the order of the key.

    Each value goes in with its type and its length (MessagePack), each row with the number of its columns: other
    rows, or the same in another order, give other bytes, and SHA-256 shows any byte that differs. Texts that hold
    data go in as they are kept, not as they are understood; moments as what they are, since each database writes
    them in its own way.
    """
    digest = hashlib.sha256()
    rows = 0
    encode = msgspec.msgpack.Encoder().encode
    query = select(*map(_as_kept, table.c)).order_by(*_key(connection, table))
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        digest.update(encode(tuple(row)))
        rows += 1
    return Checksum(rows, digest.hexdigest())


def _as_kept(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, column.type.impl_instance) if isinstance(column.type, Direct) else column


def _key(connection: Connection, table: Table) -> Iterator[ColumnElement[Any]]:
    for column in table.primary_key:
        yield collate(column, _BY_BYTES[connection.dialect.name]) if isinstance(column.type, String) else column
