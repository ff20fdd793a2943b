"""Whether a number is one of many, in a statement whose text is the same however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Numbers(FunctionElement[int]):
    """The numbers of a list, which is given as `as_list` writes it."""

    name = "numbers"
    type = BigInteger()
    inherit_cache = True


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Say that a column is among the numbers given under a name; for `Prepared`, which has no IN of varying length."""
    found: ColumnElement[bool] = column.op("IN", is_comparison=True)(Numbers(bindparam(name, type_=Text)))
    return found


def as_list(numbers: Iterable[int]) -> str:
    """Write numbers as such a statement is given them."""
    return f"[{','.join(map(str, numbers))}]"


@compiles(Numbers)
def _of_json(element: Numbers, compiler: SQLCompiler, **given: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **given)}))"


@compiles(Numbers, "postgresql")
def _of_array(element: Numbers, compiler: SQLCompiler, **given: Any) -> str:
    return f"(SELECT unnest(CAST(translate({compiler.process(element.clauses, **given)}, '[]', '{{}}') AS bigint[])))"
