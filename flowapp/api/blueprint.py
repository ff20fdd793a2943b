"""The API's blueprint, put together from its nouns."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState

from flowapp.api import (
    absences,
    availability,
    bank_holidays,
    candidates,
    catalogue,
    certificates,
    compliance,
    embargoes,
    events,
    executions,
    exports,
    expressions,
    handovers,
    homes,
    imports,
    leave_requests,
    needs,
    payroll_exports,
    personal_data,
    rota,
    run_changes,
    schedules,
    shift_templates,
    shifts,
    staff,
    staff_homes,
    tasks,
    timesheets,
    training_types,
    violations,
    watches,
    work_limits,
    workflow_authoring,
    workflows,
)
from flowapp.api.openapi import ADDRESS, document, show_document
from flowapp.http.api_description import describe_with

NOUNS = (
    absences,
    availability,
    candidates,
    catalogue,
    certificates,
    compliance,
    bank_holidays,
    catalogue,
    embargoes,
    events,
    executions,
    exports,
    expressions,
    handovers,
    homes,
    imports,
    leave_requests,
    personal_data,
    needs,
    rota,
    payroll_exports,
    run_changes,
    schedules,
    shift_templates,
    shifts,
    staff,
    staff_homes,
    work_limits,
    training_types,
    tasks,
    violations,
    timesheets,
    watches,
    workflow_authoring,
    workflows,
)


def make() -> Blueprint:
    """Make the blueprint with every call, and beside it the description of them all."""
    bp = Blueprint("api", __name__, url_prefix="/api/v1")
    for noun in NOUNS:
        noun.add_to(bp)
    bp.record_once(_describe)
    return bp


def _describe(state: BlueprintSetupState) -> None:
    """Serve the description beside the versions of the API, not within one."""
    state.app.add_url_rule(ADDRESS, "openapi", show_document, methods=["GET"])
    describe_with(cast(Flask, state.app), document)
