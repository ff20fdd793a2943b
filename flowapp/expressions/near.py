"""The nearest name to one that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

_MOST = 200  # names looked at: a record from outside may have thousands
_LONGEST = 60


def nearest(name: str, names: Iterable[object]) -> str | None:
    """Answer the name that was probably meant, or None."""
    known = {
        other.lower(): other
        for other in islice(names, _MOST)
        if isinstance(other, str) and len(other) <= _LONGEST
    }
    found = difflib.get_close_matches(name[:_LONGEST].lower(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def offer(near: str | None) -> str:
    """Answer the end of the sentence that offers a name."""
    return f'; did you mean "{near}"?' if near else "."
