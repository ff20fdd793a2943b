"""A FlowApp that runs by the real clock, and looks only when somebody tells it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowapp.bootstrap import Flow, registries
from flowapp.engine import loop
from flowapp.kernel.settings import Settings
from flowapp.scheduler.leader import Leader
from tests.cast import Cast
from tests.engine.made_actions import made
from tests.support.databases import Databases

Lead = Callable[..., Leader]


@pytest.fixture
def cast(peopled_tables: tuple[str, Cast]) -> Cast:
    """The people in the database of `live`."""
    return peopled_tables[1]


@pytest.fixture
def live(
    settings: Settings, databases: Databases, peopled_tables: tuple[str, Cast], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flow]:
    """FlowApp at work, whose engine does not look by itself in the length of a test."""
    monkeypatch.setattr(loop, "TICK_SECONDS", 3600.0)
    databases.copy(peopled_tables[0], settings.database_url)
    flow = Flow(settings, actions={**registries().actions, **{each.kind: each for each in made()}})
    flow.start()
    yield flow
    flow.close()


@pytest.fixture
def lead(live: Flow, tmp_path: Path) -> Iterator[Lead]:
    """Start a leader whose tick is switched off; others with another name do not know of it."""
    leaders: list[Leader] = []

    def start(name: str = "leader", *, ticks: bool = False) -> Leader:
        leaders.append(Leader(live, lock=tmp_path / f"{name}.lock", ticks=ticks))
        leaders[-1].start()
        return leaders[-1]

    yield start
    for leader in leaders:
        leader.stop()
