"""Shift templates over the API; none is deleted, it is only offered no more."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from sqlalchemy.orm import Session

from flowapp.api.bodies import body_as
from flowapp.api.lists import page_of
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.shift_templates import ShiftTemplateAnswer, ShiftTemplatePage
from flowapp.api.schemas.values import ListQuery
from flowapp.api.shift_template_bodies import ShiftTemplateBody, ShiftTemplateChange, as_body
from flowapp.api.versions import needed_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.idempotency import once
from flowapp.http.running import reading
from flowapp.rota.shift_templates import changes
from flowapp.rota.shift_templates.reading import seen_templates, visible_template
from flowapp.rota.shift_templates.template import ShiftTemplate


def add_to(bp: Blueprint) -> None:
    """Add the calls about shift templates."""
    bp.add_url_rule("/shift-templates", view_func=list_templates, methods=["GET"])
    bp.add_url_rule("/shift-templates", view_func=create_template, methods=["POST"])
    bp.add_url_rule("/shift-templates/<int:template_id>", view_func=show_template, methods=["GET"])
    bp.add_url_rule("/shift-templates/<int:template_id>", view_func=update_template, methods=["PATCH"])


@allow("home.view")
@documented(Call(query=ListQuery, answer=ShiftTemplatePage))
def list_templates() -> Response:
    """Answer the templates one may see, the first one first."""

    def fetch(limit: int, after: int | None) -> list[ShiftTemplate]:
        return seen_templates(reading(), person(), after=after or 0, limit=limit)

    return jsonify(page_of(fetch, lambda found: found.id, as_body))


@allow("home.view")
@documented(Call(answer=ShiftTemplateAnswer))
def show_template(template_id: int) -> Response:
    """Answer one template; its version is the ETag."""
    return _answer(as_body(visible_template(reading(), person(), template_id)))


@allow("home.edit", scope="rota")
@documented(Call(body=ShiftTemplateBody, answer=ShiftTemplateAnswer, status=201, once=True))
def create_template() -> tuple[Response, int, dict[str, str]]:
    """Make a template; one for all homes is for those who look after every home."""
    body, who, cause, key = body_as(ShiftTemplateBody), person(), cause_of(), request.headers.get("Idempotency-Key")
    details = body.details()

    def write(session: Session) -> dict[str, Any]:
        made = changes.create(session, cause, who, home_id=body.care_home_id, details=details)
        return as_body(visible_template(session, who, made))

    made = change(lambda session: once(session, key, cause.at, lambda: write(session)))
    return _answer(made), 201, {"Location": url_for("api.show_template", template_id=made["id"])}


@allow("home.edit", scope="rota")
@documented(Call(body=ShiftTemplateChange, answer=ShiftTemplateAnswer, if_match="must", conflict=True))
def update_template(template_id: int) -> Response:
    """Change a template; shifts made from it stay as they are."""
    seen, given, who, cause = needed_version(), body_as(ShiftTemplateChange).given(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        changes.change(session, cause, who, template_id, seen=seen, **given)
        return as_body(visible_template(session, who, template_id))

    return _answer(change(write))


def _answer(body: dict[str, Any]) -> Response:
    return tagged(jsonify(body), body["version"])
