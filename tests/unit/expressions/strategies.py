"""Expressions and data made at random, for the properties."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from flowapp.expressions import nodes as n
from tests.unit.expressions.slow_values import CALLS

# A few examples, always the same, at every run; 20,000 new ones when somebody has the time.
LONG = os.environ.get("FLOWAPP_LONG") == "1"
EXAMPLES = settings(
    max_examples=20_000 if LONG else 80,
    derandomize=not LONG,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

TEXTS = [
    "",
    "a",
    "Staff",
    "3",
    "2026-12-01",
    "2026-13-01",
    "days",
    'quote " and \\ back',
    "é",
    "${context.days}",
]
NUMBERS: list[Any] = [
    0,
    1,
    2,
    3,
    10**15,
    10**8,
    Decimal("0.1"),
    Decimal("2.50"),
    Decimal("3.0"),
    Decimal("-0.5"),
]
FIELDS = [
    "days",
    "hours",
    "role",
    "urgent",
    "nothing",
    "start",
    "list",
    "words",
    "staff",
    "shifts",
    "name",
    "phone",
    "late",
    "nope",
]
VARIABLES = ["x", "y"]

literals = st.one_of(
    st.sampled_from(TEXTS), st.sampled_from([one for one in NUMBERS if one >= 0]), st.booleans(), st.none()
).map(n.Literal)
names = st.sampled_from(["context", "x", "y", "nowhere"]).map(n.Name)


def _paths(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    field = st.sampled_from(FIELDS).map(n.Field)
    index = st.one_of(st.sampled_from([0, 1, 2, -1, 9, "days", "nope"]).map(_index), inner.map(n.Index))
    parts = st.lists(st.one_of(field, field, field, index), min_size=1, max_size=3).map(tuple)
    # A path of a path is only a longer path, so it is never built.
    base = st.one_of(st.just(n.Name("context")), names, inner.filter(lambda node: not isinstance(node, n.Path)))
    return st.builds(n.Path, base, parts)


def _index(key: object) -> n.Index:
    if isinstance(key, int) and key < 0:
        return n.Index(n.Negate(n.Literal(-key)))
    assert isinstance(key, int | str)
    return n.Index(n.Literal(key))


def _rows(inner: st.SearchStrategy[n.Node], signs: str) -> st.SearchStrategy[n.Node]:
    rest = st.lists(st.tuples(st.sampled_from(signs), inner), min_size=1, max_size=3).map(tuple)
    return st.builds(n.Arithmetic, inner, rest)


def _calls(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    two = st.builds(
        lambda name, one, other: n.Call(name, (one, other)),
        st.sampled_from(["contains", "join", "default"]),
        inner,
        inner,
    )
    one = st.builds(
        lambda name, only: n.Call(name, (only,)),
        st.sampled_from(sorted(set(CALLS) - {"contains", "join"})),
        inner,
    )
    there = st.one_of(names, _paths(inner)).map(lambda name: n.Call("exists", (name,)))
    return st.one_of(one, two, there)


def _loops(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    kinds = st.sampled_from(["any", "all", "count", "sum", "list"])
    return st.builds(n.Loop, kinds, inner, st.sampled_from(VARIABLES), inner, st.one_of(st.none(), inner))


def _larger(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    signs: list[Any] = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
    joined = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        _paths(inner),
        _rows(inner, "+-"),
        _rows(inner, "*/%"),
        _calls(inner),
        _loops(inner),
        st.builds(n.Comparison, st.sampled_from(signs), inner, inner),
        st.builds(n.Test, st.sampled_from(["empty", "null"]), st.booleans(), inner),
        st.builds(n.Logic, st.sampled_from(["and", "or"]), joined),
        st.lists(inner, max_size=3).map(tuple).map(n.ListOf),
        st.builds(n.Choice, inner, inner, inner),
        inner.map(n.Not),
        inner.map(n.Negate),
    )


expressions = st.recursive(st.one_of(literals, _paths(literals), names), _larger, max_leaves=12)

# Text that is nearly an expression: its words and signs in any order.
WORDS = [
    "context",
    ".",
    "days",
    "staff",
    "name",
    "(",
    ")",
    "[",
    "]",
    "${",
    "}",
    ",",
    "and",
    "or",
    "not",
    "!",
    "in",
    "is",
    "empty",
    "null",
    "true",
    "if",
    "else",
    "for",
    "x",
    "any(",
    "sum(",
    "lower(",
    "default(",
    "exists(",
    "==",
    "!=",
    "<",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "1",
    "2.5",
    '"a"',
    "'b'",
    '"',
    "'",
    "\\",
    "$",
    "=",
    "é",
    "\n",
    "9" * 20,
    "secrets",
    "now()",
    "today()",
]
near_expressions = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
texts = st.one_of(near_expressions, st.text(max_size=60), near_expressions.map(lambda text: f"a ${{{text}}} b"))

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(max_size=20),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.binary(max_size=5),
    st.complex_numbers(),
    st.timezones(),
)
data = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.integers(), st.none()), inner, max_size=4),
    ),
    max_leaves=12,
)
