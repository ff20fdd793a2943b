"""How often the starts of a workflow are counted: as seldom as can be without missing a flood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

FLOOD_LIMIT = 500
CALM_FOR = timedelta(seconds=10)  # other processes start runs, too
FLOOD_FOR, AT_ONCE = timedelta(seconds=1), 25  # counting a flood costs more than the rest of a start


class _Known(NamedTuple):
    """What the last count said, and for how many starts and until when it is believed."""

    is_flood: bool
    left: int
    until: datetime


@dataclass
class Gauge:
    """Remembers what was counted, and says when to count again: the nearer to the limit, the oftener.

    Only a hint of one process; the rows are what is counted. One process holds a flood from its first run on; of
    several, all together let at most half of the limit begin before they notice.
    """

    limit: int = FLOOD_LIMIT
    processes: int = 1  # that start runs
    _known: dict[int, _Known] = field(default_factory=dict)  # by workflow

    def is_flood(self, workflow_id: int, at: datetime) -> bool | None:
        """Say whether a start belongs to a flood; None when it must be counted."""
        known = self._known.get(workflow_id)
        if known is None or known.left == 0 or at >= known.until:
            return None
        self._known[workflow_id] = _Known(known.is_flood, known.left - 1, known.until)
        return known.is_flood

    def counted(self, workflow_id: int, at: datetime, found: int) -> bool:
        """Take what was counted, and answer whether it is a flood."""
        room = self.limit - found
        self._known[workflow_id] = (
            _Known(False, room // (2 * self.processes), at + CALM_FOR)
            if room > 0
            else _Known(True, AT_ONCE, at + FLOOD_FOR)
        )
        return room <= 0

    def forget(self, workflow_id: int) -> None:
        """Count again at the next start."""
        self._known.pop(workflow_id, None)
