"""Every area of pages."""

from __future__ import annotations

from flask import Blueprint

from flowapp.web.account.views import bp as account
from flowapp.web.api_docs.views import bp as api_docs
from flowapp.web.bank_holidays.views import bp as bank_holidays
from flowapp.web.embargoes.views import bp as embargoes
from flowapp.web.exchange.export_views import bp as export
from flowapp.web.exchange.views import bp as exchange
from flowapp.web.executions.changes import bp as run_changes
from flowapp.web.executions.views import bp as executions
from flowapp.web.expressions.views import bp as expressions
from flowapp.web.feed.views import bp as feed
from flowapp.web.leave.balance_views import bp as leave_balance
from flowapp.web.leave.calendar_views import bp as team_calendar
from flowapp.web.leave.views import bp as leave
from flowapp.web.notifications.views import bp as notifications
from flowapp.web.outbox.views import bp as outbox
from flowapp.web.settings.views import bp as settings
from flowapp.web.setup.views import bp as setup
from flowapp.web.staff.views import bp as staff
from flowapp.web.styleguide.views import bp as styleguide
from flowapp.web.today.views import bp as today
from flowapp.web.workflows.switch_views import bp as workflow_switching
from flowapp.web.workflows.views import bp as workflows


def blueprints() -> tuple[Blueprint, ...]:
    """Answer the pages of every area."""
    return (
        *(setup, today, account, feed, leave, leave_balance, team_calendar, staff),
        *(executions, run_changes, expressions, workflows, workflow_switching),
        *(settings, exchange, export, embargoes, bank_holidays),
        *(notifications, outbox, api_docs, styleguide),
    )
