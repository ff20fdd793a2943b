"""Violations over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement, not_
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_text, asked_word, asked_yes_or_no
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.violations import (
    RiskBody,
    ViolationAnswer,
    ViolationBody,
    ViolationMade,
    ViolationPage,
    ViolationQuery,
    ViolationReason,
)
from flowapp.api.shift_bodies import NoBody
from flowapp.api.versions import seen_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.compliance import changes
from flowapp.rota.compliance.raising import Report, report
from flowapp.rota.compliance.reading import (
    KnownViolation,
    is_live,
    known_violations,
    seen_by,
    violation_as_it_is,
    visible_violation,
)
from flowapp.rota.compliance.rule import Severity
from flowapp.rota.compliance.violation import ComplianceViolation, ViolationStatus

Act = Callable[[Session, Cause], int]


def add_to(bp: Blueprint) -> None:
    """Add the calls about violations."""
    one = "/violations/<int:violation_id>"
    bp.add_url_rule("/violations", view_func=list_violations, methods=["GET"])
    bp.add_url_rule("/violations", view_func=create_violation, methods=["POST"])
    bp.add_url_rule(one, view_func=show_violation, methods=["GET"])
    bp.add_url_rule(f"{one}/acknowledge", view_func=acknowledge_violation, methods=["POST"])
    bp.add_url_rule(f"{one}/take-on", view_func=take_on_violation, methods=["POST"])
    bp.add_url_rule(f"{one}/resolve", view_func=resolve_violation, methods=["POST"])
    bp.add_url_rule(f"{one}/accept-risk", view_func=accept_violation, methods=["POST"])
    bp.add_url_rule(f"{one}/not-broken", view_func=say_not_broken, methods=["POST"])
    bp.add_url_rule(f"{one}/reopen", view_func=reopen_violation, methods=["POST"])


@allow("violation.view")
@documented(Call(query=ViolationQuery, answer=ViolationPage))
def list_violations() -> Response:
    """Answer the violations one may see, the newest first."""
    who, wanted = person(), _wanted()

    def fetch(limit: int, before: int | None) -> list[KnownViolation]:
        query = known_violations().where(seen_by(who), *wanted).order_by(ComplianceViolation.id.desc()).limit(limit)
        if before is not None:
            query = query.where(ComplianceViolation.id < before)
        return [KnownViolation(*row) for row in reading().execute(query)]

    return jsonify(page_of(fetch, lambda violation: violation.id, as_body))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(ComplianceViolation.home_id == home_id)
    if rule := asked_text("rule"):
        found.append(ComplianceViolation.rule == rule.upper())
    if severity := asked_word("severity", Severity):
        found.append(ComplianceViolation.severity == severity)
    if status := asked_word("status", ViolationStatus):
        found.append(ComplianceViolation.status == status)
    if (live := asked_yes_or_no("live")) is not None:
        found.append(is_live() if live else not_(is_live()))
    return found


@allow("violation.view")
@documented(Call(answer=ViolationAnswer))
def show_violation(violation_id: int) -> Response:
    """Answer one violation; its version is the ETag."""
    return _answer(as_body(visible_violation(reading(), person(), violation_id)))


@allow("violation.note", scope="rota")
@documented(Call(body=ViolationBody, answer=ViolationMade, status=201, once=True))
def create_violation() -> tuple[Response, int, dict[str, str]]:
    """Say that a rule is broken; what is known already is answered as it is."""
    body, who, cause = body_as(ViolationBody), person(), cause_of()
    given = body.model_dump(exclude={"care_home_id"}) | {"home_id": body.care_home_id}
    key = request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        made = report(session, cause, who, Report(**given))
        return as_body(violation_as_it_is(session, made.violation_id)) | {"created": made.created}

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_violation", violation_id=made["id"])}


@allow("violation.note", scope="rota")
@documented(Call(body=NoBody, answer=ViolationAnswer, if_match="may", once=True, conflict=True))
def acknowledge_violation(violation_id: int) -> Response:
    """Say that one has seen it."""
    body_as(NoBody)
    seen, who = seen_version(), person()
    return _do(violation_id, lambda s, cause: changes.acknowledge(s, cause, who, violation_id, seen=seen))


@allow("violation.note", scope="rota")
@documented(Call(body=NoBody, answer=ViolationAnswer, if_match="may", once=True, conflict=True))
def take_on_violation(violation_id: int) -> Response:
    """Say that one is putting it right."""
    body_as(NoBody)
    seen, who = seen_version(), person()
    return _do(violation_id, lambda s, cause: changes.take_on(s, cause, who, violation_id, seen=seen))


@allow("violation.training", scope="rota")
@documented(Call(body=ViolationReason, answer=ViolationAnswer, if_match="may", once=True, conflict=True))
def resolve_violation(violation_id: int) -> Response:
    """Say how it was put right."""
    why, seen, who = body_as(ViolationReason).reason, seen_version(), person()
    act = changes.resolve
    return _do(violation_id, lambda s, cause: act(s, cause, who, violation_id, resolution=why, seen=seen))


@allow("violation.training", scope="rota")
@documented(Call(body=ViolationReason, answer=ViolationAnswer, if_match="may", once=True, conflict=True))
def say_not_broken(violation_id: int) -> Response:
    """Say that the rule was not broken after all."""
    why, seen, who = body_as(ViolationReason).reason, seen_version(), person()
    act = changes.say_not_broken
    return _do(violation_id, lambda s, cause: act(s, cause, who, violation_id, reason=why, seen=seen))


@allow("violation.accept", scope="rota")
@documented(Call(body=RiskBody, answer=ViolationAnswer, if_match="may", once=True, conflict=True))
def accept_violation(violation_id: int) -> Response:
    """Let it stay so until a day."""
    body, seen, who = body_as(RiskBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> None:
        changes.accept_risk(session, cause, who, violation_id, until=body.until, reason=body.reason, seen=seen)

    return _do(violation_id, act)


@allow("violation.training", scope="rota")
@documented(Call(body=ViolationReason, answer=ViolationAnswer, if_match="may", once=True, conflict=True))
def reopen_violation(violation_id: int) -> Response:
    """Write one that is over down anew, and answer the new one."""
    why, seen, who = body_as(ViolationReason).reason, seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        return changes.reopen(session, cause, who, violation_id, reason=why, seen=seen).violation_id

    return _answer(_once(act))


def _do(violation_id: int, act: Callable[[Session, Cause], object]) -> Response:
    def done(session: Session, cause: Cause) -> int:
        act(session, cause)
        return violation_id

    return _answer(_once(done))


def _once(act: Act) -> dict[str, Any]:
    """Do something once for each Idempotency-Key, and answer the violation as it was right after it."""
    cause, key = cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        return as_body(violation_as_it_is(session, act(session, cause)))

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return made


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])


_SHOWN = tuple(ViolationAnswer.model_fields)


def as_body(violation: KnownViolation) -> dict[str, Any]:
    """Write a violation as JSON."""
    known = violation._asdict() | {"care_home_id": violation.home_id}
    return {name: known[name] for name in _SHOWN}
