"""Answers with a list as CSV, written while it is sent, so that a long one needs no more memory than a short one."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from flowapp.accounts.people import Person
from flowapp.http.running import flow
from flowapp.kernel.db import Database
from flowapp.rota.exchange.csv_text import csv_text
from flowapp.rota.exchange.going_out import Part, columns_of, rows_of
from flowapp.rota.exchange.lists import ListKind


def csv_answer(who: Person, kind: ListKind, part: Part, *, mark: bool) -> Response:
    """Answer with the rows of a list that somebody may see."""
    answer = Response(_pieces(flow().database, who, kind, part, mark=mark), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind.value}.csv"'
    return answer


def _pieces(database: Database, who: Person, kind: ListKind, part: Part, *, mark: bool) -> Iterator[str]:
    with database.read() as session:  # the request's own session is closed before the last piece is sent
        yield from csv_text(columns_of(kind), rows_of(session, who, kind, part), mark=mark)
