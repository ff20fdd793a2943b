"""Properties: what holds for every expression and all data, tried with many made at random."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from flowapp.expressions import (
    CODES,
    ExpressionError,
    Schema,
    check,
    condition,
    expression,
    render,
    template,
    value,
)
from flowapp.expressions.format import unparse
from flowapp.expressions.nodes import Node
from flowapp.expressions.parser import parse
from tests.unit.expressions import slow
from tests.unit.expressions.strategies import EXAMPLES, data, expressions, texts
from tests.unit.expressions.world import MONDAY

CONTEXT: dict[str, Any] = {
    "days": 2,
    "hours": Decimal("7.5"),
    "role": "Staff",
    "urgent": False,
    "nothing": None,
    "start": date(2026, 12, 1),
    "list": [3, 1, Decimal("2.0"), 2],
    "words": ["Ben", "Anna", "2026-12-01"],
    "staff": {"name": "Anna Boyd", "phone": None},
    "shifts": [{"days": 1, "late": False}, {"days": 9, "late": True}, {"days": None, "late": True}],
}
NAMES = {"context": CONTEXT}


def result_of(use: Callable[[], Any]) -> tuple[str, Any]:
    """Answer what something gives, or the code of its error, which must say where it is and what is wrong."""
    try:
        return "value", use()
    except ExpressionError as caught:
        error = caught
    assert error.code in CODES
    assert error.message
    assert min(error.line, error.column, error.length) >= 1
    return "error", error.code


def outcome(text: str, names: dict[str, Any]) -> tuple[str, Any]:
    """Answer what an expression gives, or the code of its error."""
    return result_of(lambda: expression(text).evaluate(names, MONDAY))


def small_enough(node: Node) -> str:
    """Answer the text of an expression that keeps to the limits of size; others are thrown away."""
    text = unparse(node)
    try:
        parse(text)
    except Exception as fault:
        assume(getattr(fault, "code", "") not in ("too_deep", "too_long"))
        raise
    return text


@EXAMPLES
@given(expressions)
def test_what_is_printed_is_read_again_as_the_same(node: Node) -> None:
    text = small_enough(node)
    assert parse(text) == node
    assert unparse(parse(text)) == text


@EXAMPLES
@given(expressions)
def test_it_gives_what_the_slow_evaluator_gives(node: Node) -> None:
    text = small_enough(node)
    fast, right = outcome(text, NAMES), slow.run(node, NAMES)
    assert fast == right
    assert repr(fast[1]) == repr(right[1]) or {type(fast[1]), type(right[1])} <= {int, Decimal, list}


@EXAMPLES
@given(expressions)
def test_an_explanation_agrees_with_the_answer(node: Node) -> None:
    text = small_enough(node)
    read = condition(text)
    assert read.describe()
    kind, answer = result_of(lambda: read.evaluate(NAMES, MONDAY))
    again, said = result_of(lambda: read.explain(NAMES, MONDAY))
    assert kind == again
    if kind == "error":
        assert answer == said
    else:
        assert said.endswith(".")
        assert said.endswith(", so no.") is not answer


@EXAMPLES
@given(texts, data)
@example("context.days < 1", {"days": float("nan")})
@example("${context.days}", {"days": "\ud800"})
def test_no_text_and_no_data_raise_anything_but_our_error(text: str, context: object) -> None:
    names: dict[str, Any] = {"context": context, "x": context}
    uses: list[Callable[[], Any]] = [
        lambda: condition(text).evaluate(names, MONDAY),
        lambda: condition(text).explain(names, MONDAY),
        lambda: condition(text).describe(),
        lambda: expression(text).evaluate(names, MONDAY),
        lambda: template(text).render(names, MONDAY),
        lambda: value(text).render(names, MONDAY),
        lambda: render({"a": [text]}, names, MONDAY),
    ]
    for use in uses:
        result_of(use)


@EXAMPLES
@given(expressions, data)
def test_no_data_makes_an_expression_that_can_be_read_raise_anything_else(node: Node, context: object) -> None:
    small_enough(node)
    for names in (
        {"context": context, "x": context},
        {"context": {"days": context, "list": [context], "staff": context}},
    ):
        outcome(unparse(node), names)


@EXAMPLES
@given(texts)
def test_checking_raises_nothing_and_finds_what_cannot_be_read(text: str) -> None:
    uses: list[tuple[Any, Callable[[str], Any]]] = [
        ("condition", condition),
        ("value", value),
        ("template", template),
    ]
    for kind, use in uses:
        codes = {problem.code for problem in check(text, SCHEMA, kind=kind).problems}
        read, code = result_of(lambda use=use: use(text))  # type: ignore[misc]
        assert read == "value" or code in codes


SHIFT = {"type": "object", "properties": {"days": {"type": ["integer", "null"]}, "late": {"type": "boolean"}},
         "required": ["days", "late"]}  # fmt: skip
STAFF = {"type": "object", "properties": {"name": {"type": "string"}, "phone": {"type": ["string", "null"]}},
         "required": ["name", "phone"]}  # fmt: skip
FIELDS = {
    "days": {"type": "integer"},
    "hours": {"type": "number"},
    "role": {"enum": ["Staff", "Manager"]},
    "urgent": {"type": "boolean"},
    "nothing": {"type": "null"},
    "start": {"type": "string", "format": "date"},
    "list": {"type": "array", "items": {"type": "number"}},
    "words": {"type": "array", "items": {"type": "string"}},
    "staff": STAFF,
    "shifts": {"type": "array", "items": SHIFT},
}
SCHEMA = Schema.from_json_schema({"type": "object", "properties": FIELDS, "required": list(FIELDS)})
conforming = st.fixed_dictionaries(
    {
        "days": st.integers(-5, 5),
        "hours": st.sampled_from([Decimal("7.5"), 8, 0.5]),
        "role": st.sampled_from(["Staff", "Manager"]),
        "urgent": st.booleans(),
        "nothing": st.none(),
        "start": st.sampled_from([date(2026, 12, 1), "2026-12-01"]),
        "list": st.lists(st.integers(0, 9), max_size=4),
        "words": st.lists(st.sampled_from(["Anna", "x"]), max_size=3),
        "staff": st.fixed_dictionaries({"name": st.just("Anna"), "phone": st.sampled_from([None, "1"])}),
        "shifts": st.lists(
            st.fixed_dictionaries({"days": st.sampled_from([None, 3]), "late": st.booleans()}), max_size=3
        ),
    }
)


@EXAMPLES
@given(expressions, conforming)
def test_a_name_that_the_checker_lets_pass_exists(node: Node, context: dict[str, Any]) -> None:
    text = small_enough(node)
    found = check(text, SCHEMA, kind="expression")
    gives = outcome(text, {"context": context})
    if gives == ("error", "unknown_name"):
        assert "unknown_name" in {one.code for one in (*found.problems, *found.warnings)}


@EXAMPLES
@given(expressions, conforming)
def test_what_the_checker_says_is_always_so_is_so(node: Node, context: dict[str, Any]) -> None:
    text = small_enough(node)
    found = check(text, SCHEMA)
    codes = {one.code for one in found.warnings if one.message.startswith("This condition")}
    kind, answer = outcome(text, {"context": context})
    if kind == "value" and codes:
        assert answer is ("always_yes" in codes)
    if kind == "value" and found.type == "boolean":
        assert answer is True or answer is False or answer is None


@EXAMPLES
@given(st.text(), st.text(alphabet="${}a.$", max_size=30))
def test_a_value_is_never_read_again(before: str, evil: str) -> None:
    assume("$" not in before)
    names = {"context": {"evil": evil}}
    assert template(before + "${context.evil}" + before).render(names, MONDAY) == before + evil + before
    assert value("${context.evil}").render(names, MONDAY) == evil


@EXAMPLES
@given(st.text(alphabet="${}a1 .\\\"'", max_size=30))
def test_an_escaped_text_comes_out_as_it_was(text: str) -> None:
    assume("$${" not in text)  # two dollars and a bracket: the escape of itself cannot be written
    assert template(text.replace("${", "$${")).render({}, MONDAY) == text


@EXAMPLES
@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15),
    st.integers(0, 15),
)
def test_rounding_is_that_of_the_school(number: Decimal, digits: int) -> None:
    kind, rounded = outcome(f"round(context.n, {digits})", {"context": {"n": number}})
    if kind == "value":
        scaled = abs(Decimal(format(number, ".60f")))
        step = Decimal(1).scaleb(-digits)
        assert abs(abs(rounded) - scaled) * 2 <= step * Decimal("1.0000000000001")


@EXAMPLES
@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2050, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_a_date_time_survives_being_written_and_read(moment: datetime) -> None:
    names = {"context": {"t": moment}}
    assert outcome("datetime(text(context.t)) == context.t", names) == ("value", True)
