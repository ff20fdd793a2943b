"""What is looked after in the rota by whoever leads, every second: leave, reminders, tasks, checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flowapp.kernel.db import Database
from flowapp.rota.compliance.checks import run_waiting
from flowapp.rota.leave_closing import close_due
from flowapp.rota.leave_giving_back import Tell
from flowapp.rota.shift_unfilled import tell_unfilled
from flowapp.rota.tasks.overdue import tell_overdue
from flowapp.rota.training.scan import remind_due
from flowapp.rota.watches.lookout import Lookout


class Chore(NamedTuple):
    """One thing to look after; `look` answers how much there was to do."""

    name: str
    words: str
    look: Callable[[Database, datetime], int]


def chores_of_the_rota(*, tell: Tell, zone: ZoneInfo) -> tuple[Chore, ...]:
    """Answer everything that is looked after, in its order; `tell` reaches people, `zone` is the organisation's."""
    lookout = Lookout()
    return (
        Chore("leave", "Leave requests closed because their day has come", partial(close_due, tell=tell)),
        Chore("unfilled", "Open shifts told of because they are near", tell_unfilled),
        Chore("missing", "People who did not come, and handovers nobody wrote", lookout.look),
        Chore("certificates", "Certificates told of because they are due or have run out", remind_due),
        Chore("tasks", "Tasks told of because their day is over", partial(tell_overdue, zone=zone)),
        Chore("checks", "Homes checked for broken rules", run_waiting),
    )
