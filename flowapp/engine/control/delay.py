"""A delay waits in its row until its time has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from flowapp.engine.control.control import Control
from flowapp.engine.control.walk import Walk
from flowapp.engine.places import Path
from flowapp.expressions import Environment, ExpressionError, expression
from flowapp.workflows.steps.delay import DelayStep


class DelayControl(Control):
    """Costs nothing but a row while it waits."""

    def enter(self, walk: Walk, path: Path, step: DelayStep, last: Any) -> None:
        """Wait, or go on at once when the time is past."""
        until = _until(step, walk, path)
        if until <= walk.now:
            self._go_on(walk, path, until)
        else:
            walk.hold(path, {"until": until.isoformat()})
            walk.wait(path, until)

    def woken(self, walk: Walk, path: Path, step: DelayStep, told: Any) -> None:
        """Go on."""
        self._go_on(walk, path, datetime.fromisoformat(walk.held(path)["until"]))

    def _go_on(self, walk: Walk, path: Path, until: datetime) -> None:
        output = {"until": until.isoformat()}
        walk.complete(path, output)
        walk.go_on(path, output)


def _until(step: DelayStep, walk: Walk, path: Path) -> datetime:
    here = walk.environment
    if step.for_ is not None:
        return step.for_.after(here.now, here.timezone, here.calendar)
    assert step.until is not None
    return as_moment(expression(step.until).evaluate(walk.names(path), here), here)


def as_moment(value: object, here: Environment) -> datetime:
    """Take a date-time, a date (its first moment in the home) or the text of either for a moment."""
    found = _read(value) if isinstance(value, str) else value
    if isinstance(found, datetime):
        return (found if found.tzinfo else found.replace(tzinfo=here.timezone)).astimezone(UTC)
    if isinstance(found, date):
        return datetime.combine(found, time(), here.timezone).astimezone(UTC)
    raise ExpressionError("wrong_type", "This must give a date or a date-time to wait for.")


def _read(text: str) -> date | datetime | None:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return None
