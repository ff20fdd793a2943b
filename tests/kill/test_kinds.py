"""Every kind of step, at every fault point of its road, through every way a server can end.

The whole of it takes the better part of an hour and is run in shards (`tests/kill/journal.py`); some of each is in
the ordinary tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.deaths import DEATHS
from tests.kill.journal import Journal, my_share
from tests.kill.kinds import BY_NAME, KINDS
from tests.kill.kinds_world import KindsWorld, Prepared, prepare_kinds, settle_kinds
from tests.kill.server import reason_not_available
from tests.kill.sink import Sink, a_sink

pytestmark = pytest.mark.skipif(reason_not_available() is not None, reason=str(reason_not_available()))

EVERYTHING = [(kind.name, point, death) for kind in KINDS for point in kind.points for death in DEATHS]
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


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare_kinds(tmp_path_factory.mktemp("kinds"))


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with a_sink(tmp_path / "came") as sink:
        yield sink


@pytest.fixture
def world(prepared: Prepared, sink: Sink, tmp_path: Path) -> KindsWorld:
    return settle_kinds(prepared, tmp_path, sink)


@pytest.mark.parametrize(("kind", "point", "death"), SOME)
def test_a_step_survives_a_death(kind: str, point: str, death: str, world: KindsWorld) -> None:
    DEATHS[death](world, BY_NAME[kind], point)
    assert world.broken() == []


@pytest.mark.long
@pytest.mark.parametrize(("kind", "point", "death"), my_share(EVERYTHING))
def test_every_kind_of_step_survives_every_death_at_every_point(
    kind: str, point: str, death: str, world: KindsWorld
) -> None:
    journal, case = Journal(), f"{kind}-{point}-{death}"
    if journal.passed(case):
        pytest.skip("it has passed before")
    DEATHS[death](world, BY_NAME[kind], point)
    assert world.broken() == []
    journal.note(case)
