"""A step that was taken by somebody who is gone, or only slow, is done once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock, SystemClock
from flowapp.kernel.settings import Settings
from flowapp.workflows.kinds import Action
from tests.cast import Cast
from tests.kill.days import some_mondays
from tests.kill.evidence import Stand, evidence
from tests.kill.outside import PATIENCE, Doorstep, Knock, actions_with
from tests.kill.road import TWO_DAYS, stand_of, wait_until_decided
from tests.kill.server import reason_not_available
from tests.kill.started import about_to_knock, attempts_of, status_of, told
from tests.kill.world import World, leave_waiting

LEASE = 30.0


class Gate:
    """Where somebody who acts stands still until let go on."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.open.wait(PATIENCE)


@pytest.fixture
def doorstep(tmp_path: Path) -> Doorstep:
    return Doorstep(tmp_path / "doorstep")


@pytest.fixture
def slow() -> Gate:
    """Where the first process stands still while it acts."""
    return Gate()


@pytest.fixture
def quick() -> Gate:
    """Where the second process stands still while it acts."""
    return Gate()


@pytest.fixture
def actions(doorstep: Doorstep, slow: Gate) -> Mapping[str, Action]:
    return actions_with(Knock(doorstep, "the slow one", slow))


@pytest.fixture
def other(flow: Flow, settings: Settings, clock: FrozenClock, doorstep: Doorstep, quick: Gate) -> Iterator[Flow]:
    """A second FlowApp on the same database, as another process would be."""
    made = Flow(settings, clock=clock, actions=actions_with(Knock(doorstep, "the quick one", quick)))
    yield made
    made.close()


def test_a_step_under_a_lease_is_left_alone(
    flow: Flow, other: Flow, clock: FrozenClock, cast: Cast, slow: Gate
) -> None:
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose)
    assert flow.worker.run_due() == 1
    assert slow.reached.wait(PATIENCE)

    clock.advance(seconds=LEASE)  # to the very end of it
    assert other.worker.release_expired() == 0
    assert other.worker.run_due() == 0

    slow.open.set()
    assert flow.waiting.wait([execution_id], PATIENCE)
    assert attempts_of(flow, "knock") == [(1, "taken"), (1, "completed")]


def test_a_result_that_comes_after_the_lease_was_taken_over_is_thrown_away(
    flow: Flow, other: Flow, clock: FrozenClock, cast: Cast, slow: Gate, quick: Gate, doorstep: Doorstep
) -> None:
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose)
    assert flow.worker.run_due() == 1
    assert slow.reached.wait(PATIENCE)
    clock.advance(seconds=LEASE + 1)
    assert other.worker.release_expired() == 1
    assert other.worker.run_due() == 1
    assert quick.reached.wait(PATIENCE)

    slow.open.set()  # while its successor is still at work
    flow.worker.close()  # waits for it
    assert status_of(flow, execution_id) == "running"
    quick.open.set()
    assert other.waiting.wait([execution_id], PATIENCE)

    assert status_of(flow, execution_id) == "completed"
    assert told(flow) == ["the quick one knocked"]
    assert attempts_of(flow, "knock") == [
        (1, "taken"), (1, "lost"), (2, "taken"), (1, "thrown_away"), (2, "completed"),
    ]  # fmt: skip
    assert doorstep.knocks() == [f"{execution_id}:knock"] * 2


def test_a_result_that_comes_after_its_successor_is_done_changes_nothing(
    flow: Flow, other: Flow, clock: FrozenClock, cast: Cast, slow: Gate, quick: Gate
) -> None:
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose)
    flow.worker.run_due()
    assert slow.reached.wait(PATIENCE)
    clock.advance(seconds=LEASE + 1)
    other.worker.release_expired()
    quick.open.set()
    other.worker.run_due()
    assert other.waiting.wait([execution_id], PATIENCE)

    slow.open.set()
    flow.worker.close()
    assert told(flow) == ["the quick one knocked"]
    assert attempts_of(flow, "knock")[-1] == (1, "thrown_away")


def test_a_result_that_comes_after_its_lease_was_given_back_is_thrown_away(
    flow: Flow, other: Flow, clock: FrozenClock, cast: Cast, slow: Gate, quick: Gate
) -> None:
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose)
    flow.worker.run_due()
    assert slow.reached.wait(PATIENCE)
    clock.advance(seconds=LEASE + 1)
    other.worker.release_expired()  # ready again, taken by nobody

    slow.open.set()
    flow.worker.close()
    assert attempts_of(flow, "knock") == [(1, "taken"), (1, "lost"), (1, "thrown_away")]
    quick.open.set()
    other.worker.run_due()
    assert other.waiting.wait([execution_id], PATIENCE)
    assert told(flow) == ["the quick one knocked"]


@pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))
def test_what_a_dead_process_had_taken_is_decided_once_by_the_next_server(world: World) -> None:
    day = some_mondays(1)[0]
    leave_waiting(world.database, day, day + TWO_DAYS)
    lease_until = SystemClock().now() + timedelta(seconds=1)
    world.database.say(
        "UPDATE step_execution SET status = 'running', owner = 'the dead', epoch = 1, attempt = 1, lease_until = ?",
        given=[lease_until.strftime("%Y-%m-%d %H:%M:%S.%f")],
    )
    assert stand_of(world, day) is Stand.ASKED

    with world.server():
        wait_until_decided(world, [day])
    with evidence(world.database) as found:
        step = found.rows("SELECT epoch, crash_count, status FROM step_execution WHERE path = 'short'")
        assert [tuple(row) for row in step] == [(2, 1, "completed")]
        lost = found.rows("SELECT epoch, owner FROM step_attempt WHERE path = 'short' AND result = 'lost'")
        assert [tuple(row) for row in lost] == [(1, "the dead")]
        assert found.stand(day) is Stand.DECIDED
