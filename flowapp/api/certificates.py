"""Certificates over the API; none is deleted, because what was planned by it stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import ColumnElement, and_, false
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_text, asked_yes_or_no
from flowapp.api.lists import page_of, whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.certificates import (
    CertificateAnswer,
    CertificateBody,
    CertificateChange,
    CertificatePage,
    CertificateQuery,
    CompetencyBody,
    ExpiringQuery,
    OwnCertificateBody,
    RevokeBody,
)
from flowapp.api.schemas.values import ListQuery
from flowapp.api.shift_bodies import NoBody
from flowapp.api.versions import needed_version, seen_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound, Problem, Refused
from flowapp.rota.staff import Staff
from flowapp.rota.training import changes
from flowapp.rota.training.certificates import Certificate
from flowapp.rota.training.reading import (
    HeldCertificate,
    by_last_day,
    certificate_as_it_is,
    held_certificates,
    run_out,
    running_out,
    seen_by,
    visible_certificate,
)
from flowapp.rota.training.types import type_with_code

_A_MONTH, _MOST_DAYS, _LARGEST = 30, 3650, 10**15
Act = Callable[[Session, Cause], int]


def add_to(bp: Blueprint) -> None:
    """Add the calls about certificates."""
    one = "/certificates/<int:certificate_id>"
    bp.add_url_rule("/certificates", view_func=list_certificates, methods=["GET"])
    bp.add_url_rule("/certificates", view_func=create_certificate, methods=["POST"])
    bp.add_url_rule("/certificates/expiring", view_func=list_expiring, methods=["GET"])
    bp.add_url_rule(one, view_func=show_certificate, methods=["GET"])
    bp.add_url_rule(one, view_func=update_certificate, methods=["PATCH"])
    bp.add_url_rule(f"{one}/verify", view_func=verify_certificate, methods=["POST"])
    bp.add_url_rule(f"{one}/revoke", view_func=revoke_certificate, methods=["POST"])
    bp.add_url_rule(f"{one}/competency", view_func=judge_certificate, methods=["POST"])
    bp.add_url_rule("/staff/<int:staff_id>/certificates", view_func=list_of_person, methods=["GET"])
    bp.add_url_rule("/staff/<int:staff_id>/certificates", view_func=create_for_person, methods=["POST"])


@allow("certificate.view")
@documented(Call(query=CertificateQuery, answer=CertificatePage))
def list_certificates() -> Response:
    """Answer the certificates one may see, the first one first."""
    today, wanted = _today(), [*_wanted()]
    if (staff_id := whole("staff_id", None, least=1, most=_LARGEST)) is not None:
        wanted.append(Certificate.staff_id == staff_id)
    if (expired := asked_yes_or_no("expired")) is not None:
        over = and_(*run_out(today))
        wanted.append(over if expired else ~over)
    return _by_number(today, *wanted)


@allow("certificate.view")
@documented(Call(query=ListQuery, answer=CertificatePage))
def list_of_person(staff_id: int) -> Response:
    """Answer somebody's certificates, the first one first."""
    found = reading().get(Staff, staff_id)
    if found is None:
        raise NotFound
    require(person(), "certificate.view", On(home_id=found.home_id, staff_id=staff_id))
    return _by_number(_today(), Certificate.staff_id == staff_id)


def _by_number(today: date, *wanted: ColumnElement[bool]) -> Response:
    who = person()

    def fetch(limit: int, after: int | None) -> list[HeldCertificate]:
        query = held_certificates(today).where(Certificate.id > (after or 0), seen_by(who), *wanted)
        return [HeldCertificate(*row) for row in reading().execute(query.order_by(Certificate.id).limit(limit))]

    return jsonify(page_of(fetch, lambda held: held.id, lambda held: as_body(held, who, today)))


@allow("certificate.view")
@documented(Call(query=ExpiringQuery, answer=CertificatePage))
def list_expiring() -> Response:
    """Answer the certificates that hold still and run out soon without a newer one, the first to run out first."""
    who, today = person(), _today()
    days = whole("days", _A_MONTH, most=_MOST_DAYS)
    wanted = [*running_out(today, _A_MONTH if days is None else days), *_wanted()]

    def fetch(limit: int, after: int | None) -> list[HeldCertificate]:
        place = None if after is None else (_last_day_of(after, today), after)
        return by_last_day(reading(), who, today, *wanted, limit=limit, after=place)

    return jsonify(page_of(fetch, lambda held: held.id, lambda held: as_body(held, who, today)))


def _wanted() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (home_id := asked_home(reading())) is not None:
        found.append(Staff.home_id == home_id)
    if code := asked_text("type"):
        kind = type_with_code(reading(), code)
        found.append(false() if kind is None else Certificate.training_type_id == kind.id)
    return found


def _last_day_of(certificate_id: int, today: date) -> date:
    try:
        last_day = visible_certificate(reading(), person(), certificate_id, today).expires_on
    except NotFound:
        last_day = None
    if last_day is None:
        message = "This cursor is not one that a list gave you. Begin again without it."
        raise Refused([Problem(path="cursor", code="bad_value", message=message)])
    return last_day


