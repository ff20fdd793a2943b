"""A process that dies in the middle of a list loses no row and writes none twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from flowapp.bootstrap import Flow
from flowapp.rota.exchange.carrying import carry_on_imports
from flowapp.rota.exchange.csv_import import begin_writing
from flowapp.rota.exchange.lists import ListKind
from flowapp.rota.shifts import Shift
from tests.cast import Cast
from tests.factories import cause_of
from tests.unit.exchange.lists import csv_of, looked_at, read

CARRY_ON = """
from flowapp.bootstrap import Flow
from flowapp.kernel.settings import read_settings
from flowapp.rota.exchange.carrying import carry_on_imports
flow = Flow(read_settings())
carry_on_imports(flow.database, flow.clock.now)
"""
ROWS = [f",ROSE,2026-12-{day:02},08:00,20:00,SCW,,0,," for day in range(1, 31)] * 3
HEADER = "shift_uid,home_code,date,start,end,role,employee_no,unpaid_break_min,published,notes"


@pytest.mark.parametrize(("nth", "kept"), [(1, 0), (3, 50)])
def test_a_list_is_whole_after_a_kill(flow: Flow, cast: Cast, nth: int, kept: int) -> None:
    number = looked_at(flow, cast.maya, ListKind.SHIFTS, csv_of(HEADER, *ROWS)).id
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda s: begin_writing(s, cause, cast.maya, number, only_good=False))
    given = {
        "FLOWAPP_DATABASE_URL": flow.database.url, "FLOWAPP_TESTING": "1", "FLOWAPP_SECRET_KEY": "test",
        "FLOWAPP_FAULT": f"import.mid_tx:{nth}:kill",
    }  # fmt: skip

    died = subprocess.run([sys.executable, "-c", CARRY_ON], env=os.environ | given, timeout=120, check=False)

    assert died.returncode == -signal.SIGKILL
    assert (read(flow, cast.maya, number).position, shifts(flow)) == (kept, kept)
    carry_on_imports(flow.database, flow.clock.now)
    assert (read(flow, cast.maya, number).counts, shifts(flow)) == ({"added": 90}, 90)


def shifts(flow: Flow) -> int:
    """Count the shifts."""
    with flow.database.read() as session:
        return session.scalar(select(func.count(Shift.id))) or 0
