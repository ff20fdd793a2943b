"""Expressions and templates over the API: what they give, and where they are wrong."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.support.visitors import Api


def evaluate(api: Api, cast: Cast, expression: str, **given: Any) -> Any:
    """Work an expression out as Maya's program does."""
    return api.call("POST", "/expressions/evaluate", cast.maya, {"expression": expression} | given)


def render(api: Api, cast: Cast, template: str, **given: Any) -> Any:
    """Fill a template in as Maya's program does."""
    return api.call("POST", "/templates/render", cast.maya, {"template": template} | given)


@pytest.mark.parametrize(
    ("expression", "value", "kind"),
    [
        ("${context.days} <= 3", True, "boolean"),
        ("context.days + 0.5", 3, "number"),
        ('"Dear " + context.staff.name', "Dear Anna", "text"),
        ("vars.limit * 2", 10, "number"),
        ("steps.short.way", "then", "text"),
        ("context.missing if false else null", None, "null"),
        ("[1, 2]", [1, 2], "list"),
        ("context.staff", {"name": "Anna"}, "record"),
        ('date("2026-12-07")', "2026-12-07", "date"),
        ('datetime("2026-12-07T09:00:00+00:00")', "2026-12-07T09:00:00Z", "datetime"),
    ],
)
def test_an_expression_gives_a_value_and_its_kind(api: Api, cast: Cast, expression: str, value: Any, kind: str) -> None:
    given = {
        "context": {"days": 2.5, "staff": {"name": "Anna"}},
        "vars": {"limit": 5},
        "steps": {"short": {"way": "then"}},
    }
    answer = evaluate(api, cast, expression, **given)
    assert answer.status_code == 200, answer.text
    assert (answer.json["value"], answer.json["type"]) == (value, kind)


def test_an_expression_is_put_into_words(api: Api, cast: Cast) -> None:
    answer = evaluate(api, cast, "${context.days} <= 3", context={"days": 4})
    assert answer.json == {"value": False, "type": "boolean", "words": "days is 3 or fewer"}


def test_decimals_are_exact_on_the_way_in_and_out(api: Api, cast: Cast) -> None:
    answer = evaluate(api, cast, "context.a + context.b", context={"a": 0.1, "b": 0.2})
    assert '"value":0.3,' in answer.text


def test_today_is_the_day_in_the_organisations_time_zone(api: Api, cast: Cast, clock: FrozenClock) -> None:
    clock.set(clock.now().replace(month=7, day=1, hour=23, minute=30))  # half past midnight in London, in summer
    assert evaluate(api, cast, "today()").json["value"] == "2026-07-02"
    assert evaluate(api, cast, "now()").json["value"] == "2026-07-01T23:30:00Z"


def test_a_mistake_is_told_with_its_place_and_what_was_meant(api: Api, cast: Cast) -> None:
    answer = evaluate(api, cast, "1 +\n context.dyas", context={"days": 2})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    words = 'context has no "dyas"; did you mean "days"?'
    place = {"line": 2, "column": 10, "length": 4}
    assert answer.json["detail"] == words
    assert answer.json["problems"] == [
        {"path": "expression", "code": "unknown_name", "message": words, "suggestion": "days", **place}
    ]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("1 +", "syntax"),
        ("1 / 0", "divide_by_zero"),
        ('3 < "3"', "wrong_type"),
        ("secrets.key", "secret_not_allowed"),
        ("nothing(1)", "unknown_function"),
        ("1 + " * 600 + "1", "too_long"),
        ("not " * 40 + "true", "too_deep"),
        ("9" * 30, "out_of_range"),
        ("context.huge + 1", "out_of_range"),  # a number that JSON can say and the language cannot
    ],
)
def test_whatever_is_wrong_with_an_expression_has_its_code(api: Api, cast: Cast, expression: str, code: str) -> None:
    answer = evaluate(api, cast, expression, context={"huge": 10**40})
    assert (answer.status_code, answer.json["problems"][0]["code"]) == (422, code)
    assert answer.json["problems"][0]["path"] == "expression"


def test_a_template_is_filled_in(api: Api, cast: Cast) -> None:
    answer = render(
        api, cast, "Dear ${context.name}, ${vars.n} days: $${x}", context={"name": "<b>${vars.n}</b>"}, vars={"n": 2.50}
    )
    assert answer.status_code == 200
    assert answer.json == {"text": "Dear <b>${vars.n}</b>, 2.5 days: ${x}"}


def test_a_mistake_in_a_template_is_told_with_its_place(api: Api, cast: Cast) -> None:
    answer = render(api, cast, "Dear ${context.name}", context={"name": None})
    (problem,) = answer.json["problems"]
    assert answer.status_code == 422
    assert (problem["path"], problem["code"], problem["line"], problem["column"]) == ("template", "missing_value", 1, 8)
    assert "suggestion" not in problem


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "expression"),
        ({"expression": 5}, "expression"),
        ({"expression": "1", "context": [1]}, "context"),
        ({"expression": "1", "secrets": {"key": "x"}}, "secrets"),
    ],
)
def test_a_body_without_sense_is_told_by_its_field(api: Api, cast: Cast, body: Any, path: str) -> None:
    answer = api.call("POST", "/expressions/evaluate", cast.maya, body)
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


@pytest.mark.parametrize("path", ["/expressions/evaluate", "/templates/render"])
def test_trying_out_needs_a_token_that_may_read_and_no_more(api: Api, cast: Cast, path: str) -> None:
    body = {"expression": "1"} if "expressions" in path else {"template": "1"}
    assert api.call("POST", path, cast.dan, body, scopes=("read",)).status_code == 200
    assert api.call("POST", path, cast.dan, body, scopes=("run", "rota")).status_code == 403
