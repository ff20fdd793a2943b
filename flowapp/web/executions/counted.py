"""How many runs there are, in words."""

from __future__ import annotations

from flowapp.engine.queries import MOST_COUNTED


def counted(runs: int) -> str:
    """Answer `1 run`, `40 runs`, or that there are more than anybody counts."""
    if runs > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} runs"
    return "1 run" if runs == 1 else f"{runs:,} runs"
