"""Shifts of Rose House, planned and changed by people of the cast."""

from __future__ import annotations

import pytest

from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.unit.rota_shifts.rota import Rota


@pytest.fixture
def rota(flow: Flow, cast: Cast) -> Rota:
    """The rota of Rose House, in the hands of its manager."""
    return Rota(flow, cast)
