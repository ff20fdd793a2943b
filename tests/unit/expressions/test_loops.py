"""Loops: any, all, count, sum and lists worked out from lists."""

from __future__ import annotations

import pytest

from flowapp.expressions import expression
from tests.unit.expressions.world import MONDAY, error_of, evaluate


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("any(x > 2 for x in [1, 2, 3])", True),
        ("any(x > 3 for x in [1, 2, 3])", False),
        ("any(x > 3 for x in [])", False),
        ("all(x > 0 for x in [1, 2])", True),
        ("all(x > 1 for x in [1, 2])", False),
        ("all(x > 1 for x in [])", True),
        ("all(x > 1 for x in [1, 2] if x != 1)", True),
        ("count(s.late for s in context.shifts)", 2),  # yes-or-no: how many are yes
        ("count(s for s in context.shifts if s.late)", 2),  # anything else: how many are left
        ("count(x for x in [null, 1])", 2),
        ("sum(s.hours for s in context.shifts)", 28),
        ('sum(s.hours for s in context.shifts if s.role == "Carer")', 19),
        ("sum(x for x in [])", 0),
        ("[x * 2 for x in [1, 2]]", [2, 4]),
        ("[s.id for s in context.shifts if s.late]", [2, 3]),
        ("[[x + y for y in [10, 20]] for x in [1, 2]]", [[11, 21], [12, 22]]),
        ("[x for x in [1, 2]][0]", 1),
        ("any(all(y > x for y in [2, 3]) for x in [1])", True),
        ("[x if x > 1 else 0 for x in [1, 2]]", [0, 2]),
        ("any(1 / x > 0 for x in [1, 0])", True),  # stops at the first yes
        ("all(1 / x > 1 for x in [1, 0])", False),
    ],
)
def test_loops_over_lists(text: str, result: object) -> None:
    assert evaluate(text) == result


def test_a_loops_name_hides_a_root_only_inside() -> None:
    text = "[shift + 1 for shift in [1, 2]] == [2, 3] and shift == 9"
    assert expression(text).evaluate({"shift": 9}, MONDAY) is True


@pytest.mark.parametrize(
    ("text", "column", "length"),
    [
        ("any(x for x in 5)", 16, 1),
        ("any(x for x in null)", 16, 4),
        ('any(x for x in "abc")', 16, 5),
        ("any(x for x in [1])", 5, 1),
        ("all(x for x in [null])", 5, 1),
        ('sum(x for x in ["1"])', 5, 1),
        ("[x for x in [1] if x]", 20, 1),
        ("any(y.z > 1 for y in [1])", 7, 1),
    ],
)
def test_errors_inside_loops_point_at_the_part(text: str, column: int, length: int) -> None:
    error = error_of(text)
    assert (error.code, error.column, error.length) == ("wrong_type", column, length)
