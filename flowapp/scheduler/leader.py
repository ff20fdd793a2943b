"""The process that leads: it ticks every second, keeps the hints, and cleans up at night.

Losing a tick or a hint costs a second, doubling one costs an empty query.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from flowapp.bootstrap import Flow
from flowapp.kernel.backends import errors_of
from flowapp.kernel.db import DatabaseBusy
from flowapp.scheduler.nightly import Nightly
from flowapp.scheduler.presence import Presence

if TYPE_CHECKING:
    from flowapp.scheduler.hardened import Hardened
    from flowapp.scheduler.hints import Hints
    from flowapp.scheduler.reporting import Reporting

log = logging.getLogger(__name__)
TICK_SECONDS = 1
LOOK_SECONDS = 0.5  # how often a process asks for the lead, and the leader after its own scheduler and hints
TOO_OLD_SECONDS = 10.0  # a tick this old means that the scheduler's thread hangs


class Leader:
    """Leads as soon as nobody else does; made and started after fork.

    With `ticks` false only the hints say when to look.
    """

    def __init__(self, flow: Flow, *, lock: Path, ticks: bool = True) -> None:
        self._flow = flow
        self._lock = flow.database.backend.lock(lock)
        self._ticks = ticks
        self._scheduler: Hardened | None = None
        self._hints: Hints | None = None
        self._last = monotonic()
        self._stop = threading.Event()
        self._nightly = Nightly(flow)
        self._presence = Presence(flow.database, flow.clock)
        self._reporting = _reporting(flow) if flow.settings.heartbeat_url else None
        self._looked = self._last
        self._planned = False  # whether the scheduler knows when to clean up
        self._told = False  # whether it was logged that this process leads
        self._thread = threading.Thread(target=self._watch, name="leader", daemon=True)

    @property
    def leads(self) -> bool:
        """Whether this process is the one that ticks."""
        return self._lock.held

    @property
    def seconds_since_look(self) -> float:
        """How long ago the thread last came round that asks for the lead, and looks after what it leads."""
        return monotonic() - self._looked

    @property
    def alive(self) -> bool:
        """Whether that thread lives."""
        return self._thread.is_alive()

    def note_return(self) -> None:
        """Note that FlowApp is back; before the engine begins, so that what fell due meanwhile can be counted."""
        self._presence.note()

    def start(self) -> None:
        """Ask for the lead, again and again."""
        self._thread.start()

    def stop(self) -> None:
        """Tick no more and let somebody else lead."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(TOO_OLD_SECONDS)
        self._end()
        if self._reporting is not None:
            self._reporting.close()
        self._lock.give_up()

    def _watch(self) -> None:
        while not self._stop.is_set():
            self._looked = monotonic()
            try:
                if self._lock.take():
                    self._keep_up()
                else:
                    self._end()  # the lead was lost, with the connection to the database
            except Exception as error:
                trace = None if self._is_away(error) else error
                log.error("the leader could not look after its scheduler; it tries again", exc_info=trace)
            self._stop.wait(LOOK_SECONDS)

    def _is_away(self, error: Exception) -> bool:
        """Say whether an error is that of a database which cannot be used just now, of which the words say all."""
        backend = self._flow.database.backend
        return isinstance(error, DatabaseBusy) or any(backend.is_away(each) for each in errors_of(error))

    def _keep_up(self) -> None:
        if not self._at_work():
            self._end()
            self._begin()
        if not self._planned:
            self._plan_clean_up()
        if self._hints is not None:
            self._hints.keep_up()

    def _at_work(self) -> bool:
        alive = self._scheduler is not None and self._scheduler.alive
        return alive and (not self._ticks or monotonic() - self._last < TOO_OLD_SECONDS)

    def _begin(self) -> None:
        # APScheduler is loaded by whoever leads, and behind the start.
        from flowapp.scheduler.hardened import Hardened
        from flowapp.scheduler.hints import Hints

        self._last = monotonic()
        scheduler = self._scheduler = Hardened()
        if self._ticks:
            at_once = self._flow.clock.now()  # whoever led before may be dead for some time
            scheduler.add_job(self._tick, "interval", seconds=TICK_SECONDS, id="tick", next_run_time=at_once)
        scheduler.start()
        self._hints = Hints(scheduler, self._flow.database, self._flow.clock, self._flow.tick)
        self._planned = self._told = False

    def _end(self) -> None:
        scheduler, self._scheduler, self._hints = self._scheduler, None, None
        if scheduler is not None and scheduler.running:
            scheduler.shutdown(wait=False)

    def _tick(self) -> None:
        self._last = monotonic()
        self._presence.note()
        try:
            self._flow.tick()
        except DatabaseBusy as busy:
            log.warning("what is due could not be looked at; the next tick tries again: %s", busy.message)
            return
        if self._reporting is not None:
            self._reporting.look()
        if not self._told:
            self._told = True
            log.info("process %d leads: it has ticked, and will every second", os.getpid())

    def _plan_clean_up(self) -> None:
        assert self._scheduler is not None
        at = self._nightly.next_time(self._flow.clock.now())
        self._scheduler.add_job(self._clean_up, "date", run_date=at, id="clean-up", replace_existing=True)
        self._planned = True

    def _clean_up(self) -> None:
        try:
            self._nightly.run(self._stop)
        finally:
            self._planned = False


def _reporting(flow: Flow) -> Reporting:
    # What calls other servers is loaded only where there is one to call.
    from flowapp.messaging.destination import allowed_from
    from flowapp.messaging.outgoing import Outgoing
    from flowapp.scheduler.reporting import Reporting

    return Reporting(
        flow.settings.heartbeat_url,
        every=flow.settings.heartbeat_seconds,
        outgoing=Outgoing(allow=allowed_from(flow.settings.outbound_allow)),
        clock=flow.clock,
    )
