"""Going through a document as the engine does, without a database: any number of steps live at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flowapp.engine.advance import MOST_AT_ONCE, advance
from flowapp.engine.changes import Changes, Done, End, Enter, Failed, News, Opened, StepError, Woken
from flowapp.engine.control.workflow import Child
from flowapp.engine.execution import ExecutionStatus, StepStatus
from flowapp.engine.memory import Memory
from flowapp.engine.plan import Plan, make_plan
from flowapp.engine.signals.arrivals import Arrivals, Arrived
from flowapp.expressions import Environment
from flowapp.workflows.reading import read_document
from flowapp.workflows.steps.wait import WaitStep
from flowapp.workflows.steps.workflow import WorkflowStep
from tests.factories import a_document

HERE = Environment(now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC), timezone=ZoneInfo("Europe/London"))
NO_ERROR = StepError(code="x", message="No.")
Choose = Callable[[list[str]], str]


def act(id_: str, **given: Any) -> dict[str, Any]:
    """Answer an action step; what it would do does not matter here."""
    return {"id": id_, "type": "action", "action": "any", **given}


def plan_of(*steps: dict[str, Any]) -> Plan:
    """Lay out a document of these steps."""
    return make_plan(read_document(a_document(*steps)))


@dataclass
class Walking:
    """One execution: `acting` steps have been told to act, `opened` rows wait for their time or for an event.

    `comes` says for which steps the event they wait for comes, once, before their time is over.
    """

    plan: Plan
    memory: Memory
    here: Environment = HERE
    fails: Callable[[str], bool] = lambda path: False
    output: Callable[[str], Any] = lambda path: {"from": path}
    comes: Callable[[str], bool] = lambda path: True
    room: int = MOST_AT_ONCE
    log: list[str] = field(default_factory=list)
    acting: list[str] = field(default_factory=list)
    opened: dict[str, Opened] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)  # the steps for which an event has come
    took: list[str] = field(default_factory=list)  # those of them that took it
    end: End | None = None

    def hear(self, news: News) -> Changes:
        """Tell one piece of news, and keep what follows."""
        assert self.end is None, "something came after the end"
        changes = advance(self.plan, news, self.memory, self.here, room=self.room)
        self.memory, self.end = changes.memory, changes.end
        for opened in changes.opened:
            self.opened.pop(opened.path, None)
            if opened.status in (StepStatus.PENDING, StepStatus.WAITING):
                self.opened[opened.path] = opened
        for settled in changes.settled:
            self.opened.pop(settled.path, None)
            if settled.path in self.acting:
                self.acting.remove(settled.path)
            self.outputs[settled.path] = settled.output
            self.log.append(f"{settled.path} {settled.status.value}")
        self.acting += changes.act
        self.took += changes.took
        return changes

    def step(self, path: str) -> None:
        """Let an acting step bring its result, or the time of a waiting one come."""
        if path in self.acting:
            self.acting.remove(path)
            self.log.append(path)
            if path in self.opened:
                return  # what it has begun tells it the end
            self.hear(Failed(path, NO_ERROR) if self.fails(path) else Done(path, self.output(path)))
            return
        waiting = self.opened.pop(path)
        if waiting.status is StepStatus.WAITING and (event := self._event(path)) is not None:
            self.hear(Woken(path, Arrivals((event,))))
            return
        if isinstance(self.plan.node(path).step, WorkflowStep) and waiting.run_at is None:
            self.hear(Woken(path, self.child(path)))
            return
        assert waiting.run_at is not None, "it waits for ever"
        if waiting.run_at > self.here.now:
            self.here = replace(self.here, now=waiting.run_at)
        self.hear(Woken(path) if waiting.status is StepStatus.WAITING else Enter(path))

    def _event(self, path: str) -> Arrived | None:
        step = self.plan.node(path).step
        if not isinstance(step, WaitStep) or path in self.told or not self.comes(path):
            return None
        self.told.append(path)
        return Arrived(len(self.told), step.for_events[0].event, self.here.now, {"days": 2})

    def child(self, path: str) -> Child:
        """Answer how the run ended that a step has started."""
        status = ExecutionStatus.FAILED if self.fails(path) else ExecutionStatus.COMPLETED
        return Child(1, "Other", status, "No.", self.output(path))

    def go(self, choose: Choose = lambda paths: paths[0], *, most: int = 50_000) -> Walking:
        """Go to the end; `choose` says which of the live steps is next."""
        for _ in range(most):
            if self.end is not None:
                assert not self.memory.live
                return self
            self.step(choose([*self.acting, *self.opened]))
        raise AssertionError("the execution never ended")


def walked(*steps: dict[str, Any], context: dict[str, Any] | None = None, **given: Any) -> Walking:
    """Begin an execution of these steps and go to its end, always with the step that is live the longest."""
    return begun(*steps, context=context, **given).go()


def begun(*steps: dict[str, Any], context: dict[str, Any] | None = None, **given: Any) -> Walking:
    """Begin an execution of these steps."""
    walking = Walking(plan_of(*steps), Memory(context or {}), **given)
    walking.memory.live.add(walking.plan.first)
    walking.hear(Enter(walking.plan.first))
    return walking
