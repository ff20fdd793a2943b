"""Whatever people, events, time and failures do in whatever order: nothing is stuck, and all rows stand as they must.

Every rule is one thing that can happen between two looks at the rows; any of them may fail at a fault point.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow, registries
from flowapp.engine.entry.flood import drop_held, start_held
from flowapp.engine.execution import LIVE, Execution, StepStatus
from flowapp.engine.keeping.clean_up import clean, run_batches
from flowapp.engine.keeping.retention import removed_before
from flowapp.engine.undoing import undoing
from flowapp.events.cause import Cause
from flowapp.kernel import faults
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import FlowError
from flowapp.kernel.settings import read_settings
from flowapp.workflows.kinds import Run, StepFailed
from flowapp.workflows.switching import Switch
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.engine import stepping_in
from tests.engine.families import start as begins
from tests.engine.made_actions import Busy, Flaky, Outside, do, made
from tests.engine.patience import until
from tests.engine.standing import broken
from tests.engine.test_manual_start import start
from tests.engine.waits import recorded, wait
from tests.factories import a_document, a_workflow, cause_of, runs, switched
from tests.support.databases import Databases

MOST_RUNS = 25
BY_HAND = {"id": "by_hand", "type": "manual"}
BY_EVENT = {"id": "by_event", "type": "event", "event": "leave_requested"}
NUMBERS = st.integers(0, MOST_RUNS)
POINTS = st.sampled_from(
    [
        *("accept.mid_tx", "accept.before_commit", "claim.mid_tx", "claim.after_commit", "undo.before_commit"),
        *("complete.mid_tx", "complete.before_commit", "complete.after_commit", "retention.mid_tx"),
    ]
)


def hours(id_: str, number: int = 1, **given: Any) -> dict[str, Any]:
    """Answer a step that waits."""
    return {"id": id_, "type": "delay", "for": {"hours": number}, **given}


def ways(id_: str, *lists: list[dict[str, Any]], **given: Any) -> dict[str, Any]:
    """Answer a step that goes several ways."""
    return {
        "id": id_,
        "type": "branch",
        "branches": [{"name": f"w{n}", "steps": x} for n, x in enumerate(lists)],
        **given,
    }


def loop(id_: str, *steps: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a step that goes through three items, two at once."""
    return {"id": id_, "type": "loop", "items": "[1, 2, 3]", "as": "x", "at_once": 2, "steps": list(steps), **given}


IN_DOUBT = (
    do("chalk", "c"),
    loop("l", do("flaky", "f"), on_item_error="continue"),
    do("outside_once", "o"),
    do("flaky", "g", "z") | {"on_error": "rollback"},
)
LATE = (
    ways(
        "p",
        [do("outside_once", "o") | {"timeout": {"hours": 1}}],
        [hours("d"), do("busy", "b")],
        on_error={"steps": [do("outside", "i"), hours("e")]},
    ),
    do("chalk", "z"),
)
AGAIN = {"id": "r", "type": "repeat", "until": "loop.number == 3", "every": {"minutes": 30}}


def families(flow: Flow, cast: Cast) -> list[int]:
    """Write the workflows that are started, and answer their numbers; some start others."""

    def write(*steps: dict[str, Any], event: bool = False, **said: Any) -> int:
        document = a_document(*steps, triggers=[BY_HAND, *([BY_EVENT] if event else [])], settings=said)
        return a_workflow(flow, cast.maya, document, home_id=cast.rose)

    queued = write(do("flaky", "a"), hours("d"), mode="queued", max=3)
    newest = write(do("chalk", "a"), hours("d", 2), do("note", "b"), mode="restart")
    timed = write(ways("p", [hours("d", 3, timeout={"hours": 1})], [do("outside", "o")], merge="first"), event=True)
    return [
        queued,
        newest,
        timed,
        write(ways("p", [begins(queued, "s")], [begins(newest, "t", on_error="continue"), do("flaky", "f")])),
        write(loop("l", begins(newest, "s", on_error="continue"), do("outside", "o")), mode="single"),
        write(wait("w", timeout={"hours": 2}, then=[do("flaky", "f")], timed_out=[hours("e")]), event=True),
        write(*IN_DOUBT, timeout={"hours": 5}, event=True),
        write(*LATE),
        write(AGAIN | {"steps": [do("flaky", "f"), begins(queued, "s", wait=False)]}, mode="parallel", max=2),
    ]


