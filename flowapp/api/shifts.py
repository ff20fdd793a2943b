"""Shifts over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_day, asked_home, asked_word, asked_yes_or_no
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.shifts import ShiftAnswer, ShiftPage, ShiftQuery
from flowapp.api.schemas.values import ReasonBody
from flowapp.api.shift_bodies import AssignBody, NoBody, ShiftBody, ShiftChange, as_body
from flowapp.api.versions import needed_version, seen_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.rota import shift_changes
from flowapp.rota.shift_acknowledging import acknowledge
from flowapp.rota.shift_reading import PlannedShift, planned_shifts, seen_by, shift_as_it_is, visible_shift
from flowapp.rota.shifts import Shift, ShiftStatus


def add_to(bp: Blueprint) -> None:
    """Add the calls about shifts."""
    bp.add_url_rule("/shifts", view_func=list_shifts, methods=["GET"])
    bp.add_url_rule("/shifts", view_func=create_shift, methods=["POST"])
    bp.add_url_rule("/shifts/<int:shift_id>", view_func=show_shift, methods=["GET"])
    bp.add_url_rule("/shifts/<int:shift_id>", view_func=update_shift, methods=["PATCH"])
    bp.add_url_rule("/shifts/<int:shift_id>", view_func=delete_shift, methods=["DELETE"])
    bp.add_url_rule("/shifts/<int:shift_id>/assign", view_func=assign_shift, methods=["POST"])
    bp.add_url_rule("/shifts/<int:shift_id>/unassign", view_func=unassign_shift, methods=["POST"])
    bp.add_url_rule("/shifts/<int:shift_id>/publish", view_func=publish_shift, methods=["POST"])
    bp.add_url_rule("/shifts/<int:shift_id>/acknowledge", view_func=acknowledge_shift, methods=["POST"])
    bp.add_url_rule("/shifts/<int:shift_id>/cancel", view_func=cancel_shift, methods=["POST"])


@allow("rota.view")
@documented(Call(query=ShiftQuery, answer=ShiftPage))
def list_shifts() -> Response:
    """Answer the shifts one may see in the order of their starts; `from` and `to` are days, both included."""
    who, wanted = person(), _wanted()

    def fetch(limit: int, after: int | None) -> list[PlannedShift]:
        query = planned_shifts().where(seen_by(who), *wanted).order_by(Shift.starts_at, Shift.id).limit(limit)
        if after is not None:
            query = query.where(tuple_(Shift.starts_at, Shift.id) > tuple_(_start_of(after), after))
        return [PlannedShift(*row) for row in reading().execute(query)]

    return jsonify(page_of(fetch, lambda shift: shift.id, lambda shift: as_body(shift, who)))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(Shift.home_id == home_id)
    if first := asked_day("from"):
        found.append(Shift.local_date >= first)
    if last := asked_day("to"):
        found.append(Shift.local_date <= last)
    if status := asked_word("status", ShiftStatus):
        found.append(Shift.status == status)
    if (is_open := asked_yes_or_no("open")) is not None:
        found.append((Shift.status == ShiftStatus.OPEN) if is_open else (Shift.status != ShiftStatus.OPEN))
    return found


def _start_of(shift_id: int) -> Any:
    try:
        return visible_shift(reading(), person(), shift_id).starts_at
    except NotFound:
        message = "This cursor is not one that a list gave you. Begin again without it."
        raise Refused([Problem(path="cursor", code="bad_value", message=message)]) from None


@allow("rota.view")
@documented(Call(answer=ShiftAnswer))
def show_shift(shift_id: int) -> Response:
    """Answer one shift; its version is the ETag."""
    found = visible_shift(reading(), person(), shift_id)
    return tagged(jsonify(as_body(found, person())), found.version)


@allow("shift.edit", scope="rota")
@documented(Call(body=ShiftBody, answer=ShiftAnswer, status=201, once=True))
def create_shift() -> tuple[Response, int, dict[str, str]]:
    """Plan a shift."""
    body, who = body_as(ShiftBody), person()
    plan = body.plan()

    def act(session: Session, cause: Cause) -> int:
        return shift_changes.create(session, cause, who, home_id=body.care_home_id, plan=plan, staff_id=body.staff_id)

    made = _once(act)
    return _answer(made), 201, {"Location": url_for("api.show_shift", shift_id=made["id"])}


@allow("shift.edit", scope="rota")
@documented(Call(body=ShiftChange, answer=ShiftAnswer, if_match="must", conflict=True))
def update_shift(shift_id: int) -> Response:
    """Plan a shift otherwise."""
    seen, given, who, cause = needed_version(), body_as(ShiftChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        shift_changes.update(session, cause, who, shift_id, seen=seen, **given)
        return as_body(shift_as_it_is(session, shift_id), who)

    return _answer(change(write))


@allow("shift.edit", scope="rota")
@documented(Call(body=ReasonBody, answer=ShiftAnswer, if_match="may", once=True, conflict=True))
def delete_shift(shift_id: int) -> Response:
    """Cancel a shift; its record stays."""
    return _cancel(shift_id)


@allow("shift.edit", scope="rota")
@documented(Call(body=ReasonBody, answer=ShiftAnswer, if_match="may", once=True, conflict=True))
def cancel_shift(shift_id: int) -> Response:
    """Cancel a shift."""
    return _cancel(shift_id)


def _cancel(shift_id: int) -> Response:
    body, seen, who = body_as(ReasonBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        shift_changes.cancel(session, cause, who, shift_id, reason=body.reason, seen=seen)
        return shift_id

    return _answer(_once(act))


@allow("shift.assign", scope="rota")
@documented(Call(body=AssignBody, answer=ShiftAnswer, if_match="may", once=True, conflict=True))
def assign_shift(shift_id: int) -> Response:
    """Give a shift to somebody; every rule is asked again, and one that forbids it is told."""
    body, seen, who = body_as(AssignBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        shift_changes.assign(
            session,
            cause,
            who,
            shift_id,
            staff_id=body.staff_id,
            replacing=body.replacing,
            seen=seen,
            overruling=body.overruling,
        )
        return shift_id

    return _answer(_once(act))


@allow("shift.assign", scope="rota")
@documented(Call(body=ReasonBody, answer=ShiftAnswer, if_match="may", once=True, conflict=True))
def unassign_shift(shift_id: int) -> Response:
    """Take whoever has a shift off it."""
    body, seen, who = body_as(ReasonBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        shift_changes.unassign(session, cause, who, shift_id, reason=body.reason, seen=seen)
        return shift_id

    return _answer(_once(act))


@allow("rota.publish", scope="rota")
@documented(Call(body=NoBody, answer=ShiftAnswer, if_match="may", once=True, conflict=True))
def publish_shift(shift_id: int) -> Response:
    """Let staff see a shift."""
    body_as(NoBody)
    seen, who = seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        shift_changes.publish(session, cause, who, shift_id, seen=seen)
        return shift_id

    return _answer(_once(act))


@allow("rota.view", scope="rota")
@documented(Call(body=NoBody, answer=ShiftAnswer, if_match="may", once=True, conflict=True))
def acknowledge_shift(shift_id: int) -> Response:
    """Say that one has seen a shift of one’s own."""
    body_as(NoBody)
    seen, who = seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        acknowledge(session, cause, who, shift_id, seen=seen)
        return shift_id

    return _answer(_once(act))


def _once(act: Callable[[Session, Cause], int]) -> dict[str, Any]:
    """Do something to a shift once for each Idempotency-Key, and answer the shift as it was right after it."""
    who, cause, key = person(), cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        return as_body(shift_as_it_is(session, act(session, cause)), who)

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return made


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
