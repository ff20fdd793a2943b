"""The training of Rose House, with the catalogue that FlowApp brings."""

from __future__ import annotations

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.unit.rota_training.records import Records


@pytest.fixture
def records(flow: Flow, cast: Cast, clock: FrozenClock) -> Records:
    """The records of training, in the hands of Rose House's manager and of HR."""
    return Records(flow, cast, clock)
