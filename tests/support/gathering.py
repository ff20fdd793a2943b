"""Gathers the tests, and tells those apart that want the machine to themselves."""

from __future__ import annotations

import gc
from collections.abc import Generator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ALONE = {"kill", "outages", "scheduler"}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Gather the tests without collecting garbage, and leave them out when it is collected later: they all stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that measure time or start processes: they want the machine to themselves."""
    for item in items:
        if ALONE.intersection(item.path.relative_to(TESTS).parts):
            item.add_marker(pytest.mark.alone)
