"""Renewing the leases of the steps that this process is acting on.

A renewal needs the epoch of the claim, as a result does: whoever slept through a lease that somebody else has taken
over renews nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, tuple_, update
from sqlalchemy.orm import Session

from flowapp.engine.execution import STEPS, StepStatus
from flowapp.engine.parts import EngineParts
from flowapp.kernel.db import DatabaseBusy

log = logging.getLogger(__name__)
BEATS = 4  # in one lease
MOST_SECONDS = 600.0  # what has not come back by then is given to somebody else


class Claim(NamedTuple):
    """A step that was taken, and when it was."""

    execution_id: int
    path: str
    epoch: int


class Heartbeat:
    """Knows which steps are being acted on, and keeps their leases from running out."""

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._seconds = parts.lease_seconds / BEATS
        self._since: dict[Claim, float] = {}
        self._last = self._moment()
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    @contextmanager
    def over(self, execution_id: int, path: str, epoch: int) -> Iterator[None]:
        """Renew a claim until this ends."""
        claim = Claim(execution_id, path, epoch)
        with self._guard:
            self._since[claim] = monotonic()
        try:
            yield
        finally:
            with self._guard:
                del self._since[claim]

    def beat(self) -> int:
        """Renew every lease, and answer how many that were; of those that are lost, none."""
        with self._guard:
            oldest = monotonic() - MOST_SECONDS
            claims = [claim for claim, since in self._since.items() if since >= oldest]
        began = self._moment()
        renewed = self._parts.database.write(lambda session: self._renew(session, claims)) if claims else 0
        self._last = began
        return renewed

    def catch_up(self) -> None:
        """Renew at once if that is overdue, as it is when the process stood still; before others' are given back.

        A machine that sleeps stops its own clock and not the one on the wall, by which leases run out: both are asked.
        """
        (since, at), (then, was_at) = self._moment(), self._last
        if max(since - then, (at - was_at).total_seconds()) > 2 * self._seconds:
            self.beat()

    def _moment(self) -> tuple[float, datetime]:
        return monotonic(), self._parts.clock.now()

    def start(self) -> None:
        """Begin, unless it has begun."""
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """End; to be called when nothing is acted on any more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(self._seconds + 1)

    def _renew(self, session: Session, claims: list[Claim]) -> int:
        until = self._parts.clock.now() + timedelta(seconds=self._parts.lease_seconds)
        ours = tuple_(STEPS.c.execution_id, STEPS.c.path, STEPS.c.epoch).in_(claims)
        renewed: CursorResult[Any] = session.execute(
            update(STEPS).where(STEPS.c.status == StepStatus.RUNNING, ours).values(lease_until=until)
        )  # type: ignore[assignment]
        return renewed.rowcount

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self.beat()
            except DatabaseBusy as busy:
                log.warning("leases could not be renewed; trying again: %s", busy.message)
            except Exception:
                log.exception("leases could not be renewed; trying again")
