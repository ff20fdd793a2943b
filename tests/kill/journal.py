"""Long tests in pieces: which cases are one's own, and which have passed before.

`FLOWAPP_KILL_SHARD=2/8` takes the second eighth of the cases, `FLOWAPP_KILL_JOURNAL=<folder>` keeps a list there of
those that passed and leaves them out the next time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def my_share(cases: Sequence[T], shard: str | None = None) -> list[T]:
    """Answer the cases of this shard, or all of them."""
    number, _, of = (shard or os.environ.get("FLOWAPP_KILL_SHARD") or "1/1").partition("/")
    return list(cases[int(number) - 1 :: int(of)])


class Journal:
    """The cases that have passed."""

    def __init__(self, folder: str | None = None) -> None:
        named = folder or os.environ.get("FLOWAPP_KILL_JOURNAL")
        self.path = (
            Path(named) / f"passed-{os.environ.get('FLOWAPP_KILL_SHARD', 'all').replace('/', '-of-')}"
            if named
            else None
        )

    def passed(self, case: str) -> bool:
        """Say whether a case has passed before."""
        return self.path is not None and self.path.exists() and case in self.path.read_text().split()

    def note(self, case: str) -> None:
        """Note that a case has passed."""
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a") as file:
                file.write(f"{case}\n")
