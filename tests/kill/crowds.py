"""With how many workers the long tests of crashes are run, and how much of them.

`FLOWAPP_KILL_WORKERS=4` runs the whole with four workers, and nothing with another number.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from tests.kill.days import today
from tests.kill.deaths import OF_SEVERAL
from tests.kill.kinds import Kind

CHOSEN = int(os.environ.get("FLOWAPP_KILL_WORKERS") or 0)
NUMBERS = (CHOSEN,) if CHOSEN else (1, 2, 4)
SEVERAL = tuple(number for number in NUMBERS if number > 1)
DAYS = 20  # until every case has had its turn
Case = tuple[str, str, str, int]


def cases_of(kinds: Sequence[Kind], deaths: Iterable[str], *, workers: int) -> list[Case]:
    """Answer every kind at every point in every way that makes sense with so many workers; none, if not asked for."""
    if workers not in NUMBERS:
        return []
    ways = [death for death in deaths if workers > 1 or death not in OF_SEVERAL]
    return [(kind.name, point, death, workers) for kind in kinds for point in kind.points for death in ways]


def turn_of_today(cases: Sequence[Case], day: int | None = None) -> list[Case]:
    """Answer the cases whose turn it is today, or all when a number of workers was chosen."""
    return list(cases) if CHOSEN else list(cases[(today().toordinal() if day is None else day) % DAYS :: DAYS])
