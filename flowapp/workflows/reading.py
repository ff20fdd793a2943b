"""Reading a document from outside: every mistake is named with its place and the nearest known word."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from flowapp.kernel import plain
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.signs import NO_TEXT
from flowapp.workflows.document import DEEPEST, MOST_BYTES, MOST_STEPS, STEP_TYPES, Document, depth, walk
from flowapp.workflows.steps.failing import A_LIST, A_WORD

log = logging.getLogger(__name__)


def kept_document(data: Mapping[str, Any]) -> Document:
    """Make a document of one that is kept, for looking at; one that cannot be read any more has a name and no steps."""
    try:
        return Document.model_validate(data)
    except ValidationError:
        log.exception("a version of a workflow cannot be read any more")
        return Document(name=str(data.get("name") or "?")[:120])


def read_document(data: Any) -> Document:
    """Make a document of plain data; raises Refused with every problem found."""
    if not isinstance(data, dict):
        raise Refused([Problem(path="", code="not_a_document", message="A workflow document is a JSON object.")])
    if len(plain.dump(data).encode()) > MOST_BYTES:
        raise Refused([Problem(path="", code="too_large", message="A workflow document may have 256 KiB at most.")])
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        raise Refused(problems_of(error, Document)) from None
    problems = list(_shape_problems(document))
    if problems:
        raise Refused(problems)
    return document


def problems_of(error: ValidationError, model: type[BaseModel], prefix: str = "") -> list[Problem]:
    """Put a validation error into words, each problem with its place."""
    return [_problem(dict(each), model, prefix) for each in error.errors()]


def _problem(error: dict[str, Any], model: type[BaseModel], prefix: str) -> Problem:
    kind, loc = error["type"], error["loc"]
    if kind == "value_error" and len(loc) > 1 and isinstance(loc[-2], int) and loc[-1] in STEP_TYPES:
        loc = loc[:-1]  # about a step as a whole
    path = prefix + place_of(loc, bool(prefix))
    shown = path or "the document"
    if kind == "extra_forbidden":
        known = _known_keys(error["loc"], model)
        near = get_close_matches(str(error["loc"][-1]), known, 1)
        offer = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}."
        return Problem(
            path=path,
            code="unknown_key",
            message=f"{path} is not known. {offer}",
            suggestion=near[0] if near else None,
        )
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        types = ", ".join(STEP_TYPES)
        near = get_close_matches(str(error.get("ctx", {}).get("tag", "")), STEP_TYPES, 1)
        message = f"{path}.type must say what kind of step it is: one of {types}."
        return Problem(path=f"{path}.type", code="unknown_type", message=message, suggestion=near[0] if near else None)
    if kind == "missing":
        return Problem(path=path, code="missing", message=f"{path} is missing.")
    if kind == "string_pattern_mismatch" and path.endswith("id"):
        message = f"{shown} must begin with a small letter and have only small letters, digits and _ (40 at most)."
        return Problem(path=path, code="bad_id", message=message)
    text = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    suggestion = error.get("ctx", {}).get("suggestion")
    words = f"{shown}: {text[0].lower()}{text[1:]}."
    return Problem(path=path, code="bad_value", message=words, suggestion=suggestion)


def place_of(loc: tuple[int | str, ...], inside: bool = False) -> str:
    """Write a place as people read it: `steps[0].then[1].if`; the names of alternatives are left out."""
    parts: list[str] = []
    for index, part in enumerate(loc):
        if part in (A_WORD, A_LIST):
            continue
        if isinstance(part, int):
            parts.append(f"[{part}]")
        elif not (index and isinstance(loc[index - 1], int) and part in STEP_TYPES and index < len(loc) - 1):
            parts.append(f".{part}" if parts or inside else part)
    return "".join(parts)


def _known_keys(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """Answer the keys that are known where a mistake is: of the document itself, a step, or a trigger's input."""
    owner: type[BaseModel] = model
    choices: dict[str, type[BaseModel]] = {}
    for part in loc[:-1]:
        if part in choices:
            owner = choices[str(part)]
            continue
        field = next((f for n, f in owner.model_fields.items() if part in (n, f.alias)), None)
        found = _models_in(field.annotation) if field else []
        if found:
            owner = found[0]
            choices = {str(get_args(each.model_fields["type"].annotation)[0]): each for each in found if len(found) > 1}
    return sorted(info.alias or name for name, info in owner.model_fields.items())


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _shape_problems(document: Document) -> list[Problem]:
    problems: list[Problem] = []
    if NO_TEXT.search(document.name):
        message = "name has a sign in it that is not text; take it out, or type the name anew."
        problems.append(Problem(path="name", code="control_character", message=message))
    seen: dict[str, str] = {}
    everything = [(f"triggers[{n}]", t.id) for n, t in enumerate(document.triggers)]
    steps = list(walk(document.steps))
    everything += [(place, step.id) for _, place, step in steps]
    for place, id_ in everything:
        if id_ in seen:
            message = f"{place}.id is {id_!r}, and so is {seen[id_]}.id. Every id may be used once."
            problems.append(Problem(path=f"{place}.id", code="duplicate_id", message=message))
        seen.setdefault(id_, place)
    if len(steps) > MOST_STEPS:
        message = (
            f"The workflow has {len(steps)} steps; {MOST_STEPS} are allowed. Move some into a workflow of their own."
        )
        problems.append(Problem(path="steps", code="too_many_steps", message=message))
    deepest = max(steps, key=lambda each: depth(each[0]), default=None)
    if deepest and depth(deepest[0]) >= DEEPEST:
        message = f"{deepest[1]} lies more than {DEEPEST} levels deep. Move it into a workflow of its own."
        problems.append(Problem(path=deepest[1], code="too_deep", message=message))
    return problems
