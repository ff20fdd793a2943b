"""Having the lookout of a FlowApp look."""

from __future__ import annotations

from datetime import datetime

from flowapp.bootstrap import Flow


def looked_out(flow: Flow, now: datetime) -> int:
    """Look out for who did not come and what was not told, and answer how much it was."""
    (chore,) = (each for each in flow.chores if each.name == "missing")
    return chore.look(flow.database, now)
