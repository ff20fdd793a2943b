"""A process that undoes a run, or takes it back because a step failed, and is killed while it does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flowapp.accounts.users import person_of
from flowapp.bootstrap import Flow, registries
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from flowapp.workflows.kinds import Action
from tests.engine.made_actions import made
from tests.engine.undos import undo


def with_made() -> Mapping[str, Action]:
    """Answer every action of the product, and those of the engine's tests."""
    return {**registries().actions, **{each.kind: each for each in made()}}


def undo_until_killed(database_url: str, fault: str, at: datetime, user_id: int, execution_id: int) -> None:
    """Undo a run in somebody's name with a fault in the way."""
    flow = _flow(database_url, fault, at)
    with flow.database.read() as session:
        who = person_of(session, user_id)
    assert who is not None
    undo(flow, who, execution_id)


def carry_on_until_killed(database_url: str, fault: str, at: datetime) -> None:
    """Carry on whatever is due with a fault in the way."""
    _flow(database_url, fault, at).worker.run_due()


def _flow(database_url: str, fault: str, at: datetime) -> Flow:
    settings = read_settings(database_url=database_url, fault=fault, testing=True)
    return Flow(settings, clock=FrozenClock(at), actions=with_made())
