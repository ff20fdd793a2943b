"""Letting a failed execution go on where it stopped: its rows stand again as they stood, decided from values alone.

What is completed is never done again. The step that failed is ready, as are the steps around it that failed with it;
what was cancelled because of the failure stands as it stood. Steps whose turn had come in the very moment of the
failure have no row yet: they are found again by going through the lists under way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flowapp.engine.changes import LaneEnded
from flowapp.engine.claim import UNCERTAIN_WORDS
from flowapp.engine.execution import StepStatus
from flowapp.engine.places import ON_ERROR, TURN, Owner, Path, place_of
from flowapp.engine.plan import Plan
from flowapp.kernel.errors import Conflict
from flowapp.workflows.document import lane_prefix
from flowapp.workflows.kinds import Effect
from flowapp.workflows.steps.branch import BranchStep

Row = Mapping[str, Any]
ENDED_BADLY = (StepStatus.FAILED, StepStatus.CANCELLED)
ENDED_WELL = (StepStatus.COMPLETED, StepStatus.SKIPPED)
WITH_TURNS = ("loop", "repeat", "branch")
KEEPS_ITS_TIME = ("delay", "repeat")
BEFORE_FIRST = "This run failed before its first step, so there is no step to go on from. Retry it from the start."
TOO_LONG = "This run as a whole took longer than it may, so it was not one step that failed. Retry it from the start."
ON_PURPOSE = "The workflow stopped this run on purpose, so there is nothing to try again. Retry it from the start."
BY_ITSELF = (
    "The step failed after everything inside it was done, so trying it again would come to the same. "
    "Skip it, or retry the run from the start."
)


@dataclass
class Reopening:
    """What is to be written: rows that stand again, rows of steps whose turn had come, and lists that had ended."""

    rows: dict[Path, dict[str, Any]] = field(default_factory=dict)
    new: list[Path] = field(default_factory=list)
    ended: list[LaneEnded] = field(default_factory=list)


def reopened(
    plan: Plan,
    error: Mapping[str, Any],
    rows: Sequence[Row],
    at: datetime,
    *,
    passed_over: Path | None = None,
    still_told: Collection[Path] = (),
) -> Reopening:
    """Answer how a failed execution goes on; raises Conflict saying why it cannot go on where it stopped.

    A step that is to be passed over is ready, and nothing inside it goes on. `still_told` are the steps that have
    started a run whose end they can be told of still; any other such step starts a new one.
    """
    by_path = {row["path"]: row for row in rows}
    _check(error, by_path)
    found = _Found(plan, by_path, at, passed_over, still_told)
    for row in sorted(rows, key=lambda row: len(place_of(row["path"]).owners)):
        found.look_at(row)
    if not {error["path"], passed_over} & set(found.reopening.rows):
        raise Conflict(BY_ITSELF)
    for path in tuple(found.reopening.rows):
        found.go_through(path)
    return found.reopening


def _check(error: Mapping[str, Any], by_path: Mapping[Path, Row]) -> None:
    if not by_path:
        raise Conflict(BEFORE_FIRST)
    failed = by_path.get(error.get("path") or "")
    if failed is None:
        raise Conflict(TOO_LONG)
    if failed["type"] == "stop" and failed["status"] is StepStatus.COMPLETED:
        raise Conflict(ON_PURPOSE)


@dataclass
class _Found:
    plan: Plan
    by_path: Mapping[Path, Row]
    at: datetime
    passed_over: Path | None
    still_told: Collection[Path]
    reopening: Reopening = field(default_factory=Reopening)

    def look_at(self, row: Row) -> None:
        """Let a row stand again if everything around it is under way again; the outer ones come first."""
        if row["status"] in ENDED_BADLY and all(self._leads_on(each) for each in place_of(row["path"]).owners):
            self.reopening.rows[row["path"]] = self._again(row)

    def _now(self, path: Path) -> Row | None:
        return self.reopening.rows.get(path) or self.by_path.get(path)

    def _leads_on(self, owner: Owner) -> bool:
        """Say whether what lies in this list of a step belongs to what goes on."""
        row = self._now(owner.path)
        if row is None:
            return False
        if row["status"] is StepStatus.RUNNING:
            return owner.lane in lanes_under_way(row["type"], row["held"])
        return row["status"] is StepStatus.COMPLETED and self._lets_others_go_on(row)

    def _lets_others_go_on(self, row: Row) -> bool:
        """Say whether steps inside it may be under way although it is done."""
        step = self.plan.node(row["path"]).step
        if row["error"] is not None or row["type"] in ("loop", "repeat"):
            return False
        return not isinstance(step, BranchStep) or step.others == "finish"

    def _again(self, row: Row) -> dict[str, Any]:
        timeout = self.plan.node(row["path"]).step.allowed()
        deadline = self.at + timeout.length if timeout else None
        held, stood = row["held"], row["stood"]
        kept = {"type": row["type"], "run_at": row["run_at"], "held": held, "attempt": row["attempt"], "error": None}
        anew = {"status": StepStatus.PENDING, "run_at": self.at, "attempt": 0, "held": None, "deadline": None}
        if row["path"] == self.passed_over:
            return {**kept, **anew}
        if stood is StepStatus.RUNNING and held is not None:
            return {**kept, "status": StepStatus.RUNNING, **_with_others_inside(row, deadline)}
        if stood is StepStatus.WAITING and row["type"] in KEEPS_ITS_TIME:
            return {**kept, "status": StepStatus.WAITING, "deadline": deadline}
        if stood is StepStatus.WAITING and held is not None and self._looks_again(row):
            return {**kept, "status": StepStatus.WAITING, "run_at": self.at, "deadline": deadline}
        if stood is StepStatus.RUNNING and row["effect"] == Effect.AT_MOST_ONCE:
            unknown = {"code": "uncertain", "message": UNCERTAIN_WORDS}
            return {**kept, "status": StepStatus.UNCERTAIN, "deadline": None, "error": unknown, "finished_at": self.at}
        if stood is StepStatus.PENDING and row["status"] is StepStatus.CANCELLED:
            return {**kept, "status": StepStatus.PENDING, "deadline": deadline if row["attempt"] else None}
        if row["type"] in WITH_TURNS and self._has_inside(row["path"]):
            raise Conflict(BY_ITSELF)  # beginning it again would do again what is done
        return {**kept, **anew}

    def _looks_again(self, row: Row) -> bool:
        """Say whether what a step waited for may have come meanwhile; it keeps what it held, so its time too."""
        return row["type"] == "wait" or (row["type"] == "workflow" and row["path"] in self.still_told)

    def _has_inside(self, path: Path) -> bool:
        return any(each.startswith((f"{path}.", f"{path}[")) for each in self.by_path)

    def go_through(self, path: Path) -> None:
        """Find in each list under way inside a step the one whose turn it is; raises Conflict if there is none."""
        row = self.reopening.rows[path]
        if row["status"] is not StepStatus.RUNNING:
            return
        lanes = lanes_under_way(row["type"], row["held"])
        if not lanes or (row["type"] == "repeat" and self.by_path[path]["error"] is not None and self._turn_done(path)):
            raise Conflict(BY_ITSELF)
        for lane in lanes:
            ended, output = self._gone(path, lane)
            if ended:
                self.reopening.ended.append(LaneEnded(path, lane, output))

    def _turn_done(self, path: Path) -> bool:
        """Say whether a repeat failed because of its own question, or its number of turns."""
        [lane] = lanes_under_way(self.by_path[path]["type"], self.by_path[path]["held"])
        inside = [each for each in self.reopening.rows if each.startswith(lane_prefix(path, lane))]
        own = self.by_path[path]["error"]["code"] == "too_many_turns"
        return own and not inside

    def _gone(self, owner: Path, lane: str) -> tuple[bool, Any]:
        """Go through a list from its first step; answer whether it has ended, and what its last step gave."""
        prefix = lane_prefix(owner, lane)
        step_id = self.plan.node(owner).firsts[TURN if lane.startswith("[") else lane]
        output: Any = None
        while step_id is not None:
            path = f"{prefix}{step_id}"
            ended, output = self._step_gone(path, output)
            if not ended:
                return False, None
            step_id = self.plan.node(path).following
        return True, output

    def _step_gone(self, path: Path, last: Any) -> tuple[bool, Any]:
        row = self._now(path)
        if row is None:
            self.reopening.new.append(path)
            return False, None
        if row["status"] not in ENDED_WELL:
            return False, None
        if row["status"] is StepStatus.SKIPPED:
            return True, None if self.plan.node(path).step.enabled else last
        way = _way(row)
        return (True, row["output"]) if way is None else self._way_gone(path, way, row["output"])

    def _way_gone(self, path: Path, way: str, output: Any) -> tuple[bool, Any]:
        ended, last = self._gone(path, way)
        empty = self.plan.node(path).firsts.get(way) is None
        return ended, output if empty else last


def _way(row: Row) -> str | None:
    """Answer the list that a step which is done has gone into, if it is of those that go one of several ways."""
    if row["error"] is not None or not row["output"]:
        return None
    if row["type"] == "wait":
        return "timed_out" if row["output"]["timed_out"] else "then"
    return str(row["output"]["way"]) if row["type"] == "condition" else None


def lanes_under_way(type_: str, held: Any) -> list[str]:
    """Answer the lists that a step with others inside it was going through, from what it remembers."""
    if held is None:
        return []
    if "error" in held:
        return [ON_ERROR]
    match type_:
        case "loop":
            return [f"[{number}]" for number in held["live"]]
        case "repeat":
            return [f"[{held['turn']}]"]
        case "branch":
            return list(held["live"])
    return []


def _with_others_inside(row: Row, deadline: datetime | None) -> dict[str, Any]:
    """Answer what a step that goes on around others keeps; items of a loop that failed have their turn again."""
    held = row["held"]
    if "error" in held:
        error = {"code": held["error"]["code"], "message": held["error"]["message"]}
        return {"deadline": None, "error": error}
    if row["type"] == "loop" and (row["error"] or {}).get("code") == "too_few":
        failed = held["failed"]
        outputs = {number: given for number, given in held["outputs"].items() if int(number) not in failed}
        held = {**held, "live": sorted([*held["live"], *failed]), "failed": [], "outputs": outputs}
    return {"deadline": deadline, "held": held}
