"""Whether a process may be sent requests, decided from what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

TICK_TOO_OLD = timedelta(seconds=35)  # it is noted every ten
LOOK_TOO_OLD = 60.0  # seconds; a database that is busy keeps the engine from looking for some of them


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a process found out about itself and its database."""

    revision: str | None
    newest_revision: str
    ticked_at: datetime | None
    engine_alive: bool  # whether the thread of this process lives that looks for what is due
    seconds_since_look: float


def not_ready(found: Found, now: datetime) -> Iterator[str]:
    """Say what is not ready, a sentence each."""
    if found.revision != found.newest_revision:
        has = found.revision or "none"
        yield f"The database is at revision {has}, and this FlowApp needs {found.newest_revision}; restart it."
    if not found.engine_alive:
        yield "The engine’s thread in this process has ended; restart FlowApp."
    elif found.seconds_since_look > LOOK_TOO_OLD:
        yield f"The engine of this process has not looked for work for {found.seconds_since_look:.0f} seconds."
    if found.ticked_at is None:
        yield "No process has ticked yet; that takes a second after the start."
    elif now - found.ticked_at > TICK_TOO_OLD:
        yield f"No process has ticked since {found.ticked_at:%Y-%m-%d %H:%M:%S} UTC; nobody leads, or it hangs."