@allow("certificate.view")
@documented(Call(answer=CertificateAnswer))
def show_certificate(certificate_id: int) -> Response:
    """Answer one certificate; its version is the ETag."""
    today = _today()
    held = visible_certificate(reading(), person(), certificate_id, today)
    return _answer(as_body(held, person(), today))


@allow("certificate.upload", scope="rota")
@documented(Call(body=CertificateBody, answer=CertificateAnswer, status=201, once=True))
def create_certificate() -> tuple[Response, int, dict[str, str]]:
    """Record a certificate; one's own waits until somebody else has confirmed it."""
    body = body_as(CertificateBody)
    return _record(body.staff_id, body)


@allow("certificate.upload", scope="rota")
@documented(Call(body=OwnCertificateBody, answer=CertificateAnswer, status=201, once=True))
def create_for_person(staff_id: int) -> tuple[Response, int, dict[str, str]]:
    """Record a certificate of this member of staff; one's own waits until somebody else has confirmed it."""
    return _record(staff_id, body_as(OwnCertificateBody))


def _record(staff_id: int, body: OwnCertificateBody) -> tuple[Response, int, dict[str, str]]:
    who = person()

    def act(session: Session, cause: Cause) -> int:
        kind = type_with_code(session, body.type)
        if kind is None or not kind.is_active:
            message = "There is no such type of training. Choose one of those that /training-types lists."
            raise Refused([Problem(path="type", code="unknown", message=message)])
        return changes.record(session, cause, who, staff_id, type_id=kind.id, **body.given())

    made = _once(act)
    return _answer(made), 201, {"Location": url_for("api.show_certificate", certificate_id=made["id"])}


@allow("certificate.record", scope="rota")
@documented(Call(body=CertificateChange, answer=CertificateAnswer, if_match="must", conflict=True))
def update_certificate(certificate_id: int) -> Response:
    """Put right what was written of a certificate."""
    seen, given, who, cause = needed_version(), body_as(CertificateChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        changes.correct(session, cause, who, certificate_id, seen=seen, **given)
        return _as_it_is(session, certificate_id)

    return _answer(change(write))


@allow("certificate.verify", scope="rota")
@documented(Call(body=NoBody, answer=CertificateAnswer, if_match="may", once=True, conflict=True))
def verify_certificate(certificate_id: int) -> Response:
    """Confirm that a certificate is genuine."""
    body_as(NoBody)
    seen, who = seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        changes.verify(session, cause, who, certificate_id, seen=seen)
        return certificate_id

    return _answer(_once(act))


@allow("certificate.record", scope="rota")
@documented(Call(body=RevokeBody, answer=CertificateAnswer, if_match="may", once=True, conflict=True))
def revoke_certificate(certificate_id: int) -> Response:
    """Withdraw a certificate; its record stays."""
    body, seen, who = body_as(RevokeBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        changes.revoke(session, cause, who, certificate_id, reason=body.reason, on=body.revoked_on, seen=seen)
        return certificate_id

    return _answer(_once(act))


@allow("certificate.record", scope="rota")
@documented(Call(body=CompetencyBody, answer=CertificateAnswer, if_match="may", once=True, conflict=True))
def judge_certificate(certificate_id: int) -> Response:
    """Say whether somebody was seen to do what they have learnt."""
    body, seen, who = body_as(CompetencyBody), seen_version(), person()

    def act(session: Session, cause: Cause) -> int:
        changes.judge(session, cause, who, certificate_id, competency=body.competency, seen=seen)
        return certificate_id

    return _answer(_once(act))


def _once(act: Act) -> dict[str, Any]:
    """Do something once for each Idempotency-Key, and answer the certificate as it was right after it."""
    cause, key = cause_of(), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        return _as_it_is(session, act(session, cause))

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return made


def _as_it_is(session: Session, certificate_id: int) -> dict[str, Any]:
    today = _today()
    return as_body(certificate_as_it_is(session, certificate_id, today), person(), today)


def as_body(held: HeldCertificate, who: Person, today: date) -> dict[str, Any]:
    """Write a certificate as JSON, as it stands on a day; why it was withdrawn only for those it concerns."""
    body = {
        "id": held.id,
        "uid": held.uid,
        "staff_id": held.staff_id,
        "staff_name": held.staff_name,
        "care_home_id": held.home_id,
        "type": held.code,
        "type_name": held.type_name,
        "issued_on": held.issued_on,
        "expires_on": held.expires_on,
        "days_left": held.validity.days_left(today),
        "status": held.standing_on(today),
        "holds": held.validity.holds_on(today),
        "competency": held.competency,
        "evidence_ref": held.evidence_ref,
        "origin": held.origin,
        "recorded_by": held.recorded_by,
        "verified_by": held.verified_by,
        "verified_at": held.verified_at,
        "revoked_on": held.revoked_on,
        "version": held.version,
    }
    if held.staff_id == who.staff_id or can(who, "certificate.record", On(home_id=held.home_id)):
        body["revoke_reason"] = held.revoke_reason
    return body


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])


def _today() -> date:
    return flow().clock.now().astimezone(flow().settings.zone).date()
