"""Where a path leads: the step in the document, the steps it lies inside of, and the turn of each loop.

A path reads like the document: `short.then.approve`, `short.elif[0].x`, `each[3].mail`. Parsed from the left: a step,
then either `[n]` (a turn) or `.lane`, then a step again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from flowapp.workflows.steps.step import ON_ERROR, TURN

__all__ = ["ON_ERROR", "TURN", "Owner", "Path", "Place", "place_of"]

Path = str
_PART = re.compile(r"(\w+)(?:\[(\d+)\]\.|\.(\w+(?:\[\d+\])?)\.)")


class Owner(NamedTuple):
    """A step that a path lies inside of, and in which of its lists."""

    path: Path
    static: Path
    lane: str  # as it runs: `then`, `[3]`
    static_lane: str  # as the document has it: `then`, `[]`
    number: int | None  # of the turn
    prefix: str  # what the paths in this list begin with


class Place(NamedTuple):
    """A path taken apart; `owners` begins with the outermost."""

    path: Path
    static: Path
    prefix: str
    owners: tuple[Owner, ...]
    scope: str  # the prefix of the innermost turn it lies in, or nothing
    plain: bool  # whether it reads no names but those that all steps read


@lru_cache(maxsize=8192)
def place_of(path: Path) -> Place:
    """Take a path apart."""
    owners: list[Owner] = []
    at, static, scope = 0, "", ""
    while found := _PART.match(path, at):
        step, turn, lane = found.groups()
        owner, static_owner = path[: found.start()] + step, static + step
        at = found.end()
        if turn is None:
            static = f"{static_owner}.{lane}."
            owners.append(Owner(owner, static_owner, lane, lane, None, path[:at]))
        else:
            static, scope = f"{static_owner}{TURN}.", path[:at]
            owners.append(Owner(owner, static_owner, f"[{turn}]", TURN, int(turn), scope))
    plain = not scope and all(owner.lane != ON_ERROR for owner in owners)
    return Place(path, static + path[at:], path[:at], tuple(owners), scope, plain)
