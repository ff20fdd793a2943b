"""The nearest name to one that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

_MOST = 200  # names looked at: a record from outside may have thousands
_LONGEST = 60
WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "for", "true", "false", "null"})


def nearest(name: str, names: Iterable[object]) -> str | None:
    """Answer the name that was probably meant, or None."""
    known = {
        other.lower(): other for other in islice(names, _MOST) if isinstance(other, str) and len(other) <= _LONGEST
    }
    found = difflib.get_close_matches(name[:_LONGEST].lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def unknown_root(name: str, names: Iterable[object]) -> tuple[str, str | None]:
    """Answer the sentence for a first name that does not exist, and what was probably meant."""
    if name.lower() in WORDS:
        return f'Write "{name.lower()}" in small letters.', name.lower()
    near = nearest(name, names)
    return f'There is no "{name[:_LONGEST]}" here{offer(near)}', near


def offer(near: str | None) -> str:
    """Answer the end of the sentence that offers a name."""
    return f'; did you mean "{near}"?' if near else "."
