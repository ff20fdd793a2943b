"""Kinds of action made for these tests, beside the real ones."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from flowapp.bootstrap import registries
from flowapp.engine import burst, worker
from flowapp.workflows.kinds import Action
from tests.engine.made_actions import made


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The real kinds of action and those of these tests."""
    return {**registries().actions, **{each.kind: each for each in made()}}


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one pass do all that is due, however slow the machine is."""
    monkeypatch.setattr(worker, "HOLD_SECONDS", 60.0)
    monkeypatch.setattr(burst, "LONGEST_SECONDS", 60.0)
