"""Waiting for what another process does: looking again and again, never longer than a limit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")
LOOK_EVERY = 0.02


class NotYet(AssertionError):
    """What was waited for did not come."""


def until(look: Callable[[], T | None], *, within: float, for_what: str) -> T:
    """Answer the first thing `look` finds that is neither None nor False; raises NotYet after `within` seconds."""
    deadline = monotonic() + within
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        if monotonic() > deadline:
            raise NotYet(f"Waited {within:.0f} s in vain for {for_what}.")
        threading.Event().wait(LOOK_EVERY)
