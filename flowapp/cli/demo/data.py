"""The demo: homes full of people with half a year behind them, the same each time for the same day."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic

from flowapp.accounts.passwords import hash_password
from flowapp.bootstrap import Flow
from flowapp.cli.demo.accounts import SIGN_INS, Written
from flowapp.cli.demo.closed import write_closed
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.deeds import closing, steps_of
from flowapp.cli.demo.duties import duties_of
from flowapp.cli.demo.handovers import handovers_of
from flowapp.cli.demo.history import History, quick_commits
from flowapp.cli.demo.homes import SMALL, Size, homes_of
from flowapp.cli.demo.hours import hours_of
from flowapp.cli.demo.leave import leave_of
from flowapp.cli.demo.people import SEED, Colleague, people_of
from flowapp.cli.demo.presence import empty, is_half_made, note_begin, note_end, there_are_homes
from flowapp.cli.demo.setting import write_setting
from flowapp.cli.demo.shifts import shifts_of
from flowapp.cli.demo.sickness import sick_steps
from flowapp.cli.demo.story import ANNA, DAN, quiet_from, steps_beside, wishes_of
from flowapp.cli.demo.summary import summary
from flowapp.cli.demo.training import write_training
from flowapp.cli.printing import say
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.db import Database
from flowapp.kernel.ids import seeded_ids
from flowapp.kernel.keys import demo_password
from flowapp.kernel.settings import Settings

__all__ = ["SIGN_INS", "load_demo"]
Tell = Callable[[str], None]


def load_demo(settings: Settings, database: Database, now: datetime, *, size: Size = SMALL, tell: Tell = say) -> bool:
    """Load the demo as it is on the day of `now` if there is no home yet; answer whether it was loaded.

    One that was interrupted is made again from its beginning.
    """
    with _alone(settings.instance_folder):
        if not _make_room(database, now, tell):
            return False
        began = monotonic()
        days = Days(as_of=now.astimezone(settings.zone).date(), weeks=size.weeks, zone=settings.zone)
        flow = Flow(settings.model_copy(update={"database_url": database.url}), clock=FrozenClock(days.begin))
        quick_commits(flow)
        try:
            with seeded_ids(SEED):
                _make(flow, size, days, tell)
        finally:
            flow.close()
        tell(f"The demo was made in {monotonic() - began:.1f} seconds.")
        return True


def _make_room(database: Database, now: datetime, tell: Tell) -> bool:
    with database.read() as session:
        half_made, homes = is_half_made(session), there_are_homes(session)
    if half_made:
        tell("The demo was interrupted the last time; it is made again.")
        database.write(lambda session: empty(session, now))
    return half_made or not homes


def _make(flow: Flow, size: Size, days: Days, tell: Tell) -> None:
    tell("Making the demo: homes and people …")
    people = people_of(size, days.as_of)
    hashed = hash_password(demo_password(flow.settings))
    begin, end = Cause(actor=SYSTEM, at=days.begin), Cause(actor=SYSTEM, at=days.end)
    flow.database.write(lambda session: note_begin(session, begin, days.end))
    written = flow.database.write(
        lambda session: write_setting(session, begin, homes_of(size), people, days, password_hash=hashed)
    )
    _live(flow, people, written, days, size.rota, tell)
    flow.database.write(lambda session: write_training(session, people, homes_of(size), written, days))
    flow.database.write(lambda session: write_closed(session, written, days.end))
    flow.database.write(lambda session: note_end(session, end))
    with flow.database.read() as session:
        for line in summary(session):
            tell(line)


def _live(flow: Flow, people: Sequence[Colleague], written: Written, days: Days, rota: bool, tell: Tell) -> None:
    others = [who for who in people if who.email not in (ANNA, DAN)]
    wishes = [*leave_of(others, days, quiet_from=quiet_from(days)), *wishes_of(people, days)]
    history = History(flow)
    try:
        tell(f"{days.weeks} weeks of leave, asked for and decided as it was …")
        told = handovers_of(people, written, days) if rota else ()
        steps = [*steps_of(wishes, people, written), *steps_beside(written, days), *told, *closing(days)]
        history.live([*steps, *sick_steps(people, written, days)], tell)
        if rota:
            tell("The rota …")
            history.live(shifts_of(people, wishes, written, days), tell)
            tell("The hours people worked …")
            history.live(hours_of(people, written, days), tell)
            tell("What is to be done, and what breaks a rule …")
            history.live(duties_of(flow, written, days), lambda _: None)
    finally:
        history.close()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait while another process loads the demo into the same database."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "demo.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
