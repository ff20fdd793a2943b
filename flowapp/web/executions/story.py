"""The story of a run: every step in the words of the workflow, done, failed or not reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from flowapp.bootstrap import Flow
from flowapp.engine.children.family import Relative
from flowapp.engine.execution import StepStatus
from flowapp.engine.places import TURN
from flowapp.engine.queries import ExecutionDetail, StepRow
from flowapp.web.executions.awaited import came_words, waiting_words
from flowapp.web.filters import When, when
from flowapp.web.parts import sentence_parts
from flowapp.workflows.document import lane_prefix, lists
from flowapp.workflows.sentences import done_sentence
from flowapp.workflows.steps.condition import ConditionStep
from flowapp.workflows.steps.step import Lane
from flowapp.workflows.steps.wait import WaitStep
from flowapp.workflows.steps.workflow import Names

Parts = tuple[tuple[str, bool], ...]
MOST_TURNS = 40  # of one loop; of more, the first and the last are told
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
    links: tuple[tuple[str, str], ...] = ()
    lanes: tuple[StoryLane, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoryLane:
    """One way of a step that goes one of several ways."""

    label: str
    events: tuple[StoryItem, ...]


def story(
    found: ExecutionDetail,
    flow: Flow,
    *,
    now: datetime,
    zone: ZoneInfo,
    names: Names,
    children: Mapping[str, tuple[Relative, ...]],
) -> tuple[StoryItem, ...]:
    """Tell a run from its first step to its last, the ways not taken included."""
    by_path = {row.path: row for row in found.steps}
    teller = _Teller(found, by_path, flow, now, zone, names, children)
    return tuple(teller.item(step.id) for step in found.document.steps)


@dataclass(frozen=True)
class _Teller:
    found: ExecutionDetail
    by_path: dict[str, StepRow]
    flow: Flow
    now: datetime
    zone: ZoneInfo
    names: Names
    children: Mapping[str, tuple[Relative, ...]]

    def item(self, path: str) -> StoryItem:
        """Tell one step and what lies inside it."""
        here = self.by_path[path]
        step, row = here.step, here.row
        return StoryItem(
            id=path.translate(_SIGNS),
            state=STATES[StepStatus(row.status)] if row else "not_reached",
            sentence=sentence_parts(done_sentence(step, self._given(here), self.flow.actions, self.names)),
            kind=step.type,
            word=self._word(here),
            explanation=self._explanation(here),
            when=self._when(here),
            details=self._details(here),
            links=tuple(_link(each) for each in self.children.get(path, ())),
            lanes=self._lanes(here),
        )

    def _given(self, here: StepRow) -> object:
        """Answer what a step was given, for those who may know."""
        secret = self.found.masked or self.found.sparing
        return None if here.row is None or secret else here.row.input

    def _word(self, here: StepRow) -> str:
        if here.row and here.row.error and here.row.status == StepStatus.COMPLETED:
            return "Failed, went on"
        if isinstance(here.step, ConditionStep) and here.row and here.row.output:
            return "Otherwise" if here.row.output["way"] == "else" else "Yes"
        if isinstance(here.step, WaitStep) and here.row:
            return came_words(here.row)
        return ""

    def _when(self, here: StepRow) -> When | None:
        """Answer when a step ended, or until when it waits."""
        if here.row is None:
            return None
        waits = here.row.status in (StepStatus.WAITING, StepStatus.PENDING)
        moment = here.row.run_at if waits else here.row.finished_at
        return when(moment, now=self.now, zone=self.zone) if moment else None

    def _explanation(self, here: StepRow) -> str:
        if isinstance(here.step, WaitStep) and here.row and (words := waiting_words(here.step, here.row, self.zone)):
            return words
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
                label=label,
                events=tuple(self.item(f"{lane_prefix(here.path, name)}{step.id}") for step in lane.steps),
            )
            for lane in lists(here.step)
            if lane.steps
            for name, label in _told(here, lane)
        )


_STANDS = {"completed": "done", "pending": "to start"}  # the others have one word everywhere


def _link(child: Relative) -> tuple[str, str]:
    """Answer the words for a run that a step has started, and its address."""
    words = f"Started “{child.workflow_name}”: run {child.execution_id}, {_STANDS.get(child.status, child.status)}"
    return words, url_for("executions.show_execution", execution_id=child.execution_id)


_SIGNS = str.maketrans({".": "-", "[": "-", "]": None})


def _told(here: StepRow, lane: Lane) -> list[tuple[str, str]]:
    """Answer the names and labels of a list inside a step: each turn of a loop is told by itself."""
    if lane.name != TURN or not here.turns:
        return [(lane.name, lane.label)]
    half = MOST_TURNS // 2
    turns = here.turns if len(here.turns) <= MOST_TURNS else (*here.turns[:half], *here.turns[-half:])
    return [(f"[{turn}]", f"{lane.label} {turn + 1}") for turn in turns]
