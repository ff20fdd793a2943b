"""Reading JSON bodies: strictly, and with every mistake named."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from flowapp.http.errors import BadRequest
from flowapp.http.numbers import LARGEST
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.signs import place_of_nul
from flowapp.kernel.strict_json import DEEPEST, TooDeep, strict_json

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
        body = strict_json(raw)
    except TooDeep:
        raise BadRequest(f"The body is more than {DEEPEST} levels deep.") from None
    except ValueError as error:
        raise BadRequest(f"The body is not JSON that can be read: {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.")
    if (place := place_of_nul(body)) is not None:
        message = f"{place or 'A name in the body'} holds a NUL character, which no text may hold. Leave it out."
        raise Refused([Problem(path=place, code="nul", message=message)])
    return body


def _problem(error: Any) -> Problem:
    path = ".".join(map(str, error["loc"]))
    words = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    if error["type"] == "missing":
        words = "it is missing"
    if error["type"] == "extra_forbidden":
        words = "it is not known here"
    return Problem(path=path, code=error["type"], message=f"{path}: {words[:1].lower()}{words[1:]}.")
