"""The pages on which lists are brought in."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.exchange.csv_import import CsvImport, ImportStatus
from flowapp.rota.staff import Staff
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import Api, sign_in

GOOD = "employee_no,name,email,role,start_date\nR-14,Anna Boyd,anna@example.org,Carer,2026-12-01\n"
BAD = "R-15,Ben,no address,Carer,2026-12-01\n"


def bring_in(page: PageClient, text: str | bytes, kind: str = "staff") -> str:
    """Send a file, and answer where the browser is led."""
    page.get("/settings/import/")
    data = text if isinstance(text, bytes) else text.encode()
    file = (io.BytesIO(data), "staff.csv")
    answer = page.post("/settings/import/", {"kind": kind, "file": file}, content_type="multipart/form-data")
    return str(answer.headers.get("Location", ""))


def names(flow: Flow) -> set[str]:
    """Read who is known."""
    with flow.database.read() as session:
        return set(session.scalars(select(Staff.name)))


def test_a_list_is_looked_at_and_then_imported(as_maya: PageClient, flow: Flow) -> None:
    where = bring_in(as_maya, GOOD)
    as_maya.get(where)
    assert "Nothing is written yet" in as_maya.text
    assert "Import 1 row" in as_maya.text
    assert "2 Add R-14 Anna Boyd" in as_maya.text
    assert "Anna Boyd" not in names(flow)

    as_maya.post(f"{where}start", status=303)
    as_maya.get(where)

    assert "1 row imported." in as_maya.text
    assert "Anna Boyd" in names(flow)
    as_maya.get("/settings/import/")
    assert "staff.csv" in as_maya.text


def test_bad_rows_are_shown_and_left_out_only_when_somebody_says_so(as_maya: PageClient, flow: Flow) -> None:
    where = bring_in(as_maya, GOOD + BAD)
    as_maya.get(where)
    assert "3 email Write an email address such as name@example.org." in as_maya.text
    as_maya.post(f"{where}start", status=409)
    assert "nothing was written" in as_maya.text
    assert "Anna Boyd" not in names(flow)

    as_maya.post(f"{where}start", {"only_good": "yes"}, status=303)
    as_maya.get(where)

    assert "1 row imported." in as_maya.text
    assert "Anna Boyd" in names(flow)


def test_a_list_that_is_under_way_says_how_far_it_is(as_maya: PageClient, flow: Flow) -> None:
    where = bring_in(as_maya, GOOD)

    def under_way(session: Session) -> None:
        job = session.scalars(select(CsvImport)).one()
        job.status, job.position, job.counts = ImportStatus.WRITING, 0, {}

    flow.database.write(under_way)
    as_maya.get(where)
    assert "0 of 1 row done. You can leave this page" in as_maya.text
    assert as_maya.soup.select_one("#progress[hx-trigger=poll]")
    flow.tick().mails.result()
    flow.imports.look().result()
    as_maya.fragment(where)
    assert "Imported" not in as_maya.text  # the part alone
    assert "1 row imported." in as_maya.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "has no rows"),
        (b"\xff\xfe", "not in UTF-8"),
        (b"a\0b\n1", "NUL"),
        (b"name\nAnna", "has no column"),
        (b"employee_no\n" + b"9\n" * 10_001, "more than 10,000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words(as_maya: PageClient, data: bytes, words: str) -> None:
    bring_in(as_maya, data)
    assert words in as_maya.text
    assert str(as_maya.soup.title.get_text()).startswith("Error: ")


def test_hr_brings_in_staff_and_leave_but_no_shifts(app: Flask, flow: Flow, cast: Cast) -> None:
    hana = sign_in(app, flow, cast.hana)
    hana.get("/settings/import/")
    assert [option["value"] for option in hana.soup.select("#kind option")] == ["staff", "leave"]
    hana.post("/settings/import/", {"kind": "shifts", "text": "date,start,end\n2026-12-07,08:00,20:00"}, status=403)


def test_a_program_brings_a_list_in(api: Api, cast: Cast, flow: Flow) -> None:
    sent = {"kind": "staff", "text": GOOD + BAD}
    made = api.call("POST", "/imports", cast.maya, sent, **{"Idempotency-Key": "a"})
    assert made.status_code == 201
    body = made.json
    assert (body["status"], body["added"], body["bad"], body["faults"][0]["line"]) == ("checked", 1, 1, 3)
    assert api.call("POST", "/imports", cast.maya, sent, **{"Idempotency-Key": "a"}).json["id"] == body["id"]

    start = f"/imports/{body['id']}/start"
    assert api.call("POST", start, cast.maya, {}).status_code == 409
    done = api.call("POST", start, cast.maya, {"only_good": True})
    assert (done.status_code, done.json["status"], done.json["added"]) == (200, "done", 1)
    assert "Anna Boyd" in names(flow)
    assert api.call("GET", f"/imports/{body['id']}", cast.erin).status_code == 404
    assert api.call("POST", "/imports", cast.dan, sent).status_code == 403
    assert api.call("POST", "/imports", cast.maya, {"kind": "staff", "text": "a\0b"}).status_code == 422
    assert api.call("POST", "/imports", cast.maya, sent, scopes=("read",)).status_code == 403
