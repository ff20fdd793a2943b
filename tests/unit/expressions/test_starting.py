"""Starting: the language costs next to nothing until somebody uses it, and its objects can be shared."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from flowapp.expressions import WEEKDAYS_ONLY, condition, expression, kind_of, template, value
from flowapp.expressions.parser import GRAMMAR, lark
from tests.unit.expressions.world import MONDAY, names

ROOT = Path(__file__).parents[3]


def test_the_parser_is_loaded_with_the_first_expression_not_at_start() -> None:
    program = (
        "import sys, flowapp.expressions as e; assert 'lark' not in sys.modules;"
        "e.condition('true'); assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_reading_leaves_no_files_behind(tmp_path: Path) -> None:
    # Lark's own cache would be a pickle in the temporary folder, which others can write to.
    program = "from flowapp.expressions import condition; condition('true')"
    environment = {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, env=environment)
    assert list(tmp_path.iterdir()) == []


def test_the_parser_is_built_once() -> None:
    assert lark() is lark()


def test_the_grammar_is_lalr_with_whole_words_for_keywords() -> None:
    assert lark().options.parser == "lalr"
    assert lark().options.lexer == "contextual"
    keywords = [
        line
        for line in GRAMMAR.read_text(encoding="utf-8").splitlines()
        if line.startswith(("_OR", "_AND", "NOT", "IN.", "IS", "IF", "ELSE", "_FOR"))
    ]
    assert len(keywords) == 8
    assert all(r"\b" in line for line in keywords)


def test_one_expression_serves_many_threads() -> None:
    text = "any(x == context.days for x in context.list) and sum(x for x in context.list) == context.total"

    def work(days: int) -> bool:
        given = names(days=days, list=list(range(days + 1)), total=days * (days + 1) // 2)
        return condition(text).evaluate(given, MONDAY) and template("${context.days}").render(given, MONDAY) == str(
            days
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, list(range(200)) * 3))


@pytest.mark.parametrize("held", [MappingProxyType(names()), defaultdict(dict, names())])
def test_names_may_be_any_mapping_and_are_not_changed(held: Any) -> None:
    before = dict(held)
    assert condition("context.days == 2").evaluate(held, MONDAY) is True
    assert value("${default(nowhere.x, 5)}").render(held, MONDAY) == 5
    assert dict(held) == before


def test_weekdays_only_knows_no_bank_holidays() -> None:
    assert not WEEKDAYS_ONLY.is_bank_holiday(date(2026, 12, 25))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", "number"),
        ("2.5", "number"),
        ('"x"', "text"),
        ("true", "boolean"),
        ("null", "null"),
        ("today()", "date"),
        ("now()", "datetime"),
        ("[]", "list"),
        ("context", "record"),
    ],
)
def test_what_an_expression_gives_has_a_kind(text: str, kind: str) -> None:
    assert kind_of(expression(text).evaluate(names(), MONDAY)) == kind
