"""What the tests of crashes share: the prepared database, and a world of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill.world import World, prepare, settle


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a first start, made once."""
    return prepare(tmp_path_factory.mktemp("template"))


@pytest.fixture
def world(template: Path, tmp_path: Path) -> World:
    """A copy of it, and the carer who asks in it."""
    return settle(template, tmp_path)
