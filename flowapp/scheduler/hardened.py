"""APScheduler's scheduler, made to live on, and to end when it is told to.

As measured: a database that was locked for eight seconds killed its thread while it went on answering that it was
running; and a scheduler that was shut down looked at its jobs once more, which took them from its successor.
"""

from __future__ import annotations

import logging

from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
AGAIN_SECONDS = 1.0
# A job that is late is done all the same, and once; APScheduler's own default drops what is a second late.
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Hardened(BackgroundScheduler):  # type: ignore[misc]
    """A scheduler whose thread outlives an error in a job store."""

    def __init__(self) -> None:
        super().__init__(job_defaults=DEFAULTS, timezone="UTC", jobstore_retry_interval=AGAIN_SECONDS)

    def _process_jobs(self) -> float | None:
        try:
            with self._jobstores_lock:  # whoever shuts it down takes this too, after saying so
                found: float | None = super()._process_jobs() if self.running else None
            return found
        except Exception:
            log.exception("the scheduler could not look at its jobs; it goes on")
            return AGAIN_SECONDS

    @property
    def alive(self) -> bool:
        """Whether its thread lives; `running` stays true when it has died."""
        thread = getattr(self, "_thread", None)
        return thread is not None and thread.is_alive()
