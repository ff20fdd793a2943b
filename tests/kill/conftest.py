"""What the tests of crashes share: the prepared database, and a world of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.place import Place, place_in
from tests.kill.world import World, prepare, settle
from tests.support.databases import Databases, OnServer
from tests.support.postgres import server


@pytest.fixture(scope="session")
def lasting(databases: Databases) -> Iterator[Databases]:
    """Databases whose commits wait for the disk, as they do where people work."""
    if not isinstance(databases, OnServer):
        yield databases
        return
    with server(durable=True) as started:
        yield OnServer(started)


@pytest.fixture(scope="session")
def template(lasting: Databases, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The database of a first start, made once."""
    return prepare(place_in(tmp_path_factory.mktemp("template"), lasting))


@pytest.fixture
def world(template: Place, lasting: Databases, tmp_path: Path) -> Iterator[World]:
    """A copy of it, and the carer who asks in it."""
    place = place_in(tmp_path, lasting, of=template)
    yield settle(place)
    lasting.drop(place.url)
