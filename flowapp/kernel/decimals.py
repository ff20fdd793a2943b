"""Exact numbers for hours, days and money."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache


def tidy(number: Decimal) -> Decimal:
    """Take needless zeros off: 22.00 is 22, and never 2.2E+1."""
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole else number.normalize()


@lru_cache(maxsize=4096)  # hours come again and again
def hundredths_as_decimal(count: int) -> Decimal:
    """Make a Decimal of a whole number of hundredths, without needless zeros: 250 is 2.5, 300 is 3."""
    whole, rest = divmod(count, 100)
    return Decimal(whole) if rest == 0 else Decimal(count).scaleb(-2).normalize()
