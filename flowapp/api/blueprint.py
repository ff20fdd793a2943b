"""The API's blueprint, put together from its nouns."""

from __future__ import annotations

from flask import Blueprint

from flowapp.api import executions, homes, leave_requests, shifts, staff, workflows


def make() -> Blueprint:
    """Make the blueprint with every call."""
    bp = Blueprint("api", __name__, url_prefix="/api/v1")
    for noun in (executions, homes, leave_requests, shifts, staff, workflows):
        noun.add_to(bp)
    return bp
