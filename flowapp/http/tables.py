"""Every table of the project, loaded so that migrations and tests see them all."""

from __future__ import annotations

from sqlalchemy import MetaData

from flowapp.accounts import audit, sessions, sign_in_links, throttle, tokens, users
from flowapp.engine import execution, schedules
from flowapp.engine.entry import flood
from flowapp.engine.keeping import clean_up
from flowapp.engine.operating import presence, tally
from flowapp.engine.signals import awaited, signals
from flowapp.engine.undoing import undo
from flowapp.events import outbox as events
from flowapp.http import idempotency
from flowapp.kernel.columns import Base
from flowapp.messaging import in_app
from flowapp.messaging import outbox as mails
from flowapp.rota import demand, homes, leave, leave_balance, leave_embargo, leave_policy, shifts, staff, units
from flowapp.rota.exchange import csv_import
from flowapp.rota.feed import address
from flowapp.workflows import workflow

NOUNS = (
    *(audit, sessions, sign_in_links, throttle, tokens, users),
    *(awaited, clean_up, execution, flood, presence, schedules, signals, tally, undo),
    *(events, idempotency, in_app, mails),
    *(
        address,
        csv_import,
        homes,
        leave,
        leave_balance,
        leave_embargo,
        leave_policy,
        demand,
        shifts,
        staff,
        units,
        workflow,
    ),
)


def metadata() -> MetaData:
    """Answer the tables of all nouns."""
    return Base.metadata
