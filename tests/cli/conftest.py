"""The demo, made once for all tests that only look at it."""

from __future__ import annotations

import pytest

from tests.cli.made_demo import Demos, Made
from tests.support.databases import Databases


@pytest.fixture(scope="session")
def demos(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Demos:
    """Makes demos."""
    return Demos(databases, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def the_demo(demos: Demos) -> Made:
    """The small demo of 23 November 2026; only to be looked at."""
    return demos.small
