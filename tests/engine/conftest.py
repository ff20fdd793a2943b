"""Kinds of action made for these tests, beside the real ones."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from flowapp.bootstrap import registries
from flowapp.workflows.kinds import Action
from tests.engine.made_actions import made


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The real kinds of action and those of these tests."""
    return {**registries().actions, **{each.kind: each for each in made()}}
