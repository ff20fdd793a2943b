"""What people wrote in their own words, which may tell of somebody without naming them: why they are ill, say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flowapp.rota.personal_data.holdings import REMOVED

# Under these names plain data holds what somebody wrote, or was written to somebody.
WRITTEN = frozenset(
    {"body", "subject", "message", "title", "text", "reason", "decision_reason", "note", "notes", "description"}
)
FEWEST_LETTERS = 4  # a shorter text tells nothing, and would be found inside others


def gathered(value: Any, *, written: bool = False) -> Iterator[str]:
    """Go through the free texts of plain data."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from gathered(each, written=written or name in WRITTEN)
    elif isinstance(value, list):
        for each in value:
            yield from gathered(each, written=written)
    elif written and isinstance(value, str) and len(value) >= FEWEST_LETTERS and value != REMOVED:
        yield value


def emptied(value: Any, texts: Iterable[str]) -> Any:
    """Answer plain data in which these texts no longer stand, be it inside of others."""
    if isinstance(value, dict):
        return {name: emptied(each, texts) for name, each in value.items()}
    if isinstance(value, list):
        return [emptied(each, texts) for each in value]
    return without(value, texts) if isinstance(value, str) else value


def without(text: str, texts: Iterable[str]) -> str:
    """Answer a text in which these texts no longer stand, the longest taken out first."""
    for each in sorted(texts, key=len, reverse=True):
        text = text.replace(each, REMOVED)
    return text
