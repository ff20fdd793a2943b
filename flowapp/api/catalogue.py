"""The catalogue over the API: what workflows can be made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, jsonify

from flowapp.api.openapi_call import Call, documented
from flowapp.api.openapi_examples import example_of
from flowapp.api.schemas.catalogue import ActionPage, EventKindPage, FunctionPage, TriggerPage
from flowapp.events import catalogue as events
from flowapp.events.event import Event
from flowapp.expressions.functions import TABLE, catalogue
from flowapp.expressions.functions.catalogue import FunctionEntry
from flowapp.expressions.functions.parameter import REQUIRED, Parameter, Takes
from flowapp.http.access import allow
from flowapp.http.running import flow
from flowapp.workflows.kinds import Action, Trigger

_JSON: dict[Takes, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "list": {"type": "array"},
    "day": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
    "moment": {"type": "string", "description": "A date or a date-time"},
    "sized": {"type": ["string", "array"]},
    "any": {},
}


def add_to(bp: Blueprint) -> None:
    """Add the calls about the catalogue."""
    bp.add_url_rule("/catalogue/actions", view_func=list_actions, methods=["GET"])
    bp.add_url_rule("/catalogue/triggers", view_func=list_triggers, methods=["GET"])
    bp.add_url_rule("/catalogue/events", view_func=list_event_kinds, methods=["GET"])
    bp.add_url_rule("/catalogue/functions", view_func=list_functions, methods=["GET"])


@allow("workflow.view")
@documented(Call(answer=ActionPage))
def list_actions() -> Response:
    """Answer everything a step can do."""
    return _all(map(_action, flow().actions.values()))


@allow("workflow.view")
@documented(Call(answer=TriggerPage))
def list_triggers() -> Response:
    """Answer everything that can start a workflow."""
    return _all(map(_trigger, flow().triggers.values()))


@allow("workflow.view")
@documented(Call(answer=EventKindPage))
def list_event_kinds() -> Response:
    """Answer every kind of event with the facts it brings."""
    return _all(map(_event, events.catalogue().values()))


@allow("workflow.view")
@documented(Call(answer=FunctionPage))
def list_functions() -> Response:
    """Answer every function that expressions may use."""
    return _all(map(_function, catalogue()))


def _all(items: Iterable[dict[str, Any]]) -> Response:
    return jsonify({"items": list(items), "next": None})


def _action(action: Action) -> dict[str, Any]:
    fields = action.Fields.model_json_schema()
    step = {"id": action.kind, "type": "action", "action": action.kind, "with": _filled(fields)}
    return {
        "name": action.kind,
        "label": action.label,
        "category": action.category,
        "description": _words(action),
        "effect": action.effect,
        "fields": fields,
        "output": action.Output.model_json_schema(),
        "examples": [step],
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    fields = trigger.Fields.model_json_schema()
    example = {"id": "start", "type": trigger.kind, **example_of(fields)}
    return {
        "name": trigger.kind,
        "label": trigger.label,
        "description": _words(trigger),
        "fields": fields,
        "examples": [example],
    }


def _event(event: type[Event]) -> dict[str, Any]:
    fields = events.context_schema(event.type)
    return {
        "name": event.type,
        "label": event.label,
        "description": _words(event),
        "subject_type": event.subject_type,
        "version": event.version,
        "fields": fields,
        "examples": [example_of(fields)],
    }


def _function(entry: FunctionEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "label": entry.signature,
        "group": entry.group,
        "description": entry.description,
        "fields": _parameters(TABLE[entry.name].parameters),
        "examples": [{"expression": text, "value": value} for text, value in entry.examples],
    }


def _parameters(parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    properties = {each.name: {"type": "array", "items": _JSON[each.takes]} if each.repeats else _JSON[each.takes]
                  for each in parameters}  # fmt: skip
    required = [each.name for each in parameters if each.default is REQUIRED]
    return {"type": "object", "properties": properties, "required": required}


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    """Answer an example of an action's fields; the number of a record comes from what started the workflow."""
    example: dict[str, Any] = example_of(fields)
    refs = {name: field["ref"] for name, field in fields.get("properties", {}).items() if "ref" in field}
    return {name: f"${{context.{refs[name]}_id}}" if name in refs else value for name, value in example.items()}


def _words(thing: object) -> str:
    cls = thing if isinstance(thing, type) else type(thing)
    return " ".join((cls.__doc__ or "").split())
