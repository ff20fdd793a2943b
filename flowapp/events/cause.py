"""Who does something, when, and because of what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

DEEPEST_CHAIN = 5  # events that start workflows that write events; a longer chain is a circle


class ActorKind(StrEnum):
    """What sort of actor it is."""

    USER = "user"  # a person on a page
    API = "api"  # a person's program, with a token
    WORKFLOW = "workflow"  # an execution
    SYSTEM = "system"  # FlowApp itself


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did it; for a workflow, `id` is the user with whose rights it acts."""

    kind: ActorKind
    id: int | None
    name: str
    role: str | None = None
    execution_id: int | None = None
    step: str | None = None

    @property
    def label(self) -> str:
        """The actor for the audit: `user:4`, `execution:12/step:short.approve`, `system`."""
        if self.kind is ActorKind.WORKFLOW:
            return f"execution:{self.execution_id}/step:{self.step}"
        return self.kind.value if self.id is None else f"{self.kind.value}:{self.id}"


SYSTEM = Actor(kind=ActorKind.SYSTEM, id=None, name="FlowApp")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The moment and the reason of a change, handed to everything that changes something.

    `correlation_id` is the first event of the chain, `causation_id` the event before this one, `depth` how many
    workflows lie between.
    """

    actor: Actor
    at: datetime
    correlation_id: str | None = None
    causation_id: str | None = None
    depth: int = 0

    def by(self, actor: Actor) -> Cause:
        """Name another actor for the same moment and chain."""
        return replace(self, actor=actor)
