"""Another FlowApp process that gives shifts to somebody when told to: `shift staff` in, `done` or `conflict` out."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from flowapp.accounts.users import person_of
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.http.tables import metadata
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Conflict
from flowapp.rota.shift_changes import assign


def answer(word: str) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(url: str, user_id: int) -> None:
    """Answer line by line until the input ends."""
    assert metadata().tables
    database = Database(url)
    with database.read() as session:
        who = person_of(session, user_id)
    assert who is not None
    cause = Cause(actor=Actor(kind=ActorKind.USER, id=user_id, name=who.name), at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    answer("ready")
    for line in sys.stdin:
        shift_id, staff_id = map(int, line.split())
        try:
            database.write(lambda s, n=shift_id, m=staff_id: assign(s, cause, who, n, staff_id=m))
            answer("done")
        except Conflict:
            answer("conflict")
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
