"""What the leader does at night: runs, events, sessions and answered requests that are kept no longer go."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from flowapp.accounts import sessions
from flowapp.bootstrap import Flow
from flowapp.engine.keeping.clean_up import (
    Batch,
    Events,
    begin_counting,
    clean,
    clean_up_at,
    last_cleaned_at,
    missed_starts_before,
    note_clean_up,
    run_batches,
)
from flowapp.engine.keeping.retention import Retention, removed_before
from flowapp.http import idempotency

log = logging.getLogger(__name__)
AGAIN = timedelta(minutes=10)  # until a clean-up is tried again that failed
SWEEPS: dict[str, Callable[..., int]] = {
    "sessions": sessions.sweep,
    "answered_requests": idempotency.sweep,
}


class Nightly:
    """The clean-up of one FlowApp, and when it is due."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._not_before: datetime | None = None

    def next_time(self, now: datetime) -> datetime:
        """Answer when to clean up next."""
        with self._flow.database.read() as session:
            last = last_cleaned_at(session)
        if last is None:  # nights are counted from here, so that none is lost to a machine that is off at two
            self._flow.database.write(lambda session: begin_counting(session, now))
        at = clean_up_at(last or now, self._flow.settings.zone, now)
        return at if self._not_before is None else max(at, self._not_before)

    def run(self, stop: threading.Event) -> dict[str, int] | None:
        """Clean up, and answer how many rows of each sort were removed; None when told to stop before the end."""
        database, began = self._flow.database, self._flow.clock.now()
        self._not_before = began + AGAIN
        settings = self._flow.settings
        limits = removed_before(began, days=settings.retention_days, dull_days=settings.retention_dull_days)
        batches: dict[str, Batch] = {
            "missed_starts": missed_starts_before(limits[Retention.ORDINARY]),
            **run_batches(limits),
            "events": Events(limits[Retention.LASTING]),
        }
        removed = {name: clean(database, batch, stop) for name, batch in batches.items()}
        if stop.is_set():
            return None
        removed |= {name: database.write(partial(sweep, now=began)) for name, sweep in SWEEPS.items()}
        now = self._flow.clock.now()
        database.write(lambda session: note_clean_up(session, began, now, removed))
        log.info("cleaned up: %s", ", ".join(f"{count} {name}" for name, count in removed.items()))
        return removed
