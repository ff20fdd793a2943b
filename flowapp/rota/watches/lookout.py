"""Looking out for who did not come and what was not told, as the scheduler asks again and again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from flowapp.kernel.db import Database, DatabaseBusy
from flowapp.rota.handovers.missing import due_changes, note_missing
from flowapp.rota.timesheets.no_shows import due_no_shows, note_no_show

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=20)  # homes count in minutes
PATIENCE_SECONDS = 1.0  # the scheduler has other things to do than to wait for the database
Note = Callable[[Session], bool]


class Lookout:
    """Looks now and then; whoever asks more often is answered at once."""

    def __init__(self) -> None:
        self._looked: datetime | None = None

    def look(self, database: Database, now: datetime) -> int:
        """Note what is missing, each in a write of its own, and answer how much it was."""
        if self._looked is not None and abs(now - self._looked) < EVERY:
            return 0
        self._looked = now
        with database.read() as session:
            found = [*_missing(session, now)]
        noted = 0
        for what, note in found:
            try:
                noted += database.write(note, give_up=PATIENCE_SECONDS)
            except DatabaseBusy:
                break
            except Exception:
                log.exception("%s could not be noted; it is tried again", what)
        return noted


def _missing(session: Session, now: datetime) -> Iterator[tuple[str, Note]]:
    for shift_id in due_no_shows(session, now):
        yield f"that nobody came to shift {shift_id}", partial(note_no_show, shift_id=shift_id, now=now)
    for change in due_changes(session, now):
        yield f"that home {change.home_id} has no handover", partial(note_missing, change=change, now=now)
