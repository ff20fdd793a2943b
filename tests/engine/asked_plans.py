"""How the database goes about what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow

LARGE = ("execution", "step_execution", "step_attempt", "event", "missed_start")


def plans_of(flow: Flow, ask: Callable[[Session], object]) -> list[str]:
    """Answer the database's own plan of every statement of a question, a line for each part.

    They are heard from the database, since prepared statements go past SQLAlchemy.
    """
    statements: list[str] = []
    with flow.database.read() as session:
        driver: Any = session.connection().connection.driver_connection
        driver.set_trace_callback(statements.append)
        ask(session)
        driver.set_trace_callback(None)
        asked = [each for each in statements if each.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE"))]
        return [row[3] for each in asked for row in driver.execute(f"EXPLAIN QUERY PLAN {each}").fetchall()]


def read_to_the_end(plan: list[str]) -> list[str]:
    """Answer the parts that read a large table, or an index of it, to its end."""
    return [line for line in plan if _is_scan_of(line.split(" "))]


def sorted_afterwards(plan: list[str]) -> list[str]:
    """Answer the parts that sort what was found."""
    return [line for line in plan if line == "USE TEMP B-TREE FOR ORDER BY"]


def _is_scan_of(words: list[str]) -> bool:
    return words[0] == "SCAN" and words[1] in LARGE
