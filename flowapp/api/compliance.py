"""The rules of compliance and the checks over the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of, require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_home, asked_word
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.compliance import (
    CheckAnswer,
    CheckBody,
    CheckPage,
    CheckQuery,
    RuleAnswer,
    RuleBody,
    RuleChange,
    RuleList,
)
from flowapp.api.versions import seen_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import flow, reading
from flowapp.kernel.errors import NotFound
from flowapp.rota.compliance import checks, rule_changes
from flowapp.rota.compliance.check import CheckStatus, ComplianceCheck
from flowapp.rota.compliance.rule import Rule, rule_called, rules


def add_to(bp: Blueprint) -> None:
    """Add the calls about rules and checks."""
    bp.add_url_rule("/compliance-rules", view_func=list_compliance_rules, methods=["GET"])
    bp.add_url_rule("/compliance-rules", view_func=create_compliance_rule, methods=["POST"])
    bp.add_url_rule("/compliance-rules/<string:code>", view_func=show_compliance_rule, methods=["GET"])
    bp.add_url_rule("/compliance-rules/<string:code>", view_func=update_compliance_rule, methods=["PATCH"])
    bp.add_url_rule("/compliance-checks", view_func=list_compliance_checks, methods=["GET"])
    bp.add_url_rule("/compliance-checks", view_func=create_compliance_check, methods=["POST"])
    bp.add_url_rule("/compliance-checks/<int:check_id>", view_func=show_compliance_check, methods=["GET"])


@allow("violation.view")
@documented(Call(answer=RuleList))
def list_compliance_rules() -> Response:
    """Answer every rule."""
    return jsonify({"items": [_rule_body(each) for each in rules(reading()).values()]})


@allow("violation.view")
@documented(Call(answer=RuleAnswer))
def show_compliance_rule(code: str) -> Response:
    """Answer one rule; its version is the ETag."""
    found = rule_called(reading(), code)
    if found is None:
        raise NotFound
    return tagged(jsonify(_rule_body(found)), found.version)


@allow("settings.edit", scope="rota")
@documented(Call(body=RuleBody, answer=RuleAnswer, status=201, once=True))
def create_compliance_rule() -> tuple[Response, int, dict[str, str]]:
    """Add a rule of one's own."""
    body, who, cause = body_as(RuleBody), person(), cause_of()
    rule, key = Rule(**body.model_dump(), is_checked=False), request.headers.get("Idempotency-Key")

    def write(session: Session) -> dict[str, Any]:
        return _rule_body(rule_changes.add(session, cause, who, rule))

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    location = url_for("api.show_compliance_rule", code=made["code"])
    return tagged(jsonify(made), made["version"]), 201, {"Location": location}


@allow("settings.edit", scope="rota")
@documented(Call(body=RuleChange, answer=RuleAnswer, if_match="may", conflict=True))
def update_compliance_rule(code: str) -> Response:
    """Change a rule: how bad it is, its numbers, or whether it counts at all."""
    body, seen, who, cause = body_as(RuleChange), seen_version(), person(), cause_of()
    given = body.given()
    changed = change(lambda session: rule_changes.update(session, cause, who, code, seen=seen, **given))
    return tagged(jsonify(_rule_body(changed)), changed.version)


def _rule_body(rule: Rule) -> dict[str, Any]:
    return {name: rule.__dict__[name] for name in RuleAnswer.model_fields} | {"parameters": dict(rule.parameters)}


@allow("violation.view")
@documented(Call(query=CheckQuery, answer=CheckPage))
def list_compliance_checks() -> Response:
    """Answer the checks of one's homes, the newest first."""
    homes, home_id, status = (
        homes_of(person(), "violation.view"),
        asked_home(reading()),
        asked_word("status", CheckStatus),
    )

    def fetch(limit: int, before: int | None) -> list[ComplianceCheck]:
        query = select(ComplianceCheck).order_by(ComplianceCheck.id.desc()).limit(limit)
        if homes is not None:
            query = query.where(ComplianceCheck.home_id.in_(homes))
        if home_id is not None:
            query = query.where(ComplianceCheck.home_id == home_id)
        if status is not None:
            query = query.where(ComplianceCheck.status == status)
        if before is not None:
            query = query.where(ComplianceCheck.id < before)
        return list(reading().scalars(query))

    return jsonify(page_of(fetch, lambda check: check.id, _check_body))


@allow("violation.view")
@documented(Call(answer=CheckAnswer))
def show_compliance_check(check_id: int) -> Response:
    """Answer one check."""
    return jsonify(_check_body(_load(reading(), check_id)))


@allow("violation.note", scope="rota")
@documented(Call(body=CheckBody, answer=CheckAnswer, status=201, once=True))
def create_compliance_check() -> tuple[Response, int, dict[str, str]]:
    """Look through a home now; where many wait, it is answered while it still waits."""
    body, who, cause = body_as(CheckBody), person(), cause_of()
    key = request.headers.get("Idempotency-Key")

    def write(session: Session) -> int:
        days = {"first": body.first_day, "last": body.last_day}
        return checks.ask(session, cause, who, home_id=body.care_home_id, **days)

    check_id: int = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    checks.run_waiting(flow().database, cause.at)
    location = url_for("api.show_compliance_check", check_id=check_id)
    return jsonify(_check_body(_load(reading(), check_id))), 201, {"Location": location}


def _load(session: Session, check_id: int) -> ComplianceCheck:
    found = session.get(ComplianceCheck, check_id)
    if found is None:
        raise NotFound
    require(person(), "violation.view", On(home_id=found.home_id))
    return found


def _check_body(check: ComplianceCheck) -> dict[str, Any]:
    return {
        "id": check.id,
        "uid": check.uid,
        "care_home_id": check.home_id,
        "first_day": check.first_day,
        "last_day": check.last_day,
        "status": check.status,
        "asked_by": check.asked_by,
        "asked_at": check.asked_at,
        "finished_at": check.finished_at,
        "people": check.people,
        "shifts": check.shifts,
        "found": check.found,
        "raised": check.raised,
        "resolved": check.resolved,
    }
