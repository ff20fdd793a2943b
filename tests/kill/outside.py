"""An action that acts outside FlowApp, for tests only: it knocks on a door and somebody else counts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Run

PATIENCE = 20.0


class Doorstep:
    """What happened outside: a file that is only added to, which no transaction of ours can take back."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def knock(self, key: str) -> None:
        """Note a knock, on the disk before this returns."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(descriptor, f"{key}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def knocks(self) -> list[str]:
        """Answer the key of every knock."""
        return self.path.read_text().split() if self.path.exists() else []


class Knock(Action):
    """Knock on a door, under a key that is the same on every attempt."""

    kind = "knock"
    label = "Knock"
    category = "people"
    effect = Effect.IDEMPOTENT

    class Fields(ActionFields):
        """What the step is told."""

        door: str

    class Output(ActionOutput):
        """What later steps may read: who knocked."""

        by: str

    def __init__(self, doorstep: Doorstep, by: str, before: Callable[[], None] | None = None) -> None:
        self.doorstep = doorstep
        self.by = by
        self.before = before

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does."""
        return f"Knock on **{fields.get('door')}**"

    def run(self, fields: Fields, run: Run) -> Output:
        """Knock, once whatever comes before it is over."""
        if self.before is not None:
            self.before()
        self.doorstep.knock(run.key)
        return self.Output(by=self.by)


class KnockOnce(Knock):
    """Knock on a door where nobody can tell two knocks from one."""

    kind = "knock_once"
    effect = Effect.AT_MOST_ONCE


def actions_with(*actions: Action) -> Mapping[str, Action]:
    """Answer every action of the product, and these."""
    return {**registries().actions, **{action.kind: action for action in actions}}


def work_until_killed(database_url: str, doorstep: Path, fault: str, at: datetime, execution_id: int) -> None:
    """Be a process that carries one execution on with a fault in its way."""
    settings = read_settings(database_url=database_url, fault=fault, testing=True)
    at_door = Doorstep(doorstep)
    actions = actions_with(Knock(at_door, "the dead"), KnockOnce(at_door, "the dead"))
    flow = Flow(settings, clock=FrozenClock(at), actions=actions)
    flow.worker.run_due()
    flow.waiting.wait([execution_id], PATIENCE)
    flow.close()
