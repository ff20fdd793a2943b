"""Dan's shifts at Rose House, and his hours."""

from __future__ import annotations

import pytest

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.unit.timesheets.attendance import Attendance


@pytest.fixture
def attendance(flow: Flow, cast: Cast, clock: FrozenClock) -> Attendance:
    """Who comes to Rose House, and when."""
    return Attendance(flow, cast, clock)
