"""How the rota says days, numbers and lists in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from flowapp.kernel.calendar_names import MONTHS

HUNDREDTH = Decimal("0.01")


def day_text(day: date) -> str:
    """Say a day in full: 3 March 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def span_text(first: date, last: date) -> str:
    """Say a stretch of days: on 3 March 2026, or from 3 March 2026 to 5 March 2026."""
    if first == last:
        return f"on {day_text(first)}"
    return f"from {day_text(first)} to {day_text(last)}"


@lru_cache(maxsize=4096)  # a rule says the same few numbers in every sentence
def number_text(number: Decimal | int) -> str:
    """Say a number with at most two decimals and no needless zeros."""
    rounded = Decimal(number).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def amount_text(number: Decimal | int, unit: str) -> str:
    """Say a number of something: 1 day, 2.5 days, 0 hours."""
    text = number_text(number)
    return f"{text} {unit}" if text == "1" else f"{text} {unit}s"


def list_text(items: Sequence[str], *, most: int = 3) -> str:
    """Join the first few with commas and "and", and count the rest: a, b, c and 2 more."""
    named = list(items[:most])
    left = len(items) - len(named)
    if left:
        named.append(f"{left} more")
    if len(named) == 1:
        return named[0]
    return f"{', '.join(named[:-1])} and {named[-1]}"
