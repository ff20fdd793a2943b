"""Compliance: the board, one violation, and what people do about it; and checking now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import db, flow, reading
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.compliance import changes, checks
from flowapp.rota.compliance.raising import Raised
from flowapp.rota.compliance.reading import KnownViolation, visible_violation
from flowapp.rota.homes import home
from flowapp.web.compliance.finding import Wanted, visible_homes
from flowapp.web.compliance.pages import board, rules_page, violation_page
from flowapp.web.filters import plural
from flowapp.web.page import go_to, show

bp = Blueprint("compliance", __name__, url_prefix="/compliance")
MOST_CODE, MOST_RULE = 8, 40
SECONDS = 2.0  # that somebody waits for a check; what is left then is done in the background


@bp.get("/")
@allow("violation.view")
def index() -> Response:
    """Show where rules are broken."""
    return show("compliance/index.html", _board())


@bp.get("/progress")
@allow("violation.view")
def show_progress() -> Response:
    """Show how far checking is; asked again and again while homes wait."""
    return show("compliance/index.html", _board(), fragment="checking")


def _board() -> object:
    wanted = Wanted(
        over=request.args.get("tab") == "over",
        home=request.args.get("home", "")[:MOST_CODE],
        rule=request.args.get("rule", "")[:MOST_RULE],
    )
    return board(reading(), person(), wanted, now=flow().clock.now(), zone=flow().settings.zone)


@bp.post("/check-now")
@allow("violation.note")
def check_now() -> Response:
    """Look through one's homes, or the one that is named."""
    who, cause, code = person(), cause_of(), request.form.get("home", "")
    homes = [each.id for each in visible_homes(reading(), who) if not code or each.code == code]

    def ask(session: Session) -> None:
        for home_id in homes:
            checks.ask(session, cause, who, home_id=home_id)

    change(ask)
    checks.run_waiting(flow().database, cause.at, seconds=SECONDS)
    db.session.remove()  # what was read before must not be shown after it
    flash(f"{plural(len(homes), 'home was', 'homes were')} taken up for checking.", "success")
    return go_to(url_for("compliance.index"))


@bp.get("/rules/")
@allow("violation.view")
def show_rules() -> Response:
    """Show every rule."""
    return show("compliance/rules.html", rules_page(reading()))


@bp.get("/<int:violation_id>/")
@allow("violation.view")
def show_violation(violation_id: int) -> Response:
    """Show one violation."""
    return _show(visible_violation(reading(), person(), violation_id))


def _show(violation: KnownViolation, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    typed = {name: request.form.get(name, "") for name in ("resolution", "reason", "risk", "until", "again")}
    page = violation_page(reading(), person(), violation, zone=_zone(violation), typed=typed, errors=errors or {})
    return show("compliance/violation.html", page, status=status)


def _zone(violation: KnownViolation) -> ZoneInfo:
    return home(reading(), violation.home_id).zone if violation.home_id else flow().settings.zone


@bp.post("/<int:violation_id>/acknowledge")
@allow("violation.note")
def acknowledge(violation_id: int) -> Response:
    """Say that one has seen it."""
    who, act = person(), changes.acknowledge
    return _do(
        violation_id, "Others can see now that you know of it.", lambda s, cause: act(s, cause, who, violation_id)
    )


@bp.post("/<int:violation_id>/take-on")
@allow("violation.training")
def take_on(violation_id: int) -> Response:
    """Say that one is putting it right."""
    who, act = person(), changes.take_on
    return _do(violation_id, "It is yours to put right now.", lambda s, cause: act(s, cause, who, violation_id))


@bp.post("/<int:violation_id>/resolve")
@allow("violation.training")
def resolve(violation_id: int) -> Response:
    """Say how it was put right."""
    who, why, act = person(), request.form.get("resolution", ""), changes.resolve
    return _do(
        violation_id, "Put right.", lambda s, cause: act(s, cause, who, violation_id, resolution=why), "resolution"
    )


@bp.post("/<int:violation_id>/not-broken")
@allow("violation.training")
def say_not_broken(violation_id: int) -> Response:
    """Say that the rule was not broken after all."""
    who, why, act = person(), request.form.get("reason", ""), changes.say_not_broken
    return _do(
        violation_id, "Noted: not broken.", lambda s, cause: act(s, cause, who, violation_id, reason=why), "reason"
    )


@bp.post("/<int:violation_id>/accept-risk")
@allow("violation.accept")
def accept_risk(violation_id: int) -> Response:
    """Let it stay so until a day."""
    who, why, typed = person(), request.form.get("risk", ""), request.form.get("until", "")

    def act(session: Session, cause: Cause) -> None:
        changes.accept_risk(session, cause, who, violation_id, until=_day(typed), reason=why)

    return _do(violation_id, "It may stay so until that day.", act, "risk")


@bp.post("/<int:violation_id>/reopen")
@allow("violation.training")
def reopen(violation_id: int) -> Response:
    """Write one that is over down anew."""
    who, why, act = person(), request.form.get("again", ""), changes.reopen
    return _do(
        violation_id, "It was written down anew.", lambda s, c: act(s, c, who, violation_id, reason=why), "again"
    )


def _do(violation_id: int, done: str, act: Callable[[Session, Cause], object], field: str = "") -> Response:
    """Do something to a violation; what is refused is shown at the field that was typed."""
    violation, cause = visible_violation(reading(), person(), violation_id), cause_of()
    try:
        outcome = change(lambda session: act(session, cause))
    except Refused as refused:
        paths = {"until": "until"}
        return _show(violation, 422, {paths.get(each.path, field): each.message for each in refused.problems})
    flash(done, "success")
    number = outcome.violation_id if isinstance(outcome, Raised) else violation_id
    return go_to(url_for("compliance.show_violation", violation_id=number))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "Enter the last day on which it may stay so, such as 14 March 2026."
        raise Refused([Problem(path="until", code="bad_date", message=message)]) from None
