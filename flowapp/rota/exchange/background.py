"""The thread in which lists are carried on: a long one must hold up nothing else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from flowapp.kernel.db import DatabaseBusy

log = logging.getLogger(__name__)


class Background:
    """Carries on what is under way when it is told to look; told again while it is at work, it looks once more."""

    def __init__(self, carry_on: Callable[[Callable[[], bool]], int]) -> None:
        self._carry_on = carry_on  # is given what says whether to stop between two batches
        self._closing = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="imports")
        self._next: Future[int] | None = None

    def look(self) -> Future[int]:
        """Begin to carry on, unless that is about to happen; answer what can be waited for."""
        if self._next is None or self._next.done() or self._next.running():
            self._next = self._thread.submit(self._once)
        return self._next

    def close(self) -> None:
        """Finish the rows that are under way."""
        self._closing.set()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _once(self) -> int:
        try:
            return self._carry_on(self._closing.is_set)
        except DatabaseBusy as busy:
            log.warning("a list could not be carried on; the next tick tries again: %s", busy.message)
        except Exception:
            log.exception("a list could not be carried on; the next tick tries again")
        return 0
