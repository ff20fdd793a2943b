"""Every limit, just kept and just broken, each with its own sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flowapp.expressions import ExpressionError, Schema, check, condition, expression, render, template
from flowapp.expressions.expression import Condition
from flowapp.expressions.parser import parse
from tests.unit.expressions.world import MONDAY, error_of, evaluate, filled, names


def nested(text: str, depth: int, opening: str = "(", closing: str = ")") -> str:
    """Put brackets around a text."""
    return opening * depth + text + closing * depth


@pytest.mark.parametrize(
    ("kept", "broken", "code", "sentence"),
    [
        ("1" + " " * 1999, "1" + " " * 2000, "too_long", "more than 2,000 characters"),
        (
            " + ".join(["1"] * 256),
            " + ".join(["1"] * 257),
            "too_long",
            "more than 512 words, numbers and signs",
        ),
        (nested("1", 32), nested("1", 33), "too_deep", "nested more than 32 deep"),
        (nested("1", 32, "[", "]"), nested("1", 33, "[", "]"), "too_deep", "nested more than 32 deep"),
        (nested("1", 32, "${", "}"), nested("1", 33, "${", "}"), "too_deep", "nested more than 32 deep"),
        (nested("1", 32, "abs(", ")"), nested("1", 33, "abs(", ")"), "too_deep", "nested more than 32 deep"),
        ("not " * 32 + "true", "not " * 33 + "true", "too_deep", "nested more than 32 deep"),
        ("!" * 32 + "true", "!" * 33 + "true", "too_deep", "nested more than 32 deep"),
        ("-" * 32 + "1", "-" * 33 + "1", "too_deep", "nested more than 32 deep"),
        (
            "not (" * 16 + "true" + ")" * 16,
            "not (" * 17 + "true" + ")" * 17,
            "too_deep",
            "nested more than 32",
        ),
        ("1 if true else " * 32 + "2", "1 if true else " * 33 + "2", "too_deep", "nested more than 32 deep"),
        (nested("1 - 1", 32), nested("1 - -1", 32), "too_deep", "nested more than 32 deep"),
    ],
)
def test_what_is_written_has_limits(kept: str, broken: str, code: str, sentence: str) -> None:
    evaluate(kept)
    error = error_of(broken)
    assert error.code == code
    assert sentence in error.message


def test_a_row_is_not_nesting() -> None:
    assert evaluate(" and ".join(["true"] * 200)) is True
    assert evaluate("-1 + " * 100 + "0") == -100
    assert evaluate("[" + ", ".join(["not true"] * 100) + "]") == [False] * 100
    assert evaluate("context" + '["a"]' * 60, **{"a": deep_record(59)}) == 1


def deep_record(depth: int) -> Any:
    """Make a record in a record in a record."""
    return {"a": deep_record(depth - 1)} if depth else 1


def test_the_limits_come_before_the_work() -> None:
    # Each of these would take seconds, or the stack, if it reached the parser.
    for hostile in (
        "(" * 100_000,
        "not " * 100_000,
        "1+" * 100_000,
        '"' * 100_000,
        "a." * 100_000,
        "\n" * 100_000,
    ):
        assert error_of(hostile).code == "too_long"


def test_a_list_has_at_most_ten_thousand_items() -> None:
    assert evaluate("length(context.x)", x=[1] * 10_000) == 10_000
    assert evaluate("length(context.x)", x=(1,) * 10_000) == 10_000
    for text in ("length(context.x)", "context.x", "context.x[0]", "5 in context.x", "context.x == [1]"):
        for many in ([1] * 10_001, (1,) * 10_001):
            error = error_of(text, x=many)
            assert error.code == "too_long"
            assert "10,001 items" in error.message
    assert evaluate('length(split(context.x, ","))', x="," * 9_999) == 10_000
    assert error_of('split(context.x, ",")', x="," * 10_000).code == "too_long"


def test_a_text_has_at_most_sixty_four_kib() -> None:
    full = "x" * 65_536
    assert filled("${context.x}", x=full) == full
    assert evaluate("context.x + context.empty", x=full) == full
    for text in (
        'context.x + "y"',
        'replace(context.x, "x", "xy")',
        'join([context.x, "y"], "")',
        'context.x + "é"',
    ):
        error = error_of(text, x=full)
        assert error.code == "too_long"
        assert "64 KiB" in error.message
    assert error_of("context.x == 1", x=full + "y").code == "too_long"
    assert error_of("upper(context.x)", x="ß" * 32_000 + "ŉ" * 700).code == "too_long"  # grows in capitals
    assert error_of("context.x", x="é" * 32_769).code == "too_long"  # bytes count, not characters


def test_a_filled_template_has_at_most_sixty_four_kib() -> None:
    half = "x" * 32_768
    assert len(filled("${context.x}${context.x}", x=half)) == 65_536
    for text in ("${context.x}${context.x}.", "é${context.x}${context.x}"):
        with pytest.raises(ExpressionError) as caught:
            filled(text, x=half)
        assert caught.value.code == "too_long"


def test_a_template_has_at_most_two_hundred_values_and_2048_words() -> None:
    assert len(filled("${1}" * 200)) == 200
    for text in ("${1}" * 201, "${" + "1+" * 200 + "1}" + ("${" + "1+" * 200 + "1}") * 5):
        with pytest.raises(ExpressionError) as caught:
            filled(text)
        assert caught.value.code == "too_long"
    with pytest.raises(ExpressionError) as caught:
        template("x" * 65_537)
    assert caught.value.code == "too_long"
    with pytest.raises(ExpressionError) as caught:
        template("${" + "1" + " " * 2_000 + "}")
    assert caught.value.code == "too_long"


@pytest.mark.parametrize(
    "text",
    [
        "[y for y in context.x if all(z >= 0 for z in context.x)]",
        "sum(sum(b for b in context.x) for a in context.x)",
        "count(a in context.x and false for a in context.reversed)",
        "[sort(context.x) for a in context.x]",
        '[join(context.x, ",") for a in context.x]',
        "[distinct(context.x) for a in context.x]",
        "[reverse(context.x) for a in context.x]",
        "[max(context.x) for a in context.x]",
        "[context.x == context.copy for a in context.x]",
        "[lower(context.big) for a in context.x]",
        '[contains(context.big, "z") for a in context.x]',
        '[replace(context.big, "z", "y") for a in context.x]',
        '[split(context.big, "z") for a in context.x]',
        "[context.big + context.empty for a in context.x]",
        "[context.empty + context.big for a in context.x]",
        "[context.big == context.big2 for a in context.x]",
        "[add_working_days(today(), 3650) for a in context.x]",
        "[[b for b in context.x] for a in context.x]",
    ],
)
def test_work_is_counted_and_stopped(text: str) -> None:
    many = list(range(9_000))
    error = error_of(text, x=many, copy=list(many), reversed=many[::-1], big="x" * 60_000, big2="x" * 59_999 + "y")
    assert error.code == "too_many_steps"
    assert "100,000 steps" in error.message


def test_honest_work_on_long_lists_is_done() -> None:
    many = list(range(10_000))
    assert evaluate("count(x % 2 == 0 for x in context.x)", x=many) == 5_000
    assert evaluate("sort(context.x)[0]", x=many[::-1]) == 0
    assert evaluate('length(distinct(context.x)) + length(join(context.x, ","))', x=many) == 10_000 + 48_889
    assert (
        evaluate('any(s.hours > 12 and s.role == "Nurse" for s in context.x)', x=[names()["context"]] * 5_000) is False
    )


def test_what_leaves_is_limited_too() -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("[context.x for y in context.many]", x="x" * 60_000, many=list(range(100)))
    assert caught.value.code == "too_long"
    assert "1,048,576 characters" in caught.value.message
    with pytest.raises(ExpressionError) as caught:
        render({str(place): "${context.x}" for place in range(40)}, names(x="x" * 60_000), MONDAY)
    assert caught.value.code == "too_long"


def test_all_fields_of_an_action_share_the_steps() -> None:
    fields = ["${count(x >= 0 for x in context.x)}"] * 5
    with pytest.raises(ExpressionError) as caught:
        render(fields, names(x=list(range(9_000))), MONDAY)
    assert (caught.value.code, caught.value.path) == ("too_many_steps", "[2]")


def test_data_that_contains_itself_is_too_deep() -> None:
    loop: list[object] = []
    loop.append(loop)
    other: list[object] = []
    other.append(other)
    for text in ("context.x", "context.x == context.y", "distinct([context.x])", "context.y in context.x"):
        assert error_of(text, x=loop, y=other).code == "too_deep"
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    for text in ("context.x", "distinct([context.x])"):
        assert error_of(text, x=deep).code == "too_deep"
    with pytest.raises(ExpressionError) as caught:
        render(loop, names(), MONDAY)
    assert caught.value.code == "too_deep"


DEEP = nested("1", 32, "abs(", ")")
USES: dict[str, Callable[[], object]] = {
    "condition": lambda: condition(f"{DEEP} == 1").evaluate(names(), MONDAY),
    "description": lambda: condition(f"{DEEP} == 1").describe(),
    "explanation": lambda: condition(f"{DEEP} == 1").explain(names(), MONDAY),
    "expression": lambda: expression(DEEP).evaluate(names(), MONDAY),
    "template": lambda: template(f"a ${{{DEEP[4:-1]}}}").render(names(), MONDAY),
    "reading": lambda: Condition(f"{DEEP} == 1"),
    "check": lambda: [problem.code for problem in check(f"{DEEP} == 1", Schema()).problems],
}


@pytest.mark.parametrize("use", USES)
def test_a_stack_that_is_nearly_used_up_gives_an_error_of_ours(use: str) -> None:
    USES[use]()  # so that what is kept is kept already

    def deeper(left: int) -> object:
        if left:
            return deeper(left - 1)
        try:
            return USES[use]()
        except ExpressionError as error:
            return [error.code]

    found = []
    for left in range(700, 990):
        try:
            found.append(deeper(left))
        except RecursionError:
            break  # the stack ended before anything of ours was called
    assert ["too_deep"] in found


def test_reading_does_not_recurse() -> None:
    assert parse(nested("1", 32)) == parse("1")
