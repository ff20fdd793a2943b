"""Events that have come for a step that waits for some: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flowapp.engine.places import Path


class Arrived(NamedTuple):
    """An event of a type that is waited for; `taken_by` are the steps of the same execution that took it."""

    seq: int
    name: str
    at: datetime
    context: dict[str, Any]
    taken_by: tuple[Path, ...] = ()

    @property
    def record(self) -> dict[str, Any]:
        """The event as later steps read it."""
        return {"name": self.name, "at": self.at.isoformat(), "context": self.context}


@dataclass(frozen=True)
class Arrivals:
    """Events in the order in which they were recorded; `more` says that there may be others after them."""

    events: tuple[Arrived, ...] = ()
    more: bool = False
