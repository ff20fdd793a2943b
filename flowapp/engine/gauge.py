"""How often the starts of a workflow are counted: as seldom as can be without missing a flood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

FLOOD_LIMIT = 500
COUNTS_FOR = timedelta(seconds=2)  # other processes start runs, too


@dataclass
class Gauge:
    """Says when to count again: the nearer to the limit, the oftener.

    Only a hint of one process; the rows are what is counted. With four processes at most a flood is held from its
    first run on, with more a few too many may have begun.
    """

    limit: int = FLOOD_LIMIT
    _left: dict[int, tuple[int, datetime]] = field(default_factory=dict)  # starts not to be counted, by workflow

    def must_count(self, workflow_id: int, at: datetime) -> bool:
        """Say whether the starts of a workflow must be counted before this one."""
        left, until = self._left.get(workflow_id, (0, at))
        if left == 0 or at >= until:
            return True
        self._left[workflow_id] = (left - 1, until)
        return False

    def counted(self, workflow_id: int, at: datetime, found: int) -> None:
        """Take what was counted for as long as it is certain enough."""
        self._left[workflow_id] = (max(self.limit - found, 0) // 4, at + COUNTS_FOR)

    def forget(self, workflow_id: int) -> None:
        """Count again at the next start."""
        self._left.pop(workflow_id, None)
