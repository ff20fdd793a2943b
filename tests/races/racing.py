"""Two FlowApps on one database that do things at the same moment, over and over."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from flowapp.bootstrap import Flow
from flowapp.kernel.db import DatabaseBusy
from flowapp.kernel.errors import FlowError
from tests.engine.standing import broken

log = logging.getLogger(__name__)
LONG = os.environ.get("FLOWAPP_LONG") == "1"
REPETITIONS = 1_000 if LONG else 25
HEAD_START = 0.002  # seconds; about as long as a short transaction, so that either is first now and then
PATIENCE = 60.0
Work = Callable[[Flow], Any]


class Lap:
    """One repetition; `number` counts them from one."""

    def __init__(self, number: int, flows: Sequence[Flow], pool: ThreadPoolExecutor, chance: Random) -> None:
        self.number = number
        self.seen: list[Any] = []
        self._flows = flows
        self._pool = pool
        self._chance = chance

    def meet(self, *works: Work) -> list[Any]:
        """Do all of this at once, each in a FlowApp of its own, and answer what each answered or was told.

        Who gets which FlowApp changes with every repetition, and now and then one of them begins a little later: on
        two cores the same one would be first nearly always.
        """
        barrier = threading.Barrier(len(works))
        late, pause = self._chance.randrange(len(works)), self._chance.uniform(0, HEAD_START)

        def one(index: int, work: Work) -> Any:
            flow = self._flows[(index + self.number) % len(self._flows)]
            barrier.wait(PATIENCE)
            if index == late:
                threading.Event().wait(pause)
            try:
                return work(flow)
            except DatabaseBusy:
                raise
            except FlowError as told:
                return told

        futures = [self._pool.submit(one, index, work) for index, work in enumerate(works)]
        found = [future.result(PATIENCE) for future in futures]
        self.seen.extend(found)
        return found


class Race:
    """Repeats something that may come to one of several ends, and counts how it ended.

    The first of the FlowApps is the fixture `flow`; `one` and `other` are the two for whatever is not contended.
    """

    def __init__(self, name: str, flows: Sequence[Flow]) -> None:
        self.one, self.other = flows[0], flows[1]
        self.repetitions = REPETITIONS
        self._name = name
        self._flows = flows

    def run(self, repetition: Callable[[Lap], object], *, times: int | None = None) -> Counter[str]:
        """Repeat it, and answer how often it came to which end; everything the engine keeps must stand as it should."""
        ends: Counter[str] = Counter()
        times = times or self.repetitions
        with ThreadPoolExecutor(8, thread_name_prefix="race") as pool:
            for number in range(1, times + 1):
                lap = Lap(number, self._flows, pool, Random(f"{self._name} {number}"))
                try:
                    ends[str(repetition(lap))] += 1
                except BaseException as error:
                    error.add_note(f"In repetition {number} of {times}, where the two were told {lap.seen!r}.")
                    raise
        assert broken(self.one) == {}
        log.info("%s: %s", self._name, dict(ends))
        return ends
