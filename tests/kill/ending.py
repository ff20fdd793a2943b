"""What is there when all is quiet again: the rows, what came outside, and what was asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.kill.evidence import Evidence, Row
from tests.kill.store import Came


@dataclass(frozen=True)
class Sent:
    """A start that somebody asked for; the number of its execution, if they were told."""

    kind: str
    key: str
    execution_id: int | None = None


@dataclass(frozen=True)
class Case:
    """What is asked about: the rows, what came outside, and who was told what."""

    found: Evidence
    came: Sequence[Came]
    sent: Sequence[Sent]
    kinds: Mapping[int, str]  # by the number of the workflow
    late_seconds: float = 60.0  # how late a timer may be: as long as the server was away, and some


def executions(case: Case) -> list[Row]:
    """Answer the executions of the kinds; those of other workflows have evidence of their own."""
    return [row for row in case.found.rows("SELECT * FROM execution ORDER BY id") if row["workflow_id"] in case.kinds]


def attempts_of(case: Case) -> dict[tuple[int, str], list[Row]]:
    """Answer the attempts at each step, in their order."""
    found: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in case.found.rows("SELECT * FROM step_attempt ORDER BY id"):
        found[row["execution_id"], row["path"]].append(row)
    return found


def moment_of(text: str) -> datetime:
    """Answer the moment that a row tells."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
