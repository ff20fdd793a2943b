"""Two FlowApps that share a database, a clock and the kinds of action, as two processes do."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import pytest

from flowapp.bootstrap import Flow, registries
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import Settings
from flowapp.workflows.kinds import Action
from tests.cast import Cast
from tests.engine.made_actions import made
from tests.races.racing import Race


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The real kinds of action and those that tests make."""
    return {**registries().actions, **{each.kind: each for each in made()}}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with one thread for what acts outside, so that one FlowApp leaves the second such step to the other.

    The clock stands still, so a thousand repetitions start as many runs within a minute: no flood is meant by that.
    """
    return settings.model_copy(update={"workers": 1, "flood_limit": 1_000_000})


@pytest.fixture
def race(
    flow: Flow,
    cast: Cast,
    settings: Settings,
    clock: FrozenClock,
    actions: Mapping[str, Action],
    request: pytest.FixtureRequest,
) -> Iterator[Race]:
    """A race between `flow` and another FlowApp, each with connections and turns of its own."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)
    other = Flow(settings, clock=clock, actions=actions)
    yield Race(request.node.name, [flow, other])
    other.close()
    sys.setswitchinterval(before)
