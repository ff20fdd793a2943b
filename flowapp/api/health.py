"""Whether the process is up, and whether it may be sent requests."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify

from flowapp.bootstrap import Flow
from flowapp.engine.operating.presence import last_tick
from flowapp.engine.operating.readiness import Found, not_ready
from flowapp.http.access import public
from flowapp.http.running import flow
from flowapp.kernel.schema import current_revision, newest_revision
from flowapp.kernel.storage import UNREADABLE

log = logging.getLogger(__name__)
bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Answer that the process is up; asks nothing of the database."""
    return jsonify({"status": "ok"})


@bp.get("/readyz")
@public
def readyz() -> Response:
    """Answer whether this process may be sent requests, and otherwise, with 503, what is not ready."""
    wrong = _wrong(flow())
    response = jsonify({"status": "not ready" if wrong else "ready", "not_ready": wrong})
    response.status_code = 503 if wrong else 200
    return response


def _wrong(flow: Flow) -> list[str]:
    try:
        revision = current_revision(flow.database)
        if revision is None:
            return ["The database is empty; start FlowApp with `make run`, which makes the tables."]
        with flow.database.read() as session:
            ticked_at = last_tick(session)
    except UNREADABLE as error:  # asked every few seconds, for as long as it is away
        log.warning("the database cannot be read: %s", str(error).partition("\n")[0])
        return ["The database cannot be read; `flask flow doctor` says more."]
    found = Found(
        revision=revision,
        newest_revision=newest_revision(),
        ticked_at=ticked_at,
        engine_alive=flow.loop.alive,
        seconds_since_look=flow.loop.seconds_since_look,
    )
    return list(not_ready(found, flow.clock.now()))
