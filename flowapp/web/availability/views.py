"""When can you work? Saying it of one's weeks and of single days, for oneself or for one's staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import KeyReused, form_sent_before, once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Refused
from flowapp.kernel.ids import new_token
from flowapp.rota.availability import changes
from flowapp.rota.availability.availability import AvailabilityPattern
from flowapp.rota.staff import Staff
from flowapp.web.availability.forms import WeeksForm, read_days, read_weeks
from flowapp.web.availability.pages import availability_page
from flowapp.web.page import go_to, show
from flowapp.web.typed import number_or_none

bp = Blueprint("availability", __name__, url_prefix="/availability")
LONGEST_CHOICE = 18


@bp.get("/")
@allow("staff.view")
def index() -> Response:
    """Show when one can work oneself."""
    own = person().staff_id
    if own is None:
        message = "Your account does not belong to a member of staff. Open somebody’s record under Staff instead."
        raise NotFound(message)
    return _show(_load(own, "staff.view"))


@bp.get("/<int:staff_id>/")
@allow("staff.view")
def show_member(staff_id: int) -> Response:
    """Show when a member of staff can work."""
    return _show(_load(staff_id, "staff.view"))


@bp.post("/<int:staff_id>/weeks/")
@allow("availability.edit")
def say_weeks(staff_id: int) -> Response:
    """Say of somebody's weeks when they can work, for the first time or anew."""
    found, form, who = _load(staff_id, "availability.edit"), read_weeks(request.form), person()
    old = _old(staff_id, form)

    def act(session: Session, cause: Cause) -> None:
        pattern = form.read(old.anchor if old is not None else None)
        if old is None:
            changes.add_pattern(session, cause, who, staff_id, pattern)
            return
        seen = number_or_none(form.version, path="version", words="")
        fields: dict[str, Any] = vars(pattern)
        changes.change_pattern(session, cause, who, old.id, staff_id=staff_id, seen=seen, **fields)

    return _change(found, act, "Saved.", lambda refused: {"form": form.with_problems(refused.problems)})


def _old(staff_id: int, form: WeeksForm) -> AvailabilityPattern | None:
    """Answer the weeks that are said anew; raises NotFound when they are not this person's, or gone."""
    if not form.pattern:
        return None
    number = int(form.pattern) if form.pattern.isascii() and form.pattern.isdecimal() else 0
    row = reading().get(AvailabilityPattern, number) if len(form.pattern) <= LONGEST_CHOICE else None
    if row is None or row.staff_id != staff_id:
        raise NotFound
    return row


@bp.post("/<int:staff_id>/weeks/<int:pattern_id>/remove")
@allow("availability.edit")
def remove_weeks(staff_id: int, pattern_id: int) -> Response:
    """Take back what was said of somebody's weeks."""
    found, who = _load(staff_id, "availability.edit"), person()
    return _change(
        found,
        lambda session, cause: changes.remove_pattern(session, cause, who, pattern_id, staff_id=staff_id),
        "Removed.",
    )


@bp.post("/<int:staff_id>/days/")
@allow("availability.edit")
def say_days(staff_id: int) -> Response:
    """Say of a single stretch of time whether somebody can work."""
    found, form, who = _load(staff_id, "availability.edit"), read_days(request.form), person()
    return _change(
        found,
        lambda session, cause: changes.add_exception(session, cause, who, staff_id, form.read()),
        "Saved.",
        lambda refused: {"days_form": form.with_problems(refused.problems)},
    )


@bp.post("/<int:staff_id>/days/<int:exception_id>/remove")
@allow("availability.edit")
def remove_days(staff_id: int, exception_id: int) -> Response:
    """Take back what was said of a single stretch of time."""
    found, who = _load(staff_id, "availability.edit"), person()
    return _change(
        found,
        lambda session, cause: changes.remove_exception(session, cause, who, exception_id, staff_id=staff_id),
        "Removed.",
    )


def _load(staff_id: int, permission: str) -> Staff:
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), permission, On(home_id=found.home_id, staff_id=found.id))
    return found


def _show(found: Staff, status: int = 200, **typed: Any) -> Response:
    nonce = typed.pop("nonce", "") or new_token()
    chosen = request.args.get("weeks", "")[:LONGEST_CHOICE]
    now = flow().clock.now()
    page = availability_page(reading(), person(), found, now=now, nonce=nonce, chosen=chosen, **typed)
    return show("availability/index.html", page, status=status)


def _change(
    found: Staff,
    act: Callable[[Session, Cause], object],
    done: str,
    typed: Callable[[Refused], dict[str, Any]] = lambda refused: {},
) -> Response:
    """Change it once for each form that was shown; show the form again with what is wrong."""
    cause, nonce, staff_id = cause_of(), request.form.get("nonce", ""), found.id

    def write(session: Session) -> int:
        act(session, cause)
        return staff_id

    try:
        change(lambda session: once(session, nonce, cause.at, lambda: write(session)))
    except KeyReused:
        return _show(found, 422, **typed(form_sent_before("")))
    except Refused as refused:
        return _show(found, 422, nonce=nonce, **typed(refused))
    flash(done, "success")
    return go_to(url_for("availability.show_member", staff_id=staff_id))
