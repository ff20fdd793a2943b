"""What each type of step decides for itself."""

from __future__ import annotations

from typing import Any

from flowapp.engine.changes import StepError
from flowapp.engine.control.walk import Walk
from flowapp.engine.places import Path


class CannotGoOn(Exception):
    """A step cannot do its work, for a reason of its own."""

    def __init__(self, error: StepError) -> None:
        super().__init__(error.message)
        self.error = error


class Control:
    """How one type of step goes on; a type overrides what can happen to it."""

    def enter(self, walk: Walk, path: Path, step: Any, last: Any) -> None:
        """Begin, now that its turn has come; `last` is what the step before it gave."""
        walk.act(path)

    def ended(self, walk: Walk, path: Path, step: Any, lane: str, output: Any) -> None:
        """Go on after a list inside it has been gone through."""
        walk.go_on(path, output)

    def woken(self, walk: Walk, path: Path, step: Any, told: Any) -> None:
        """Go on now that the time it waited for has come, or with what it has been told."""
        self.enter(walk, path, step, None)

    def catches(self, walk: Walk, path: Path, step: Any, lane: str, error: dict[str, str]) -> bool:
        """Say whether it goes on although a list inside it failed, and if so, go on."""
        return False
