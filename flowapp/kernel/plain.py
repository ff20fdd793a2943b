"""Plain data (text, numbers, true and false, lists, records) as JSON text, decimals kept exactly.

Python's own json turns 0.1 into a binary fraction and cannot write a Decimal at all; leave and money may not
pass through either.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def dump(value: Any) -> str:
    """Write plain data as JSON; dates and moments become ISO 8601 text."""
    return _encoder.encode(value).decode()


def load(text: str | bytes) -> Any:
    """Read JSON; numbers with a point become Decimal."""
    return _decoder.decode(text)


def plain(value: Any) -> Any:
    """Turn a value into what it will be once stored and read again."""
    return _decoder.decode(_encoder.encode(value))
