"""One walk through a document: what is still to be looked at, and what has been decided on the way."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flowapp.engine.changes import Changes, End, Opened, Settled, StepError
from flowapp.engine.execution import StepStatus
from flowapp.engine.memory import Memory
from flowapp.engine.places import Owner, Path, place_of
from flowapp.engine.plan import Plan
from flowapp.expressions import Environment, condition
from flowapp.workflows.document import lane_prefix


class Turn(NamedTuple):
    """A step whose turn has come; `last` is what the step before it gave."""

    path: Path
    last: Any


class ListEnded(NamedTuple):
    """A list inside a step that has been gone through, with what its last step gave."""

    path: Path  # the prefix of the list
    owner: Path
    lane: str
    output: Any


@dataclass
class Walk:
    """A work-list instead of calls inside calls: five thousand turns must not overflow."""

    plan: Plan
    environment: Environment
    changes: Changes
    room: int  # how many steps may still be settled before the rest is left to the next pass
    todo: deque[Turn | ListEnded] = field(default_factory=deque)

    @property
    def memory(self) -> Memory:
        """What the execution remembers at this point of the walk."""
        return self.changes.memory

    @property
    def now(self) -> datetime:
        """The moment of this walk."""
        return self.environment.now

    def names(self, path: Path) -> dict[str, Any]:
        """Answer what a step may read."""
        return self.memory.names(self.plan, path)

    def answer(self, path: Path, lane: str, question: str) -> bool:
        """Ask a question about a list inside a step, with the names that its steps read."""
        return condition(question).evaluate(self.names(f"{lane_prefix(path, lane)}x"), self.environment)

    def held(self, path: Path) -> Any:
        """Answer what a container remembers."""
        return self.memory.held[path]

    def hold(self, path: Path, held: Any) -> None:
        """Let a container remember something else."""
        self.memory.held[path] = held
        self.changes.held.add(path)

    def forget(self, owner: Path, lane: str) -> None:
        """Forget what the steps of a turn gave, now that nothing can read it any more."""
        self.memory.outputs.pop(lane_prefix(owner, lane), None)

    def begin_list(self, owner: Path, lane: str, last: Any = None) -> None:
        """Let the first step of a list inside a step have its turn."""
        prefix = lane_prefix(owner, lane)
        static = "[]" if lane.startswith("[") else lane
        first = self.plan.node(owner).firsts[static]
        self.todo.append(ListEnded(prefix, owner, lane, last) if first is None else Turn(prefix + first, last))

    def go_on(self, path: Path, output: Any) -> None:
        """Let the next step of the same list have its turn, or tell the step that the list belongs to."""
        place, following = place_of(path), self.plan.node(path).following
        if following is not None:
            self.todo.append(Turn(place.prefix + following, output))
        elif place.owners:
            owner = place.owners[-1]
            self.todo.append(ListEnded(owner.prefix, owner.path, owner.lane, output))

    def complete(self, path: Path, output: Any, explanation: str | None = None) -> None:
        """Settle a step that has done its work."""
        self.memory.keep(path, output)
        self.settle(Settled(path=path, status=StepStatus.COMPLETED, output=output, explanation=explanation))

    def settle(self, settled: Settled) -> None:
        """Note that a step has come to its end."""
        self.room -= 1
        self.memory.live.discard(settled.path)
        self.changes.settled.append(settled)

    def open(
        self,
        path: Path,
        status: StepStatus = StepStatus.RUNNING,
        *,
        run_at: datetime | None = None,
        given: Any = None,
        error: StepError | None = None,
    ) -> None:
        """Let a step live on in a row of its own."""
        self.memory.live.add(path)
        opened = Opened(path=path, status=status, run_at=run_at or self.now, given=given, error=error)
        self.changes.opened.append(opened)

    def wait(self, path: Path, until: datetime | None = None) -> None:
        """Let a step wait for a time; without one, until it is woken."""
        self.memory.live.add(path)
        self.changes.opened.append(Opened(path=path, status=StepStatus.WAITING, run_at=until))

    def listen(self, path: Path, until: datetime | None, *, looked_at: int | None = None) -> None:
        """Let a step wait for events, or for a time; one that only begins has looked at none."""
        self.wait(path, until)
        self.changes.listening[path] = looked_at

    def act(self, path: Path) -> None:
        """Let a step act."""
        self.memory.live.add(path)
        self.changes.act.append(path)

    def cancel_list(self, owner: Path, lane: str) -> None:
        """Take back everything under way in one list of a step."""
        self._cancel((lane_prefix(owner, lane),))

    def cancel_inside(self, path: Path) -> None:
        """Take back everything under way inside a step."""
        self._cancel((f"{path}.", f"{path}["))

    def end(self, end: End) -> None:
        """End the execution, whatever else is under way."""
        self._cancel(("",))
        self.changes.end = end

    def _cancel(self, prefixes: tuple[str, ...]) -> None:
        for path in sorted(each for each in self.memory.live if each.startswith(prefixes)):
            self.settle(Settled(path=path, status=StepStatus.CANCELLED))
        for kept in (self.todo, self.changes.act):
            dropped = [each for each in kept if _path(each).startswith(prefixes)]
            for each in dropped:
                kept.remove(each)  # type: ignore[arg-type]

    def live_owner(self, path: Path) -> Owner | None:
        """Answer the nearest step around a path that is under way; a condition has gone its way already."""
        owners = reversed(place_of(path).owners)
        return next((owner for owner in owners if owner.path in self.memory.live), None)


def _path(item: Turn | ListEnded | Path) -> Path:
    return item if isinstance(item, str) else item.path
