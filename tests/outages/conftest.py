"""What the tests of outages share: workflows that call others, the outside, and a real server between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.kinds import TELL, Kind, call
from tests.kill.kinds_world import KindsWorld, Prepared, prepare_kinds
from tests.kill.place import place_in
from tests.kill.server import Server, reason_not_available
from tests.kill.sink import Sink, a_sink
from tests.support.databases import Files

CALLS = {way: Kind(name=way, steps=[call("call", way), TELL], completed=["call", "tell"]) for way in
         ("ok", "hang", "drop", "later")}  # fmt: skip
INSIDE = Kind(name="inside", steps=[TELL], completed=["tell"])


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The database of a first start, made once."""
    folder = tmp_path_factory.mktemp("outages")
    return prepare_kinds(place_in(folder, Files(folder)), [*CALLS.values(), INSIDE])


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    """What stands outside."""
    with a_sink(tmp_path / "came") as sink:
        yield sink


@pytest.fixture
def world(prepared: Prepared, sink: Sink, tmp_path: Path) -> KindsWorld:
    """A copy of the database, with the outside beside it."""
    if reason := reason_not_available():
        pytest.skip(reason)
    return KindsWorld(prepared, place_in(tmp_path, Files(tmp_path), of=prepared.database), sink)


@pytest.fixture
def server(world: KindsWorld) -> Iterator[Server]:
    """A real server on it."""
    with world.server() as server:
        yield server
