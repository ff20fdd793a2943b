"""Plain data (text, numbers, true and false, lists, records) as JSON text, decimals kept exactly.

Python's own json turns 0.1 into a binary fraction and cannot write a Decimal at all; leave and money may not
pass through either.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, NamedTuple

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what the library can hold
        raise ValueError(f"{text[:40]} is beyond every number that can be kept") from None


_decoder = msgspec.json.Decoder(float_hook=_number)


def dump(value: Any) -> str:
    """Write plain data as JSON; dates and moments become ISO 8601 text. Raises ValueError for what is no number."""
    encoded = _encoder.encode(value)
    # NaN comes out as a word that is no JSON, or as null; both words are rare enough to look closer.
    if (b"NaN" in encoded or b"Infinity" in encoded or b"null" in encoded) and not _all_finite(value):
        raise ValueError("NaN and infinity are no numbers that can be kept")
    return encoded.decode()


def pretty(value: Any) -> str:
    """Write plain data as JSON that people can read, over several lines; raises as `dump` does."""
    return msgspec.json.format(dump(value), indent=2)


class Kept(NamedTuple):
    """Plain data as the text it is kept as, for data that is written more than once."""

    text: str


def kept(value: Any) -> Kept:
    """Write plain data as JSON that goes into a column as it is; raises as `dump` does."""
    return Kept(dump(value))


def _all_finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_all_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_all_finite, value))
    return not isinstance(value, float | Decimal) or isfinite(value)


def load(text: str | bytes) -> Any:
    """Read JSON; numbers with a point become Decimal."""
    return _decoder.decode(text)


def plain(value: Any) -> Any:
    """Turn a value into what it will be once stored and read again."""
    return _decoder.decode(dump(value))
