"""The server is killed at every point of the road of a leave request, and started again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from tests.kill.days import some_mondays
from tests.kill.evidence import Stand, evidence
from tests.kill.road import TWO_DAYS, Road, wait_for_the_kill, wait_until_decided
from tests.kill.server import reason_not_available
from tests.kill.world import World, leave_waiting

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))


@dataclass(frozen=True)
class Case:
    """Where the second of two requests meets the fault, and how far it has come by then."""

    point: str
    nth: int  # the first request, which is answered and decided, passes too
    stand: Stand
    door: str

    def __str__(self) -> str:
        return f"{self.point}:{self.nth}-{self.door}"


CASES = (
    Case("accept.in_change", 3, Stand.NOTHING, "api"),
    Case("accept.mid_tx", 2, Stand.NOTHING, "page"),
    Case("accept.before_commit", 2, Stand.NOTHING, "api"),
    Case("accept.after_commit", 3, Stand.ASKED, "page"),
    Case("claim.mid_tx", 2, Stand.ASKED, "api"),
    # the workflow approves, and writes an event of its own
    Case("accept.in_change", 4, Stand.ASKED, "page"),
    Case("complete.mid_tx", 2, Stand.ASKED, "page"),
    Case("complete.before_commit", 2, Stand.ASKED, "api"),
    # the workflow's own event rings the doorbell: its transaction is committed, nothing else is done yet
    Case("accept.after_commit", 4, Stand.DECIDED, "api"),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_after_a_kill_what_was_asked_is_decided_once_or_was_never_there(case: Case, world: World) -> None:
    first, second = some_mondays(2)
    road = Road(world)
    with world.server(fault=f"{case.point}:{case.nth}:kill") as server:
        assert road.ask(server, first, "api").acknowledged
        wait_until_decided(world, first)
        worker = server.worker()
        server.hold_master()
        assert not road.ask(server, second, case.door).acknowledged
        wait_for_the_kill(server, worker)

        assert stands(world, second) is case.stand
        road.check_nothing_is_lost()
    road.recover()


def test_after_a_kill_right_after_the_decision_is_committed_nothing_is_done_again(world: World) -> None:
    day = some_mondays(1)[0]
    leave_waiting(world.database, day, day + TWO_DAYS)  # so that the engine's first pass is the one that decides
    with world.server(fault="complete.after_commit:1:kill") as server:
        worker = server.worker()
        server.hold_master()
        wait_for_the_kill(server, worker)
        assert stands(world, day) is Stand.DECIDED
    Road(world).recover(already=[day])


def stands(world: World, day: date) -> Stand:
    with evidence(world.as_it_lies()) as found:
        return found.stand(day)
