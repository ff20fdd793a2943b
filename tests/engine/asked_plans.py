"""How the database goes about what it is asked."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from tests.support.statements import heard, plan
from tests.support.statements import read_to_the_end as every_table

LARGE = ("execution", "step_execution", "step_attempt", "event", "missed_start")


def plans_of(flow: Flow, ask: Callable[[Session], object]) -> list[str]:
    """Answer the database's own plan of every statement of a question, a line for each part."""
    with flow.database.read() as session:
        with heard(session) as statements:
            ask(session)
        asked = [each for each in statements if each.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE"))]
        return [line for each in asked for line in plan(session, each)]


def read_to_the_end(lines: list[str]) -> list[str]:
    """Name the large tables that are read to their end, or an index of them."""
    return [table for table in every_table(lines) if table in LARGE]
