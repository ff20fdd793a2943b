"""How long a file, a function and a template may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.house.source import Finding, Source

FUNCTION_LINES = 40
FILE_LINES = 300
TEST_FILE_LINES = 400
TEMPLATE_LINES = 120
CONFTEST_LINES = 150


def long_functions(source: Source) -> Iterator[Finding]:
    """Find functions longer than can be read at a glance, counted from `def` to the last line."""
    for node, inside in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield Finding(
                    node.lineno,
                    f"{inside} has {lines} lines ({FUNCTION_LINES} at most). "
                    "Give its steps names of their own, or let a pure function decide and this one act.",
                    inside,
                )


def long_files(source: Source) -> Iterator[Finding]:
    """Find files that cannot be read at a sitting."""
    limit, remedy = _limit(source.path)
    lines = source.text.count("\n")
    if lines > limit:
        yield Finding(lines, f"{lines} lines ({limit} at most). {remedy}")


def _limit(path: str) -> tuple[int, str]:
    name = path.rpartition("/")[2]
    if path.endswith(".html"):
        return TEMPLATE_LINES, "Move a part that repeats into a macro under templates/ui."
    if name == "conftest.py":
        return CONFTEST_LINES, "Move data into tests/factories.py and fakes into tests/support."
    if name.startswith("test_"):
        return TEST_FILE_LINES, "Split it by what is asked: one file per page, noun or verb."
    return FILE_LINES, "Split it by noun: one file for one thing, 40 to 150 lines."