class Operations(RuleBasedStateMachine):
    """A FlowApp of its own, to which things happen."""

    def __init__(self, databases: Databases, tables: str, cast: Cast, folder: Path) -> None:
        super().__init__()
        url = databases.new_url(folder)
        databases.copy(tables, url)
        self.clock = FrozenClock(MONDAY_MORNING)
        self.actions: Mapping[str, Any] = {**registries().actions, **{each.kind: each for each in made()}}
        found = read_settings(database_url=url, instance=str(folder), secret_key="test", testing=True)
        self.flow = Flow(found, clock=self.clock, actions=self.actions)
        self.flow.parts.gauge.limit = 4
        self.cast = cast
        self.started = families(self.flow, cast)
        self.requests = 0
        self._happens(lambda run: None)

    def _happens(self, does: Callable[[Run], None]) -> None:
        for kind in ("outside", "outside_once"):
            found = self.actions[kind]
            assert isinstance(found, Outside)
            found.does = does

    def _tried(self, does: Callable[[], object]) -> None:
        """Do something that may be refused, or fail at a fault point; then let what acts outside come back."""
        with suppress(FlowError):
            does()
        until(lambda: self.flow.worker.effects.hands._free == self.flow.settings.workers, seconds=5)

    def _pass(self) -> None:
        self._tried(self.flow.worker.run_due)

    def _run(self, number: int) -> int:
        found = runs(self.flow)
        return found[number % len(found)].id if found else 0

    def _path(self, number: int, which: int, *statuses: StepStatus) -> str | None:
        steps = [each.path for each in stepping_in.steps_of(self.flow, number).values() if each.status in statuses]
        return sorted(steps)[which % len(steps)] if steps else None

    @precondition(lambda self: len(runs(self.flow)) < MOST_RUNS)
    @rule(which=st.integers(0, 8))
    def start(self, which: int) -> None:
        """Somebody starts a workflow, and the engine begins with it."""
        self._tried(lambda: start(self.flow, self.cast.maya, self.started[which]))
        self._pass()

    @precondition(lambda self: len(runs(self.flow)) < MOST_RUNS)
    @rule(times=st.integers(1, 3))
    def event(self, times: int) -> None:
        """Somebody asks for leave."""
        numbers = range(self.requests, self.requests + times)
        self.requests += times
        self._tried(lambda: recorded(self.flow, self.cast, *numbers))

    @rule(times=st.integers(1, 4))
    def passes(self, times: int) -> None:
        """The engine works."""
        for _ in range(times):
            self._pass()

    @rule(minutes=st.sampled_from([1, 20, 31, 61, 181]))
    def time(self, minutes: int) -> None:
        """Time passes, and the engine looks after what is late or lost."""
        self.clock.advance(minutes=minutes)
        self._tried(self.flow.worker.look_after)

    @rule(minutes=st.sampled_from([1, 45]))
    def back(self, minutes: int) -> None:
        """The clock is put back."""
        self.clock.advance(minutes=-minutes)

    @rule(point=POINTS, nth=st.integers(1, 3))
    def trouble(self, point: str, nth: int) -> None:
        """Something fails in what happens next."""
        faults.arm(f"{point}:{nth}:raise")

    @rule()
    def no_trouble(self) -> None:
        """Nothing fails any more."""
        faults.arm(None)

    @rule(fails=st.booleans(), busy=st.integers(0, 2), outside=st.booleans())
    def weather(self, fails: bool, busy: int, outside: bool) -> None:
        """Steps fail from now on, or do not."""
        flaky, line = self.actions["flaky"], self.actions["busy"]
        assert isinstance(flaky, Flaky)
        assert isinstance(line, Busy)
        everywhere = {"a", "f", "g", "w.then.f", "p.w1.f", "l[1].f", "r[0].f", "r[1].f"}
        flaky.fails_at, line.failures = everywhere if fails else set(), busy
        self._happens(_refuses if outside else lambda run: None)

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        """Somebody cancels a run."""
        self._tried(lambda: stepping_in.cancel(self.flow, self.cast.maya, self._run(number)))

    @rule(number=NUMBERS)
    def retry(self, number: int) -> None:
        """Somebody retries a step."""
        self._tried(lambda: stepping_in.retry(self.flow, self.cast.maya, self._run(number)))

    @rule(number=NUMBERS)
    def retry_from_start(self, number: int) -> None:
        """Somebody retries a run from the start."""
        self._tried(lambda: stepping_in.retry_from_start(self.flow, self.cast.maya, self._run(number)))

    @rule(number=NUMBERS, which=st.integers(0, 3))
    def skip(self, number: int, which: int) -> None:
        """Somebody skips a step."""
        found = self._run(number)
        path = self._path(found, which, StepStatus.WAITING, StepStatus.UNCERTAIN, StepStatus.FAILED)
        self._tried(lambda: stepping_in.skip(self.flow, self.cast.maya, found, path=path))

    @rule(number=NUMBERS, done=st.booleans())
    def doubt(self, number: int, done: bool) -> None:
        """Somebody says whether a step was done."""
        found = self._run(number)
        path = self._path(found, 0, StepStatus.UNCERTAIN) or "o"
        answer = stepping_in.was_done if done else stepping_in.do_again
        self._tried(lambda: answer(self.flow, self.cast.maya, path, found))

    @rule(number=NUMBERS)
    def give_up(self, number: int) -> None:
        """Somebody gives a run up."""
        self._tried(lambda: stepping_in.give_up(self.flow, self.cast.maya, self._run(number)))

    @rule(number=NUMBERS)
    def undo(self, number: int) -> None:
        """Somebody undoes a run."""
        who, cause = self.cast.maya, cause_of(self.cast.maya, self.clock.now())
        self._tried(
            lambda: undoing.undo(self.flow.database.write, self.flow.parts, self._run(number), who=who, cause=cause)
        )

    @rule(which=st.integers(0, 8), way=st.sampled_from(Switch))
    def switch(self, which: int, way: Switch) -> None:
        """Somebody switches a workflow on or off."""
        self._tried(lambda: switched(self.flow, self.cast.maya, self.started[which], way))

    @rule(which=st.sampled_from([2, 5, 6]), starts=st.booleans())
    def answer(self, which: int, starts: bool) -> None:
        """Somebody says what becomes of held runs."""
        cause, does = cause_of(self.cast.maya, self.clock.now()), start_held if starts else drop_held
        self._tried(lambda: self.flow.database.write(lambda s: does(self.flow.parts, s, cause, self.started[which])))

    @rule()
    def night(self) -> None:
        """What is kept no longer is removed: here, what did nothing and ended hours ago."""
        for batch in run_batches(removed_before(self.clock.now(), days=90, dull_days=0)).values():
            self._tried(lambda batch=batch: clean(self.flow.database, batch, threading.Event()))  # type: ignore[misc]

    @invariant()
    def all_is_well(self) -> None:
        """Every row stands as it must."""
        assert broken(self.flow) == {}

    def teardown(self) -> None:
        """Let everything come to its end, and see that it does."""
        faults.arm(None)
        try:
            self.actions["flaky"].fails_at, self.actions["busy"].failures = set(), 0
            self._happens(lambda run: None)
            for _ in range(12):
                self._answer_everything()
                self.clock.advance(minutes=181)
                self._tried(self.flow.worker.look_after)
                while self.flow.worker.run_due():
                    until(lambda: self.flow.worker.effects.hands._free == self.flow.settings.workers, seconds=5)
                assert broken(self.flow) == {}
            assert [each.id for each in runs(self.flow) if each.status in LIVE] == []
        finally:
            self.flow.close()

    def _start_held(self, session: Session, *, cause: Cause, workflow_id: int) -> int:
        return start_held(self.flow.parts, session, cause, workflow_id)

    def _answer_everything(self) -> None:
        cause = cause_of(self.cast.maya, self.clock.now())
        for which in (2, 5, 6):
            self.flow.database.write(partial(self._start_held, cause=cause, workflow_id=self.started[which]))
        for each in runs(self.flow):
            while path := self._path(each.id, 0, StepStatus.UNCERTAIN) if each.status in LIVE else None:
                stepping_in.was_done(self.flow, self.cast.maya, path, each.id)
                each = _again(self.flow, each)


def _again(flow: Flow, run: Execution) -> Execution:
    return next(each for each in runs(flow) if each.id == run.id)


def _refuses(run: Run) -> None:
    raise StepFailed("no_line", "Nobody answers. Try again later.", permanent=False)


def test_whatever_happens_nothing_is_stuck(
    databases: Databases, peopled_tables: tuple[str, Cast], tmp_path: Path
) -> None:
    tables, cast = peopled_tables
    numbers = iter(range(10**6))

    def made_anew() -> Operations:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return Operations(databases, tables, cast, folder)

    run_state_machine_as_test(made_anew, settings=SETTINGS)


SETTINGS = settings(
    max_examples=15, stateful_step_count=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
