"""Days, numbers and lists in sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flowapp.rota.wording import amount_text, list_text, number_text, span_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("7.50"), "7.5"),
        (Decimal("10"), "10"),
        (Decimal("1E+1"), "10"),  # no exponents
        (Decimal("33.333333"), "33.33"),
        (Decimal("-0.001"), "0"),  # no minus before nothing
        (Decimal("-2.5"), "-2.5"),
        (0, "0"),
    ],
)
def test_numbers_have_no_needless_digits(number: Decimal | int, text: str) -> None:
    assert number_text(number) == text


def test_only_one_is_singular() -> None:
    assert [amount_text(Decimal(n), "day") for n in ("0", "0.5", "1", "1.0", "2")] == [
        "0 days", "0.5 days", "1 day", "1 day", "2 days",
    ]  # fmt: skip


def test_a_stretch_of_one_day_names_it_once() -> None:
    assert span_text(date(2026, 3, 2), date(2026, 3, 2)) == "on 2 March 2026"
    assert span_text(date(2026, 3, 2), date(2026, 3, 4)) == "from 2 March 2026 to 4 March 2026"


def test_a_long_list_counts_what_it_does_not_name() -> None:
    assert list_text(["a"]) == "a"
    assert list_text(["a", "b", "c"]) == "a, b and c"
    assert list_text(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
