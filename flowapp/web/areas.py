"""Every area of pages."""

from __future__ import annotations

from flask import Blueprint

from flowapp.web.absences.views import bp as absences
from flowapp.web.account.views import bp as account
from flowapp.web.api_docs.views import bp as api_docs
from flowapp.web.availability.views import bp as availability
from flowapp.web.bank_holidays.views import bp as bank_holidays
from flowapp.web.compliance.views import bp as compliance
from flowapp.web.eligibility.views import bp as eligibility
from flowapp.web.embargoes.views import bp as embargoes
from flowapp.web.exchange.export_views import bp as export
from flowapp.web.exchange.views import bp as exchange
from flowapp.web.executions.changes import bp as run_changes
from flowapp.web.executions.views import bp as executions
from flowapp.web.expressions.views import bp as expressions
from flowapp.web.feed.views import bp as feed
from flowapp.web.handovers.views import bp as handovers
from flowapp.web.leave.balance_views import bp as leave_balance
from flowapp.web.leave.calendar_views import bp as team_calendar
from flowapp.web.leave.views import bp as leave
from flowapp.web.needs.views import bp as needs
from flowapp.web.notifications.views import bp as notifications
from flowapp.web.outbox.views import bp as outbox
from flowapp.web.personal_data.views import bp as personal_data
from flowapp.web.rota.open_views import bp as open_shifts
from flowapp.web.rota.publish_views import bp as rota_publishing
from flowapp.web.rota.views import bp as rota
from flowapp.web.settings.views import bp as settings
from flowapp.web.setup.views import bp as setup
from flowapp.web.shift_templates.views import bp as shift_templates
from flowapp.web.shifts.form_views import bp as shift_forms
from flowapp.web.shifts.views import bp as shifts
from flowapp.web.staff.views import bp as staff
from flowapp.web.styleguide.views import bp as styleguide
from flowapp.web.tasks.views import bp as tasks
from flowapp.web.timesheets.payroll_views import bp as payroll
from flowapp.web.timesheets.views import bp as timesheets
from flowapp.web.today.views import bp as today
from flowapp.web.training.type_views import bp as training_types
from flowapp.web.training.views import bp as training
from flowapp.web.watches.views import bp as watches
from flowapp.web.work_limits.views import bp as work_limits
from flowapp.web.workflows.switch_views import bp as workflow_switching
from flowapp.web.workflows.views import bp as workflows


def blueprints() -> tuple[Blueprint, ...]:
    """Answer the pages of every area."""
    return (
        *(setup, today, account, leave, leave_balance, team_calendar, staff, personal_data),
        *(availability, absences, work_limits, eligibility),
        *(training, training_types),
        *(timesheets, payroll, handovers, watches),
        *(executions, run_changes, expressions, workflows, workflow_switching),
        *(tasks, compliance),
        *(rota, rota_publishing, open_shifts, shifts, shift_forms, shift_templates, needs),
        *(feed, settings, exchange, export, embargoes, bank_holidays),
        *(notifications, outbox, api_docs, styleguide),
    )
