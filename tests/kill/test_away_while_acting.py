"""PostgreSQL goes away while a step acts outside: that is no failure of the step, and what was done is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from flowapp.workflows.kinds import Action, Effect, Run
from tests.cast import Cast, make_cast
from tests.kill.outside import PATIENCE, Doorstep, Knock, actions_with
from tests.kill.started import about_to_knock, attempts_of, status_of, steps_of
from tests.support.databases import make_tables
from tests.support.postgres import Server, server

Knocking = Callable[..., tuple[Flow, Cast]]


class KnockAndRead(Knock):
    """Knock and read something, between which the database goes away the first time."""

    kind = "knock_and_read"

    def __init__(self, doorstep: Doorstep, postgres: Server, *, first: str) -> None:
        super().__init__(doorstep, "the living")
        self.postgres = postgres
        self.first = first
        self.away = threading.Event()

    def run(self, fields: Knock.Fields, run: Run) -> Knock.Output:
        """Do the first, let the database go, and do the second."""
        run.session.execute(text("SELECT 1"))
        if self.first == "knock":
            super().run(fields, run)
        if not self.away.is_set():
            self.postgres.stop()
            self.away.set()
        if self.first == "read":
            run.session.execute(text("SELECT 1"))
            super().run(fields, run)
        return self.Output(by=self.by)


class KnockAndReadOnce(KnockAndRead):
    """Knock likewise where nobody can tell two knocks from one."""

    kind = "knock_and_read_once"
    effect = Effect.AT_MOST_ONCE


@pytest.fixture
def postgres() -> Iterator[Server]:
    """A server of the test's own."""
    with server() as started:
        started.create("acting")
        yield started


@pytest.fixture
def doorstep(tmp_path: Path) -> Doorstep:
    return Doorstep(tmp_path / "doorstep")


@pytest.fixture
def knocking(postgres: Server, clock: FrozenClock) -> Iterator[Knocking]:
    """Put FlowApp together on it with one more action."""
    made: list[Flow] = []

    def put_together(action: Action) -> tuple[Flow, Cast]:
        make_tables(postgres.url("acting"))
        settings = read_settings(database_url=postgres.url("acting"), secret_key="test", testing=True)
        made.append(Flow(settings, clock=clock, actions=actions_with(action)))
        return made[0], make_cast(made[0])

    yield put_together
    for flow in made:
        flow.close()


@pytest.mark.parametrize("first", ["knock", "read"])
def test_a_step_during_which_the_database_goes_away_is_done_once_and_has_not_failed(
    knocking: Knocking, postgres: Server, doorstep: Doorstep, first: str
) -> None:
    action = KnockAndRead(doorstep, postgres, first=first)
    flow, cast = knocking(action)
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose, action=action.kind)
    flow.worker.run_due()
    assert action.away.wait(PATIENCE)
    postgres.start()
    assert flow.waiting.wait([execution_id], PATIENCE)
    assert status_of(flow, execution_id) == "completed"
    assert doorstep.knocks() == [f"{execution_id}:knock"]
    assert attempts_of(flow, "knock") == [(1, "taken"), (1, "completed")]


def test_where_nobody_can_tell_whether_it_was_done_a_person_looks(
    knocking: Knocking, postgres: Server, doorstep: Doorstep, clock: FrozenClock
) -> None:
    action = KnockAndReadOnce(doorstep, postgres, first="read")
    flow, cast = knocking(action)
    execution_id = about_to_knock(flow, cast.maya, home_id=cast.rose, action=action.kind)
    flow.worker.run_due()
    assert action.away.wait(PATIENCE)
    postgres.start()
    flow.worker.effects.hands.wait(PATIENCE)
    clock.advance(seconds=31)
    flow.worker.release_expired()
    assert steps_of(flow, execution_id) == [("knock", "uncertain")]
    assert doorstep.knocks() == []
