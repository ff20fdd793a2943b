"""Every area of pages."""

from __future__ import annotations

from flask import Blueprint

from flowapp.web.account.views import bp as account
from flowapp.web.executions.views import bp as executions
from flowapp.web.leave.views import bp as leave
from flowapp.web.notifications.views import bp as notifications
from flowapp.web.styleguide.views import bp as styleguide
from flowapp.web.today.views import bp as today
from flowapp.web.workflows.views import bp as workflows


def blueprints() -> tuple[Blueprint, ...]:
    """Answer the pages of every area."""
    return (today, account, leave, executions, workflows, notifications, styleguide)
