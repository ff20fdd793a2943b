"""Reading JSON bodies: strictly, and with every mistake named."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated, Any, NoReturn, TypeVar

from flask import request
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from flowapp.http.errors import BadRequest
from flowapp.http.numbers import LARGEST
from flowapp.kernel import plain
from flowapp.kernel.errors import Problem, Refused

DEEPEST = 32
Model = TypeVar("Model", bound=BaseModel)


def _only_a_day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("it must be a day such as 2026-03-14")
    return value


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_only_a_day)]
Number = Annotated[int, Field(ge=1, le=LARGEST)]


def body_as(model: type[Model]) -> Model:
    """Answer the JSON body as a model; raises BadRequest or Refused naming what is wrong."""
    try:
        return model.model_validate(json_body())
    except ValidationError as error:
        raise Refused([_problem(each) for each in error.errors()]) from None


def json_body() -> dict[str, Any]:
    """Answer the JSON body: an object without repeated keys, NaN, or more than 32 levels; none counts as empty."""
    raw = request.get_data()
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        checked = json.loads(raw, object_pairs_hook=_no_repeats, parse_constant=_no_constant)
        body = plain.load(raw)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON that can be read: {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.")
    if _depth(checked) > DEEPEST:
        raise BadRequest(f"The body is more than {DEEPEST} levels deep.")
    return body


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any, level: int = 0) -> int:
    if level > DEEPEST or not isinstance(value, dict | list):
        return level
    inside = value.values() if isinstance(value, dict) else value
    return max((_depth(each, level + 1) for each in inside), default=level + 1)


def _problem(error: Any) -> Problem:
    path = ".".join(map(str, error["loc"]))
    words = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    if error["type"] == "missing":
        words = "it is missing"
    if error["type"] == "extra_forbidden":
        words = "it is not known here"
    return Problem(path=path, code=error["type"], message=f"{path}: {words[:1].lower()}{words[1:]}.")
