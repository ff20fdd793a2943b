"""Calling FLOWAPP_HEARTBEAT_URL every minute, so that somebody outside notices when nobody calls any more."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic

from flowapp.kernel.clock import Clock
from flowapp.kernel.errors import FlowError
from flowapp.messaging.outgoing import Outgoing

log = logging.getLogger(__name__)
KEY = "flowapp-heartbeat"


class Reporting:
    """Calls an address again and again, in a thread of its own; nothing waits for the answer."""

    def __init__(self, url: str, *, every: float, outgoing: Outgoing, clock: Clock) -> None:
        self._url = url
        self._every = every
        self._outgoing = outgoing
        self._clock = clock
        self._called: float | None = None
        self._last: Future[None] | None = None
        self._failing = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="heartbeat-url")

    def look(self) -> None:
        """Call, if a minute is over and the last call has been answered; to be told so at every tick."""
        under_way = self._last is not None and not self._last.done()
        if not self._url or under_way or (self._called is not None and monotonic() - self._called < self._every):
            return
        self._called = monotonic()
        self._last = self._thread.submit(self._call)

    def close(self) -> None:
        """Call no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _call(self) -> None:
        now = self._clock.now()
        try:
            self._outgoing.request("GET", self._url, key=KEY, now=now).accepted(now)
        except FlowError as error:
            self._failed(error.message)
        except Exception as error:  # whatever it is, the engine goes on
            self._failed(repr(error))
        else:
            if self._failing:
                log.info("FLOWAPP_HEARTBEAT_URL answers again")
            self._failing = False

    def _failed(self, words: str) -> None:
        if not self._failing:
            log.warning("FLOWAPP_HEARTBEAT_URL could not be called, and is tried again every minute: %s", words)
        self._failing = True
