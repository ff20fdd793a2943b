"""A process is killed around an effect outside: the effect happens again under its key, its result is kept once."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.faults import POINTS
from flowapp.workflows.kinds import Action
from tests.cast import Cast
from tests.kill import cases
from tests.kill.evidence import epochs_that_went_back, evidence
from tests.kill.outside import PATIENCE, Doorstep, Knock, KnockOnce, actions_with, work_until_killed
from tests.kill.place import Place
from tests.kill.started import about_to_knock, attempts_of, status_of, steps_of, told

A_LEASE_LATER = 31.0


@dataclass(frozen=True)
class Case:
    """Where the first process dies, what it had done outside, and what is done in all."""

    point: str
    nth: int
    by_then: int
    in_all: int
    lost: int  # attempts that were begun and never heard of again

    def __str__(self) -> str:
        return f"{self.point}:{self.nth}"


CASES = (
    Case("claim.mid_tx", 1, by_then=0, in_all=1, lost=0),
    # the rows of the claim itself are written the same way
    Case("complete.mid_tx", 1, by_then=0, in_all=1, lost=0),
    Case("claim.after_commit", 1, by_then=0, in_all=1, lost=1),
    Case("effect.before", 1, by_then=0, in_all=1, lost=1),
    # done, and nobody knows: it must be done again, under the same key
    Case("effect.after", 1, by_then=1, in_all=2, lost=1),
    Case("complete.mid_tx", 2, by_then=1, in_all=2, lost=1),
    Case("complete.before_commit", 2, by_then=1, in_all=2, lost=1),
    # done and written down: never again
    Case("complete.after_commit", 2, by_then=1, in_all=1, lost=0),
)
# Mails, the clean-up and undoing have tests of their own.
ELSEWHERE = (
    *("mail.before_send", "mail.after_send", "undo.before_commit", "undo.after_commit", "retention.mid_tx"),
    *("move.mid_tx", "import.mid_tx"),
)


@pytest.fixture
def doorstep(tmp_path: Path) -> Doorstep:
    return Doorstep(tmp_path / "doorstep")


@pytest.fixture
def actions(doorstep: Doorstep) -> Mapping[str, Action]:
    return actions_with(Knock(doorstep, "the living"), KnockOnce(doorstep, "the living"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_effect_outside_is_done_again_under_its_key_unless_its_result_was_kept(
    case: Case, flow: Flow, clock: FrozenClock, cast: Cast, doorstep: Doorstep, tmp_path: Path
) -> None:
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose)
    die(flow, doorstep, f"{case.point}:{case.nth}:kill", execution_id)
    assert len(doorstep.knocks()) == case.by_then

    recover(flow, clock, execution_id)

    assert doorstep.knocks() == [f"{execution_id}:knock"] * case.in_all
    assert status_of(flow, execution_id) == "completed"
    assert steps_of(flow, execution_id) == [("knock", "completed"), ("tell", "completed")]
    assert told(flow) == ["the dead knocked" if case.in_all == case.by_then else "the living knocked"]
    results = [result for _, result in attempts_of(flow, "knock")]
    assert results.count("completed") == 1
    assert results.count("lost") == case.lost
    with evidence(Place(flow.database.url, tmp_path)) as found:
        assert list(epochs_that_went_back(found)) == []


@pytest.mark.parametrize("case", [case for case in CASES if case.lost], ids=str)
def test_an_effect_that_nobody_may_repeat_waits_for_a_person_when_nobody_knows_whether_it_was_done(
    case: Case, flow: Flow, clock: FrozenClock, cast: Cast, doorstep: Doorstep
) -> None:
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose, action="knock_once")
    die(flow, doorstep, f"{case.point}:{case.nth}:kill", execution_id)

    clock.advance(seconds=A_LEASE_LATER)
    flow.worker.release_expired()
    assert flow.worker.run_due() == 0

    assert len(doorstep.knocks()) == case.by_then
    assert status_of(flow, execution_id) == "waiting"
    assert steps_of(flow, execution_id) == [("knock", "uncertain")]
    assert told(flow) == []


def test_every_fault_point_has_a_case() -> None:
    met = {case.point for case in CASES} | {case.point for case in cases.CASES} | set(ELSEWHERE)
    assert met == set(POINTS)


def die(flow: Flow, doorstep: Doorstep, fault: str, execution_id: int) -> None:
    """Let another process carry the execution on until the fault kills it."""
    processes = get_context("forkserver")
    processes.set_forkserver_preload(["tests.kill.outside"])
    given = (flow.database.url, doorstep.path, fault, flow.clock.now(), execution_id)
    process = processes.Process(target=work_until_killed, args=given)
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    process.close()


def recover(flow: Flow, clock: FrozenClock, execution_id: int) -> None:
    """Do what the engine of another process does once the lease of the dead one is over."""
    clock.advance(seconds=A_LEASE_LATER)
    flow.worker.release_expired()
    if flow.worker.run_due():
        assert flow.waiting.wait([execution_id], PATIENCE)
