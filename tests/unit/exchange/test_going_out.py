"""Lists that go out: those of one's homes, in columns in which they can come in again."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.rota.exchange.csv_text import csv_text
from flowapp.rota.exchange.going_out import Part, columns_of, rows_of
from flowapp.rota.exchange.lists import ListKind
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_days import LeavePeriod
from tests.cast import Cast
from tests.factories import a_shift, cause_of, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import Api
from tests.unit.exchange.lists import looked_at

DAY = date(2026, 12, 7)


def sent(flow: Flow, who: Person, kind: ListKind, **part: object) -> str:
    """Write a list out."""
    with flow.database.read() as session:
        return "".join(csv_text(columns_of(kind), rows_of(session, who, kind, Part(**part))))  # type: ignore[arg-type]


def rows(text: str) -> list[dict[str, str]]:
    """Read a list as a spreadsheet does."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def something(flow: Flow, cast: Cast) -> None:
    """Write shifts and leave in both homes."""
    a_shift(flow, cast.maya, cast.rose, day=DAY, staff=cast.dan, published=True)
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 8))
    a_shift(flow, cast.erin, cast.elm, day=DAY, staff=cast.vic)
    for person in (cast.dan, cast.vic):
        leave_asked(flow, person, start=date(2026, 12, 14))


@pytest.mark.usefixtures("something")
@pytest.mark.parametrize("kind", list(ListKind))
def test_a_list_that_went_out_changes_nothing_when_it_comes_in_again(flow: Flow, cast: Cast, kind: ListKind) -> None:
    text = sent(flow, cast.maya, kind)
    found = looked_at(flow, cast.maya, kind, text)
    assert (found.counts, found.found) == ({"same": len(rows(text))}, ())


@pytest.mark.usefixtures("something")
@pytest.mark.parametrize(
    ("kind", "column", "mine", "all_of_them"),
    [
        (ListKind.STAFF, "employee_no", ["E-Dan", "E-Maya", "E-Sorcha"], 5),
        (ListKind.SHIFTS, "employee_no", ["E-Dan", ""], 3),
        (ListKind.LEAVE, "employee_no", ["E-Dan"], 2),
    ],
)
def test_a_list_has_what_is_of_ones_homes(
    flow: Flow, cast: Cast, kind: ListKind, column: str, mine: list[str], all_of_them: int
) -> None:
    assert [row[column] for row in rows(sent(flow, cast.maya, kind))] == mine
    assert len(rows(sent(flow, cast.ada, kind))) == all_of_them
    assert rows(sent(flow, cast.maya, kind, home="ELM")) == []
    assert rows(sent(flow, cast.dan, kind)) == []


@pytest.mark.usefixtures("something")
def test_a_shift_says_everything_the_columns_ask(flow: Flow, cast: Cast) -> None:
    first, second = rows(sent(flow, cast.maya, ListKind.SHIFTS))
    assert len(first.pop("shift_uid")) == 26
    assert first == {
        "home_code": "ROSE", "unit": "", "date": "2026-12-07", "start": "08:00", "end": "20:00", "end_next_day": "0",
        "tz": "Europe/London", "role": "SCW", "template": "", "kind": "regular", "employee_no": "E-Dan",
        "employee_name": "Dan", "unpaid_break_min": "0", "paid_hours": "12", "status": "assigned", "published": "1",
        "skills": "", "notes": "",
    }  # fmt: skip
    assert (second["employee_name"], second["status"], second["published"]) == ("", "open", "0")
    assert [row["date"] for row in rows(sent(flow, cast.maya, ListKind.SHIFTS, first=date(2026, 12, 8)))] == [
        "2026-12-08"
    ]


def test_why_somebody_is_away_goes_only_to_those_who_may_know(flow: Flow, cast: Cast) -> None:
    def write(session: Session) -> int:
        period, cause = LeavePeriod.of(start=DAY), cause_of(cast.dan, flow.clock.now())
        return request_leave(
            session, cause, staff_id=cast.dan.staff_id or 0, type_code="SICK", period=period, reason="A bad back"
        )

    flow.database.write(write)
    assert rows(sent(flow, cast.maya, ListKind.LEAVE))[0]["reason"] == "A bad back"
    assert rows(sent(flow, cast.ada, ListKind.LEAVE))[0]["reason"] == ""


@pytest.mark.usefixtures("something")
def test_the_page_and_the_api_send_the_same(as_maya: PageClient, api: Api, cast: Cast) -> None:
    page = as_maya.client.get("/settings/export/shifts.csv?bom=yes")
    assert page.content_type == "text/csv; charset=utf-8"
    assert page.headers["Content-Disposition"] == 'attachment; filename="shifts.csv"'
    assert page.data.startswith(b"\xef\xbb\xbfshift_uid,home_code")
    assert api.call("GET", "/exports/shifts", cast.maya).data == page.data[3:]
    assert api.call("GET", "/exports/shifts?from=never", cast.maya).status_code == 422
    assert api.call("GET", "/exports/staff", cast.dan).status_code == 403
