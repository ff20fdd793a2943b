"""A long list with many faults: each of them is named, and every other row is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from flowapp.bootstrap import Flow
from flowapp.rota.exchange.lists import ListKind
from flowapp.rota.shifts import Shift
from tests.cast import Cast
from tests.unit.exchange.lists import csv_of, written

HEADER = "home_code,date,start,end,role,employee_no,unpaid_break_min,published,notes"
FIRST, A_DAY, DANS = date(2027, 3, 1), 4, 12  # four shifts a day, and every third day one of them is Dan's
FAULTS = (  # a row of each kind, and the column to blame
    ("ELM,{day},08:00,20:00,SCW,,60,1,", "home_code"),
    ("ROSE,2027-02-30,08:00,20:00,SCW,,60,1,", "date"),
    ("ROSE,{day},25:00,20:00,SCW,,60,1,", "start"),
    ("ROSE,{day},08:00,07:00,SCW,,60,1,", "end"),
    ("ROSE,{day},08:00,20:00,Pilot,,60,1,", "role"),
    ("ROSE,{day},08:00,20:00,SCW,E-Vic,60,1,", "employee_no"),
    ("ROSE,{day},08:00,20:00,SCW,,600,1,", "unpaid_break_min"),
    ("ROSE,{day},08:00,20:00,SCW,,60,often,", "published"),
    ("ROSE,{day},08:00,20:00,SCW,,60,1," + "x" * 2001, "notes"),
    ("ROSE,{day},12:00,22:00,SCW,E-Dan,60,1,", ""),  # beside the shift that Dan has by then
)


def the_rows(number: int, faults: int) -> Iterator[tuple[str, str | None]]:
    """Make rows, and beside each the column to blame in it; None where it is right."""
    bad = 0
    for place in range(number):
        day, dans_day = FIRST + timedelta(days=place // A_DAY), FIRST + 3 * timedelta(days=place // DANS)
        if bad < faults and place % (number // faults) == 5:
            row, column = FAULTS[bad % len(FAULTS)]
            bad += 1
            yield row.format(day=dans_day), column
        else:
            dan = "E-Dan" if place % DANS == 0 else ""
            yield f"ROSE,{day},{8 + place % A_DAY:02}:00,20:00,SCW,{dan},60,{place % 2},", None


@pytest.mark.parametrize("number", [600, pytest.param(5000, marks=pytest.mark.long)])
def test_each_of_fifty_faults_is_named_and_the_rest_is_written(flow: Flow, cast: Cast, number: int) -> None:
    made = list(the_rows(number, 50))
    expected = [(line, column) for line, (_, column) in enumerate(made, 2) if column is not None]
    assert len(expected) == 50

    done = written(flow, cast.maya, ListKind.SHIFTS, csv_of(HEADER, *(row for row, _ in made)), only_good=True)

    assert [(each.line, each.column) for each in done.found] == expected
    assert done.counts == {"added": number - 50, "bad": 50}
    with flow.database.read() as session:
        assert session.scalar(select(func.count(Shift.id))) == number - 50
