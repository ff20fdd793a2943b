"""Gathers the tests, and tells those apart that want the machine to themselves."""

from __future__ import annotations

import gc
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast the machine is says nothing about a property.
settings.register_profile("flowapp", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("flowapp")

TESTS = Path(__file__).parents[1]
ALONE = {"outages", "scheduler"}
BACKENDS = ("sqlite", "postgresql")  # what `--database` chooses from, and the markers of tests about one of them


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the database be chosen that the tests run on."""
    parser.addoption("--database", choices=BACKENDS, default="sqlite", help="what the tests run on")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Gather the tests without collecting garbage, and leave them out when it is collected later: they all stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what wants the machine to itself, and skip what is about a database that the tests do not run on."""
    for item in items:
        # They say how long something takes.
        if ALONE.intersection(item.path.relative_to(TESTS).parts):
            item.add_marker(pytest.mark.alone)
        for backend in BACKENDS:
            if backend != config.getoption("database") and item.get_closest_marker(backend):
                item.add_marker(pytest.mark.skip(reason=f"is about {backend} itself: --database={backend}"))
