"""A repeat goes through its steps again until its question is answered yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flowapp.engine.changes import StepError
from flowapp.engine.control.control import CannotGoOn, Control
from flowapp.engine.control.walk import Walk
from flowapp.engine.places import Path
from flowapp.workflows.steps.repeat import RepeatStep
from flowapp.workflows.steps.words import condition_words


class RepeatControl(Control):
    """Remembers the turn it is at, and when that was due to begin."""

    def enter(self, walk: Walk, path: Path, step: RepeatStep, last: Any) -> None:
        """Begin the first turn."""
        self._begin(walk, path, 0, walk.now)

    def ended(self, walk: Walk, path: Path, step: RepeatStep, lane: str, output: Any) -> None:
        """Ask after a turn whether it was the last, and begin or wait for the next."""
        held = walk.held(path)
        turns = held["turn"] + 1
        done = walk.answer(path, lane, step.until)
        walk.forget(path, lane)
        if done:
            result = {"turns": turns, "last": output}
            walk.complete(path, result)
            walk.go_on(path, result)
        elif turns >= step.max:
            raise CannotGoOn(too_often(step))
        else:
            self._next(walk, path, step, turns, datetime.fromisoformat(held["began"]))

    def woken(self, walk: Walk, path: Path, step: RepeatStep, told: Any) -> None:
        """Begin the turn whose time has come."""
        held = walk.held(path)
        self._begin(walk, path, held["turn"], datetime.fromisoformat(held["began"]))

    def _next(self, walk: Walk, path: Path, step: RepeatStep, turn: int, began: datetime) -> None:
        here = walk.environment
        due = step.every.after(began, here.timezone, here.calendar) if step.every else walk.now
        if due <= walk.now:
            self._begin(walk, path, turn, walk.now)
            return
        walk.hold(path, {"turn": turn, "began": due.isoformat()})
        walk.wait(path, due)

    def _begin(self, walk: Walk, path: Path, turn: int, began: datetime) -> None:
        walk.hold(path, {"turn": turn, "began": began.isoformat()})
        walk.open(path)
        walk.begin_list(path, f"[{turn}]")


def too_often(step: RepeatStep) -> StepError:
    """Say that the turns allowed are used up."""
    times = "once" if step.max == 1 else f"{step.max} times"
    asked = condition_words(step.until)
    return StepError(code="too_many_turns", message=f"It was repeated {times}, and still it was not so that {asked}.")
