"""Signs that are not text: what steers a terminal, and halves of signs (Unicode's categories Cc and Cs)."""

from __future__ import annotations

import re
from typing import Any, Final

NUL: Final = "\x00"
NO_TEXT: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
NO_TEXT_BUT_LINES: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")  # lets tabs and \n be


def place_of_nul(value: Any, place: str = "") -> str | None:
    """Answer where in plain data a text holds NUL, such as `steps[0].name`; None where none does."""
    if isinstance(value, str):
        return place if NUL in value else None
    parts: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        if any(NUL in key for key in value):
            return place
        parts = [(f"{place}.{key}" if place else key, each) for key, each in value.items()]
    elif isinstance(value, list):
        parts = [(f"{place}[{number}]", each) for number, each in enumerate(value)]
    return next((found for name, each in parts if (found := place_of_nul(each, name)) is not None), None)
