"""The thread in which mails are sent: a mail server that hangs must hold up nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from flowapp.kernel.db import DatabaseBusy
from flowapp.messaging.delivery import Delivered

log = logging.getLogger(__name__)


class Post:
    """Sends what is due when it is told to look; told again while it is at work, it goes on with that."""

    def __init__(self, deliver: Callable[[], Delivered]) -> None:
        self._deliver = deliver
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")
        self._last: Future[Delivered] | None = None

    def look(self) -> Future[Delivered]:
        """Begin to send what is due, unless that is going on; answer what can be waited for."""
        if self._last is None or self._last.done():
            self._last = self._thread.submit(self._once)
        return self._last

    def close(self) -> None:
        """Finish the mail that is under way."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _once(self) -> Delivered:
        try:
            return self._deliver()
        except DatabaseBusy as busy:
            log.warning("mails could not be sent; the next tick tries again: %s", busy.message)
            return Delivered()
        except Exception:
            log.exception("mails could not be sent; the next tick tries again")
            return Delivered()
