"""Every kind of step, at every fault point of its road, through every way a server can end.

The whole of it takes hours and is run in shards (`tests/kill/journal.py`); some of each is in the ordinary tests. With
several workers a part of it is run, another one each day; `FLOWAPP_KILL_WORKERS=2` runs the whole of it with two.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.crowds import SEVERAL, cases_of, turn_of_today
from tests.kill.deaths import DEATHS
from tests.kill.journal import Journal, my_share
from tests.kill.kinds import BY_NAME, KINDS
from tests.kill.kinds_world import KindsWorld, Prepared, prepare_kinds
from tests.kill.place import place_in
from tests.kill.server import reason_not_available
from tests.kill.sink import Sink, a_sink
from tests.support.databases import Databases

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))

EVERYTHING = cases_of(KINDS, DEATHS, workers=1)
WITH_SEVERAL = [each for workers in SEVERAL for each in turn_of_today(cases_of(KINDS, DEATHS, workers=workers))]
# One of each kind, of each point and of each way to die.
SOME = (
    ("inside", "accept.mid_tx", "worker"),
    ("outside", "effect.after", "everything"),
    ("outside", "effect.before", "sleep"),
    ("mail", "mail.after_send", "worker"),
    ("condition", "claim.mid_tx", "everything"),
    ("delay", "complete.mid_tx", "everything"),
    ("branch_all", "complete.before_commit", "worker"),
    ("branch_first", "complete.after_commit", "everything"),
    ("loop", "effect.after", "master"),
    ("repeat", "complete.mid_tx", "stop"),
    ("set", "accept.before_commit", "everything"),
    ("retry", "effect.after", "worker"),
    ("wait", "accept.in_change", "worker"),
    ("workflow", "accept.mid_tx:2", "everything"),
    ("rollback", "complete.before_commit:3", "worker"),
    ("queued", "complete.after_commit:2", "master"),
)
# One of each way to die beside others.
SOME_WITH_SEVERAL = (
    ("outside", "effect.after", "one-asleep", 2),
    ("loop", "complete.mid_tx", "one-asleep", 2),
    ("mail", "mail.before_send", "leader", 2),
    ("wait", "complete.after_commit", "leader", 4),
    ("branch_all", "effect.before", "reload", 2),
    ("queued", "complete.before_commit:2", "worker", 2),
    ("workflow", "claim.after_commit", "master", 2),
    ("retry", "effect.before", "stop", 2),
)


@pytest.fixture(scope="module")
def prepared(lasting: Databases, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare_kinds(place_in(tmp_path_factory.mktemp("kinds"), lasting))


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with a_sink(tmp_path / "came") as sink:
        yield sink


@pytest.fixture
def world(prepared: Prepared, lasting: Databases, sink: Sink, tmp_path: Path, workers: int) -> Iterator[KindsWorld]:
    place = place_in(tmp_path, lasting, of=prepared.database)
    yield KindsWorld(prepared, place, sink, workers)
    lasting.drop(place.url)


@pytest.mark.parametrize(("kind", "point", "death", "workers"), [*((*each, 1) for each in SOME), *SOME_WITH_SEVERAL])
def test_a_step_survives_a_death(kind: str, point: str, death: str, world: KindsWorld) -> None:
    DEATHS[death](world, BY_NAME[kind], point)
    assert world.broken() == []


@pytest.mark.long
@pytest.mark.parametrize(("kind", "point", "death", "workers"), my_share([*EVERYTHING, *WITH_SEVERAL]))
def test_every_kind_of_step_survives_every_death_at_every_point(
    kind: str, point: str, death: str, workers: int, world: KindsWorld
) -> None:
    journal, case = Journal(), "-".join([kind, point, death, *([] if workers == 1 else [f"with-{workers}"])])
    if journal.passed(case):
        pytest.skip("it has passed before")
    DEATHS[death](world, BY_NAME[kind], point)
    assert world.broken() == []
    journal.note(case)
