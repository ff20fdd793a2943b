"""Types of training over the API, with who needs them; none is deleted, because certificates of them stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import homes_of
from flowapp.accounts.people import Person
from flowapp.api.bodies import body_as
from flowapp.api.filters import asked_yes_or_no
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.training_types import (
    RequirementBody,
    TrainingTypeAnswer,
    TrainingTypeBody,
    TrainingTypeChange,
    TrainingTypePage,
    TrainingTypeQuery,
)
from flowapp.api.versions import needed_version, tagged
from flowapp.events.cause import Cause
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.training import type_changes
from flowapp.rota.training.requirements import requirements
from flowapp.rota.training.types import TrainingType, training_type


def add_to(bp: Blueprint) -> None:
    """Add the calls about types of training."""
    one = "/training-types/<int:type_id>"
    bp.add_url_rule("/training-types", view_func=list_training_types, methods=["GET"])
    bp.add_url_rule("/training-types", view_func=create_training_type, methods=["POST"])
    bp.add_url_rule(one, view_func=show_training_type, methods=["GET"])
    bp.add_url_rule(one, view_func=update_training_type, methods=["PATCH"])
    bp.add_url_rule(f"{one}/requirements", view_func=require_training_type, methods=["POST"])
    bp.add_url_rule("/training-requirements/<int:requirement_id>", view_func=drop_requirement, methods=["DELETE"])


@allow("certificate.view")
@documented(Call(query=TrainingTypeQuery, answer=TrainingTypePage))
def list_training_types() -> Response:
    """Answer the types of training, the first one first."""
    active = asked_yes_or_no("active")

    def fetch(limit: int, after: int | None) -> list[TrainingType]:
        query = select(TrainingType).where(TrainingType.id > (after or 0)).order_by(TrainingType.id).limit(limit)
        return list(reading().scalars(query if active is None else query.where(TrainingType.is_active.is_(active))))

    return jsonify(page_of(fetch, lambda found: found.id, lambda found: as_body(reading(), found, person())))


@allow("certificate.view")
@documented(Call(answer=TrainingTypeAnswer))
def show_training_type(type_id: int) -> Response:
    """Answer one type of training; its version is the ETag."""
    return _answer(as_body(reading(), training_type(reading(), type_id), person()))


@allow("training.edit", scope="rota")
@documented(Call(body=TrainingTypeBody, answer=TrainingTypeAnswer, status=201, once=True))
def create_training_type() -> tuple[Response, int, dict[str, str]]:
    """Add a type of training."""
    details, who = body_as(TrainingTypeBody).details(), person()
    made = _once(lambda session, cause: type_changes.create(session, cause, who, details))
    return _answer(made), 201, {"Location": url_for("api.show_training_type", type_id=made["id"])}


@allow("training.edit", scope="rota")
@documented(Call(body=TrainingTypeChange, answer=TrainingTypeAnswer, if_match="must", conflict=True))
def update_training_type(type_id: int) -> Response:
    """Change what is known of a type of training; certificates keep the last day that they have."""
    seen, given, who, cause = needed_version(), body_as(TrainingTypeChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        type_changes.change(session, cause, who, type_id, seen=seen, **given)
        return as_body(session, training_type(session, type_id), who)

    return _answer(change(write))


@allow("training.edit", scope="rota")
@documented(Call(body=RequirementBody, answer=TrainingTypeAnswer, status=201, once=True))
def require_training_type(type_id: int) -> tuple[Response, int]:
    """Say who must have a type of training; of the same home and role again, it takes the new number of days."""
    body, who = body_as(RequirementBody), person()

    def act(session: Session, cause: Cause) -> int:
        home_id, role, days = body.care_home_id, body.role, body.grace_days
        type_changes.require_training(session, cause, who, type_id, home_id=home_id, role=role, grace_days=days)
        return type_id

    return _answer(_once(act)), 201


@allow("training.edit", scope="rota")
@documented(Call(answer=TrainingTypeAnswer, once=True))
def drop_requirement(requirement_id: int) -> Response:
    """Say that a type of training is no longer needed so; answers the type."""
    who = person()
    return _answer(_once(lambda session, cause: type_changes.drop_requirement(session, cause, who, requirement_id)))


def _once(act: Callable[[Session, Cause], int]) -> dict[str, Any]:
    """Do something once for each Idempotency-Key, and answer the type of training as it was right after it."""
    cause, key, who = cause_of(), request.headers.get("Idempotency-Key"), person()

    def write(session: Session) -> dict[str, Any]:
        return as_body(session, training_type(session, act(session, cause)), who)

    made: dict[str, Any] = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return made


def as_body(session: Session, found: TrainingType, who: Person) -> dict[str, Any]:
    """Write a type of training as JSON; of who needs it, only what concerns homes one may see."""
    homes = homes_of(who, "certificate.view")
    asked = requirements(session, type_id=found.id)
    return {
        "id": found.id,
        "uid": found.uid,
        "code": found.code,
        "name": found.name,
        "category": found.category,
        "validity_months": found.validity_months,
        "reminder_days": found.reminder_days,
        "blocks_rostering": found.blocks_rostering,
        "needs_competency": found.needs_competency,
        "applies_to_roles": found.applies_to_roles,
        "nations": found.nations,
        "is_active": found.is_active,
        "requirements": [
            {"id": each.id, "care_home_id": each.home_id, "role": each.role, "grace_days": each.grace_days}
            for each in asked
            if each.home_id is None or homes is None or each.home_id in homes
        ],
        "version": found.version,
    }


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
