"""The story of a run: every step in the words of the workflow, done, failed or not reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flowapp.bootstrap import Flow
from flowapp.engine.execution import StepStatus
from flowapp.engine.queries import ExecutionDetail, StepRow
from flowapp.web.filters import When, when
from flowapp.web.parts import sentence_parts
from flowapp.workflows.document import ConditionStep, lanes
from flowapp.workflows.sentences import condition_words, step_sentence

Parts = tuple[tuple[str, bool], ...]
STATES = {
    StepStatus.PENDING: "waiting",
    StepStatus.RUNNING: "running",
    StepStatus.WAITING: "waiting",
    StepStatus.COMPLETED: "done",
    StepStatus.FAILED: "failed",
    StepStatus.SKIPPED: "skipped",
    StepStatus.CANCELLED: "cancelled",
    StepStatus.UNCERTAIN: "uncertain",
}


@dataclass(frozen=True, kw_only=True)
class StoryItem:
    """One step of the story."""

    id: str
    state: str
    sentence: Parts
    kind: str
    word: str = ""
    explanation: str = ""
    when: When | None = None
    details: tuple[tuple[str, str], ...] = ()
    lanes: tuple[StoryLane, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoryLane:
    """One way of a step that goes one of several ways."""

    label: str
    events: tuple[StoryItem, ...]


def story(found: ExecutionDetail, flow: Flow, *, now: datetime, zone: ZoneInfo) -> tuple[StoryItem, ...]:
    """Tell a run from its first step to its last, the ways not taken included."""
    by_path = {row.path: row for row in found.steps}
    teller = _Teller(found, by_path, flow, now, zone)
    return tuple(teller.item(step.id) for step in found.document.steps)


@dataclass(frozen=True)
class _Teller:
    found: ExecutionDetail
    by_path: dict[str, StepRow]
    flow: Flow
    now: datetime
    zone: ZoneInfo

    def item(self, path: str) -> StoryItem:
        """Tell one step and what lies inside it."""
        here = self.by_path[path]
        step, row = here.step, here.row
        return StoryItem(
            id=path.replace(".", "-"),
            state=STATES[StepStatus(row.status)] if row else "not_reached",
            sentence=sentence_parts(step_sentence(step, self.flow.actions)),
            kind="condition" if isinstance(step, ConditionStep) else "action",
            word=self._word(here),
            explanation=self._explanation(here),
            when=when(row.finished_at, now=self.now, zone=self.zone) if row and row.finished_at else None,
            details=self._details(here),
            lanes=self._lanes(here),
        )

    def _word(self, here: StepRow) -> str:
        if isinstance(here.step, ConditionStep) and here.row and here.row.output:
            return "Otherwise" if here.row.output["way"] == "else" else "Yes"
        return ""

    def _explanation(self, here: StepRow) -> str:
        if here.row is None or self.found.masked:
            return ""
        error = here.row.error
        return str(error["message"]) if error else here.row.explanation or ""

    def _details(self, here: StepRow) -> tuple[tuple[str, str], ...]:
        """What administrators may open: where exactly it went wrong."""
        if not self.found.traces:
            return ()
        return tuple((f"Attempt {each.epoch}: where it went wrong", each.trace) for each in here.attempts if each.trace)

    def _lanes(self, here: StepRow) -> tuple[StoryLane, ...]:
        return tuple(
            StoryLane(
                label=_label(here, name),
                events=tuple(self.item(f"{here.path}.{name}.{s.id}") for s in inside),
            )
            for name, inside in lanes(here.step)
            if inside
        )


def _label(here: StepRow, name: str) -> str:
    if name.startswith("elif"):
        return f"Or if {condition_words(here.step.elif_[int(name[5:-1])].if_)}"
    return "Yes" if name == "then" else "Otherwise"
