"""The list of runs."""

from __future__ import annotations

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.events.outbox import record
from flowapp.web.executions.pages import PER_PAGE
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, leave_asked, leave_event, notify, run_all
from tests.support.page import PageClient
from tests.support.visitors import sign_in

RUNS = "/workflows/executions/"


@pytest.fixture
def some(flow: Flow, cast: Cast) -> None:
    """Two workflows of Rose House, one of which stops, run for Dan and for Sorcha."""
    a_workflow(flow, cast.maya, a_document(notify("tell"), name="Tell the manager"), home_id=cast.rose)
    a_workflow(flow, cast.sorcha, a_document(approve(), name="Approve at once"), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.sorcha)
    run_all(flow)


def shown(page: PageClient) -> list[tuple[str, str]]:
    """Answer the workflow and the starter of each row."""
    rows = page.soup.select("#results tbody tr")
    return [(_cell(row, "Workflow"), _cell(row, "Started by")) for row in rows]


def _cell(row: object, label: str) -> str:
    found = row.select_one(f'[data-label="{label}"]')  # type: ignore[attr-defined]
    assert found is not None, f"a cell says that it is {label!r}"
    return " ".join(found.get_text(" ").split()).removeprefix(label).strip()


@pytest.mark.usefixtures("some")
def test_the_newest_come_first_with_why_they_came_out_so(as_maya: PageClient) -> None:
    as_maya.get(RUNS)
    assert [starter for _, starter in shown(as_maya)] == ["Sorcha", "Sorcha", "Dan", "Dan"]
    assert "4 runs." in as_maya.text
    assert "Failed" in as_maya.text
    assert "Done" in as_maya.text
    assert "Completed" not in as_maya.text  # one word for it, on labels and among the filters


@pytest.mark.usefixtures("some")
def test_a_carer_sees_that_things_ran_and_not_for_whom(as_dan: PageClient) -> None:
    answer = as_dan.get(RUNS)
    assert [starter for _, starter in shown(as_dan)] == ["a colleague", "a colleague", "Dan", "Dan"]
    assert "Sorcha" not in answer.text
    assert "sorcha" not in answer.text


@pytest.mark.usefixtures("some")
def test_an_outsider_sees_none_of_them(as_vic: PageClient) -> None:
    as_vic.get(RUNS)
    assert shown(as_vic) == []
    assert "No runs yet" in as_vic.text
    assert "Tell the manager" not in as_vic.text  # not among the filters either


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("status=failed", 2),
        ("status=completed", 2),
        ("status=running", 0),
        ("workflow=1", 2),
        ("workflow=1&status=failed", 0),
        ("q=dan", 2),
        ("q=APPROVE", 2),
        ("q=%25", 0),
        ("q=&status=&workflow=", 4),
        ("status=nonsense", 4),  # as if nothing was chosen
        ("workflow=nonsense", 4),
    ],
)
def test_the_filters_find_runs_and_the_fragment_finds_the_same(as_maya: PageClient, query: str, number: int) -> None:
    as_maya.get(f"{RUNS}?{query}")
    assert len(shown(as_maya)) == number
    whole = as_maya.text
    as_maya.fragment(f"{RUNS}?{query}")
    assert len(as_maya.soup.select("tbody tr")) == number
    assert as_maya.text in whole


@pytest.mark.usefixtures("some")
def test_the_filters_keep_what_was_chosen(as_maya: PageClient) -> None:
    as_maya.get(f"{RUNS}?status=failed&workflow=2&q=a%22%3E%3Cb")
    assert as_maya.soup.select_one("select[name=status] option[value=failed][selected]") is not None
    assert as_maya.soup.select_one('select[name=workflow] option[value="2"][selected]') is not None
    search = as_maya.soup.select_one("input[name=q]")
    assert search is not None
    assert search["value"] == 'a"><b'
    assert "No runs match" in as_maya.text
    assert as_maya.soup.select_one(f'#results a[href="{RUNS}"]') is not None  # the way out


@pytest.mark.usefixtures("some")
def test_a_carer_finds_out_no_name_by_searching(as_dan: PageClient) -> None:
    as_dan.get(f"{RUNS}?q=sorcha")
    assert shown(as_dan) == []


def test_many_runs_come_a_page_at_a_time(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    at = flow.clock.now()
    flow.database.write(
        lambda session: (
            [record(session, leave_event(cast.dan, at, home_id=cast.rose, request_id=n)) for n in range(PER_PAGE + 5)]
            and None
        )
    )
    as_maya.get(RUNS)
    assert len(shown(as_maya)) == PER_PAGE
    assert f"{PER_PAGE + 5} runs." in as_maya.text
    older = [str(a["href"]) for a in as_maya.soup.select("#results a") if "before=" in str(a["href"])]
    assert len(set(older)) == 1
    as_maya.get(older[0])
    assert len(shown(as_maya)) == 5
    assert not [a for a in as_maya.soup.select("#results a") if "before=" in str(a["href"])]


def test_it_needs_somebody_to_be_signed_in(page: PageClient) -> None:
    assert page.get(RUNS, status=303).headers["Location"] == f"/sign-in?next={RUNS}"


@pytest.mark.parametrize("name", ["dan", "vic", "hana", "ada"])
def test_everybody_may_look_at_the_list(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    sign_in(app, flow, getattr(cast, name)).get(RUNS)


@pytest.mark.usefixtures("some")
def test_failed_runs_are_counted_in_the_frame_for_those_who_run_workflows(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient, as_dan: PageClient
) -> None:
    def counted(page: PageClient) -> str:
        page.get("/account")
        place = page.soup.select_one(f'nav a[href="{RUNS}"]')
        assert place is not None
        return " ".join(place.get_text(" ").split())

    assert counted(as_maya) == "Runs 2"
    assert counted(as_dan) == "Runs"


@pytest.mark.usefixtures("some")
def test_each_run_says_when_for_people_and_for_programs(as_maya: PageClient) -> None:
    as_maya.get(RUNS)
    moment = as_maya.soup.select_one("#results time")
    assert moment is not None
    assert str(moment["datetime"]).startswith("2026-11-23T09:00")
