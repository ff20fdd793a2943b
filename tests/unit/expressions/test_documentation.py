"""The page for managers: every example in docs/expressions.md happens as it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowapp.expressions import ExpressionError, catalogue, condition, limits
from tests.unit.expressions.world import MONDAY, evaluate, filled, names

PAGE = Path(__file__).parents[3].joinpath("docs/expressions.md").read_text(encoding="utf-8")


def tables() -> Iterator[tuple[list[str], list[list[str]]]]:
    """Answer each table of the page: its header, and its rows."""
    for block in PAGE.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        if lines:
            header, _, *rows = (
                [cell.strip().replace("\\|", "|") for cell in line.replace("\\|", "\0").strip("|").split("|")]
                for line in lines
            )
            yield header, [[cell.replace("\0", "|") for cell in row] for row in rows]


def rows_of(*header: str) -> list[list[str]]:
    """Answer the rows of all tables with this header, the marks of code taken off."""
    found = [row for head, rows in tables() if head == list(header) for row in rows]
    return [[cell.removeprefix("`").removesuffix("`") for cell in row] for row in found]


@pytest.mark.parametrize(("name", "held"), rows_of("Name", "Holds"))
def test_the_leave_request_of_the_page_is_that_of_the_tests(name: str, held: str) -> None:
    if held.startswith("three shifts"):
        assert evaluate("length(context.shifts)") == 3
        assert evaluate("all(exists(s.hours) and exists(s.late) for s in context.shifts)") is True
    else:
        assert evaluate(name) == evaluate(held)


@pytest.mark.parametrize(("text", "words", "gives"), rows_of("You write", "In words", "It gives"))
def test_conditions_read_and_come_out_as_shown(text: str, words: str, gives: str) -> None:
    assert condition(text).describe() == words
    assert condition(text).evaluate(names(), MONDAY) is evaluate(gives)


@pytest.mark.parametrize(("text", "said"), rows_of("You write", "The run says"))
def test_runs_are_explained_as_shown(text: str, said: str) -> None:
    assert condition(text).explain(names(), MONDAY) == said


@pytest.mark.parametrize(("text", "written"), rows_of("You write", "The text"))
def test_texts_are_filled_in_as_shown(text: str, written: str) -> None:
    assert filled(text) == written


@pytest.mark.parametrize(("text", "gives"), rows_of("You write", "It gives"))
def test_values_come_out_as_shown(text: str, gives: str) -> None:
    assert evaluate(text) == evaluate(gives)


@pytest.mark.parametrize(("text", "said"), rows_of("You write", "FlowApp says"))
def test_mistakes_are_answered_as_shown(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        condition(text).evaluate(names(), MONDAY)
    assert caught.value.message == said


def test_the_table_of_functions_is_the_catalogue() -> None:
    shown = [(row[0], row[1], row[2].replace("`", "")) for row in rows_of("Function", "What it gives", "For example")]
    assert shown == [(entry.signature, entry.description, " → ".join(entry.examples[0])) for entry in catalogue()]


def test_no_table_of_examples_is_left_out() -> None:
    assert len(rows_of("You write", "In words", "It gives")) >= 10
    assert len(rows_of("You write", "The run says")) >= 4
    assert len(rows_of("You write", "The text")) >= 5
    assert len(rows_of("You write", "It gives")) >= 10
    assert len(rows_of("You write", "FlowApp says")) >= 9


@pytest.mark.parametrize(
    "number",
    [
        limits.CHARACTERS,
        limits.TOKENS,
        limits.NESTING,
        limits.TEMPLATE_VALUES,
        limits.LIST_ITEMS,
        limits.TEXT_BYTES // 1024,
        limits.NUMBER,
        limits.STEPS,
        limits.DIGITS,
    ],
)
def test_the_limits_are_those_of_the_code(number: int) -> None:
    assert f" {number:,}" in PAGE.replace("\n", " ")
