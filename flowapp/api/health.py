"""Whether the process is up."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from flowapp.http.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Answer that the process is up; asks nothing of the database."""
    return jsonify({"status": "ok"})
