"""One thing that was looked at, how it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How something stands."""

    OK = "ok"
    LOOK = "worth a look"  # nothing is broken
    WRONG = "wrong"  # something does not work, or is about to stop working


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found; `remedy` says what to do, and is empty where all is well."""

    check: str
    standing: Standing
    sentence: str
    remedy: str = ""


def fine(check: str, sentence: str) -> Finding:
    """Answer that all is well."""
    return Finding(check=check, standing=Standing.OK, sentence=sentence)


def look(check: str, sentence: str, remedy: str) -> Finding:
    """Answer that this is worth a look."""
    return Finding(check=check, standing=Standing.LOOK, sentence=sentence, remedy=remedy)


def wrong(check: str, sentence: str, remedy: str) -> Finding:
    """Answer that something is wrong."""
    return Finding(check=check, standing=Standing.WRONG, sentence=sentence, remedy=remedy)
