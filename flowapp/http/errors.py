"""What people and programs are told when something is refused or goes wrong: never a bare code, never a trace."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from flowapp.http.access import READ_METHODS, SignInNeeded, wants_json
from flowapp.http.csrf import FormExpired
from flowapp.http.running import flow
from flowapp.kernel.changes import OutcomeUnknown
from flowapp.kernel.db import DatabaseAway, DatabaseBusy
from flowapp.kernel.errors import Conflict, FlowError, NotAllowed, NotFound, Problem, Refused

log = logging.getLogger(__name__)
STATUS: dict[type[FlowError], int] = {
    SignInNeeded: 401,
    FormExpired: 400,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Refused: 422,
    DatabaseBusy: 503,
    OutcomeUnknown: 503,
}


class BadRequest(FlowError):
    """The request could not be read."""

    code = "bad_request"


STATUS[BadRequest] = 400


def status_of(error: FlowError) -> int:
    """Answer the HTTP status of one of our errors; an error nobody foresaw is our own fault."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def install(app: Flask) -> None:
    """Answer every error as a page or as problem+json."""
    app.register_error_handler(FlowError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _of_the_database)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: FlowError) -> AnyResponse:
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, DatabaseBusy | OutcomeUnknown):
        return _unforeseen(error)
    if wants_json():
        return problem_json(status, error.message, getattr(error, "problems", ()))
    if isinstance(error, SignInNeeded):
        if "HX-Request" in request.headers:  # a block of a page asked; the whole browser has to go
            return Response("", status, {"HX-Redirect": url_for("account.sign_in")})
        return redirect(url_for("account.sign_in", next=_way_back()), HTTPStatus.SEE_OTHER)
    if isinstance(error, DatabaseAway):
        # Past `render_template`, which would ask the database for the frame around the page.
        return Response(current_app.jinja_env.get_template("errors/_away.html").render(), status)
    return _page(status, error.message)


def _of_the_database(error: DBAPIError) -> AnyResponse:
    if flow().database.backend.is_away(error):
        log.warning("the database cannot be reached: %s", str(error.orig).partition("\n")[0])
        return _ours(DatabaseAway())
    return _unforeseen(error)


def _way_back() -> str | None:
    return request.full_path.rstrip("?") if request.method in READ_METHODS and request.path != "/" else None


def _http(error: HTTPException) -> AnyResponse:
    if error.response is not None or (error.code or 500) < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    status = error.code or 500
    words = _WORDS.get(status, error.description or "The request could not be answered.")
    answer = problem_json(status, words) if wants_json() else _page(status, words)
    for name in ("Allow", "Retry-After"):
        if (value := dict(error.get_headers()).get(name)) is not None:
            answer.headers[name] = value
    return answer


_WORDS = {
    400: "The request could not be read.",
    404: "That page does not exist, or you may not see it.",
    405: "That cannot be done at this address.",
    413: "That is larger than is allowed: 2 megabytes at most. Send a long list in several parts.",
    415: "Send JSON, with the header Content-Type: application/json.",
}


def _unforeseen(error: Exception) -> AnyResponse:
    reference = secrets.token_hex(4)
    log.error("unforeseen error, reference %s", reference, exc_info=error)
    words = f"Something went wrong inside FlowApp. Nothing you did is lost. Reference: {reference}."
    return problem_json(500, words) if wants_json() else _page(500, words, reference)


PAGES = {401: 403, 403: 403, 404: 404, 405: 404, 429: 429, 503: 503}


def _page(status: int, words: str, reference: str = "") -> AnyResponse:
    known = PAGES.get(status, 500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 422)
    return Response(render_template(f"errors/{known}.html", message=words, reference=reference), status)


def problem_json(status: int, detail: str, problems: tuple[Problem, ...] = ()) -> AnyResponse:
    """Answer a problem as RFC 9457 says."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if problems:
        body["problems"] = [_as_json(problem) for problem in problems]
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _as_json(problem: Problem) -> dict[str, str]:
    body = {"path": problem.path, "code": problem.code, "message": problem.message}
    return body | ({"suggestion": problem.suggestion} if problem.suggestion else {})
