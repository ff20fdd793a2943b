"""Who did it, as the audit writes it."""

from __future__ import annotations

import pytest

from flowapp.events.cause import SYSTEM, Actor, ActorKind, Cause
from tests.unit.events.happenings import AT


@pytest.mark.parametrize(
    ("actor", "label"),
    [
        (Actor(kind=ActorKind.USER, id=4, name="Maya"), "user:4"),
        (Actor(kind=ActorKind.API, id=4, name="Maya"), "api:4"),
        (Actor(kind=ActorKind.WORKFLOW, id=4, name="Short leave", execution_id=12, step="short.then.approve"),
         "execution:12/step:short.then.approve"),
        (SYSTEM, "system"),
        (Actor(kind=ActorKind.USER, id=None, name="Somebody"), "user"),  # a try to sign in as nobody
    ],
)  # fmt: skip
def test_an_actor_has_one_spelling(actor: Actor, label: str) -> None:
    assert actor.label == label


def test_naming_another_actor_keeps_the_moment_and_the_chain() -> None:
    maya = Actor(kind=ActorKind.USER, id=4, name="Maya")
    cause = Cause(actor=SYSTEM, at=AT, correlation_id="A", causation_id="B", depth=3).by(maya)
    assert cause == Cause(actor=maya, at=AT, correlation_id="A", causation_id="B", depth=3)
