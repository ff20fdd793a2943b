"""The server is killed at every point of the road of a leave request, and goes on where it was."""

from __future__ import annotations

import pytest

from tests.kill.cases import CASES, Case
from tests.kill.days import some_mondays
from tests.kill.evidence import Stand
from tests.kill.road import TWO_DAYS, Road, stand_of, wait_for_the_kill, wait_until_decided
from tests.kill.server import reason_not_available
from tests.kill.world import World, leave_waiting

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_after_a_worker_is_killed_the_next_decides_what_stands_and_nothing_twice(case: Case, world: World) -> None:
    first, second, third = some_mondays(3)
    road = Road(world)
    with world.server(fault=f"{case.point}:{case.nth}:kill") as server:
        for day, door in ((first, "api"), (second, "page")):
            assert road.ask(server, day, door).acknowledged
            wait_until_decided(world, [day])
        worker = server.worker()
        server.hold_master()
        assert not road.ask(server, third, case.door).acknowledged
        wait_for_the_kill(server, worker)
        assert stand_of(world, third) is case.stand
        standing = road.standing()

        server.release_master()
        road.check(server, standing)


def test_an_acknowledged_request_whose_workflow_never_began_is_decided_by_the_next_start(world: World) -> None:
    day = some_mondays(1)[0]
    leave_waiting(world.database, day, day + TWO_DAYS)  # the engine was away when it was asked
    with world.server(fault="claim.mid_tx:1:hang") as server:
        server.kill()
    assert stand_of(world, day) is Stand.ASKED
    Road(world, waiting=[day]).restart()


def test_of_requests_that_were_asked_at_the_same_moment_each_stands_whole_or_not_at_all(world: World) -> None:
    days = some_mondays(4)
    road = Road(world)
    with world.server(fault="accept.before_commit:3:kill") as server:
        worker = server.worker()
        server.hold_master()
        road.ask_at_once(server, dict(zip(days, ["api", "page", "api", "page"], strict=True)))
        wait_for_the_kill(server, worker)
        server.kill()
    road.restart()


def test_after_a_kill_right_after_the_decision_is_committed_nothing_is_done_again(world: World) -> None:
    day = some_mondays(1)[0]
    with world.server(fault="complete.after_commit:1:kill") as server:
        worker = server.worker()
        server.hold_master()
        leave_waiting(world.database, day, day + TWO_DAYS)  # by nobody's request, so the engine's own pass decides
        wait_for_the_kill(server, worker)
        server.kill()
    assert stand_of(world, day) is Stand.DECIDED
    Road(world, waiting=[day]).restart()
