"""Taking lists in as somebody does, for tests."""

from __future__ import annotations

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.rota.exchange.carrying import carry_on_imports
from flowapp.rota.exchange.csv_import import CsvImport, begin_writing, own_import, take_in
from flowapp.rota.exchange.lists import ListKind
from tests.factories import cause_of


def looked_at(flow: Flow, who: Person, kind: ListKind, text: str) -> CsvImport:
    """Take a list in and let it be looked at."""
    cause = cause_of(who, flow.clock.now())
    number = flow.database.write(lambda s: take_in(s, cause, who, kind=kind, text=text, file_name="list.csv"))
    carry_on_imports(flow.database, flow.clock.now)
    return read(flow, who, number)


def written(flow: Flow, who: Person, kind: ListKind, text: str, *, only_good: bool = False) -> CsvImport:
    """Take a list in and let it be written."""
    number, cause = looked_at(flow, who, kind, text).id, cause_of(who, flow.clock.now())
    flow.database.write(lambda s: begin_writing(s, cause, who, number, only_good=only_good))
    carry_on_imports(flow.database, flow.clock.now)
    return read(flow, who, number)


def read(flow: Flow, who: Person, number: int) -> CsvImport:
    """Read how a list stands."""
    with flow.database.read() as session:
        return own_import(session, who, number)


def csv_of(*lines: str) -> str:
    """Join lines as RFC 4180 does."""
    return "".join(f"{line}\r\n" for line in lines)
