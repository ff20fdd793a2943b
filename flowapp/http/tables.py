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
from flowapp.rota import homes, leave, leave_balance, leave_embargo, leave_policy, shifts, staff, units
from flowapp.rota.absence import absence
from flowapp.rota.assignment import entries
from flowapp.rota.availability import availability
from flowapp.rota.compliance import check, rule, violation
from flowapp.rota.demand import need
from flowapp.rota.exchange import csv_import
from flowapp.rota.feed import address
from flowapp.rota.handovers import handover
from flowapp.rota.home_scope import scopes
from flowapp.rota.payroll import export
from flowapp.rota.shift_templates import template
from flowapp.rota.tasks import task
from flowapp.rota.timesheets import timesheet
from flowapp.rota.training import certificates, requirements, types
from flowapp.rota.watches import watch
from flowapp.workflows import workflow

NOUNS = (
    *(audit, sessions, sign_in_links, throttle, tokens, users),
    *(awaited, clean_up, execution, flood, presence, schedules, signals, tally, undo),
    *(events, idempotency, in_app, mails),
    *(absence, availability, scopes),
    *(types, certificates, requirements),
    *(task, check, rule, violation, entries),
    *(homes, leave, leave_balance, leave_embargo, leave_policy, need, shifts, staff, template, units, workflow),
    *(export, handover, timesheet, watch),
    *(address, csv_import),
)


def metadata() -> MetaData:
    """Answer the tables of all nouns."""
    return Base.metadata
