"""What pages and API learn about executions: only those of one's homes, and nobody else's data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine import queries
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.queries import ExecutionDetail, Filters
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import NotFound
from tests.cast import Cast
from tests.engine.made_actions import do
from tests.engine.test_manual_start import by_hand, start
from tests.factories import a_document, a_workflow, condition, leave_asked, notify, run_all, runs

ANY = Filters()


@pytest.fixture
def three_homes_worth(flow: Flow, cast: Cast) -> dict[str, int]:
    """Runs about Dan and Sorcha in Rose House and about Vic in Elm House; answers their numbers."""
    a_workflow(flow, cast.maya, a_document(notify("tell"), name="Rose 100% workflow"), home_id=cast.rose)
    a_workflow(flow, cast.erin, a_document(do("explode", "x"), name="Elm_workflow"), home_id=cast.elm)
    for who in (cast.dan, cast.vic, cast.sorcha):
        leave_asked(flow, who)
    run_all(flow)
    return {each.started_by: each.id for each in runs(flow)}


def seen(flow: Flow, who: Person, filters: Filters = ANY, **given: Any) -> list[str]:
    """Answer by whom the executions were started that somebody sees, the newest first."""
    with flow.database.read() as session:
        rows = queries.executions(session, who, filters, limit=given.pop("limit", 50), **given)
        assert queries.count(session, who, filters) >= len(rows)
        return [row.execution.started_by for row in rows]


@pytest.mark.usefixtures("three_homes_worth")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dan", ["Sorcha", "Dan"]),  # everybody sees the list of their home
        ("maya", ["Sorcha", "Dan"]),
        ("vic", ["Vic"]),
        ("erin", ["Vic"]),
        ("hana", ["Sorcha", "Vic", "Dan"]),
        ("ada", ["Sorcha", "Vic", "Dan"]),
    ],
)
def test_one_sees_the_executions_of_ones_homes_the_newest_first(
    flow: Flow, cast: Cast, name: str, expected: list[str]
) -> None:
    assert seen(flow, getattr(cast, name)) == expected


@pytest.mark.parametrize(
    ("name", "about", "masked"),
    [
        ("dan", "Dan", False),  # one's own
        ("dan", "Sorcha", True),
        ("sorcha", "Dan", False),  # a senior leads the home
        ("maya", "Dan", False),
        ("hana", "Dan", False),
        ("ada", "Vic", False),
    ],
)
def test_a_carer_learns_nothing_about_the_others(
    flow: Flow, cast: Cast, three_homes_worth: dict[str, int], name: str, about: str, masked: bool
) -> None:
    with flow.database.read() as session:
        rows = queries.executions(session, getattr(cast, name), ANY, limit=50)
        [row] = [row for row in rows if row.execution.id == three_homes_worth[about]]
        assert row.masked is masked
        assert (row.reason is None) is (masked or row.execution.reason is None)
        assert queries.detail(session, getattr(cast, name), row.execution.id).masked is masked


def test_an_execution_about_nobody_is_masked_for_carers_too(flow: Flow, cast: Cast) -> None:

    made = a_workflow(flow, cast.maya, by_hand(), home_id=cast.rose)
    number = start(flow, cast.maya, made)
    with flow.database.read() as session:
        assert queries.detail(session, cast.dan, number).masked
        assert not queries.detail(session, cast.maya, number).masked


@pytest.mark.parametrize("name", ["vic", "erin"])
def test_an_execution_of_another_home_is_said_to_be_none(
    flow: Flow, cast: Cast, three_homes_worth: dict[str, int], name: str
) -> None:
    with flow.database.read() as session, pytest.raises(NotFound):
        queries.detail(session, getattr(cast, name), three_homes_worth["Dan"])


def test_an_execution_that_does_not_exist_is_said_to_be_none(flow: Flow, cast: Cast) -> None:
    with flow.database.read() as session, pytest.raises(NotFound):
        queries.detail(session, cast.ada, 999)


@pytest.mark.usefixtures("three_homes_worth")
def test_they_are_found_by_workflow_and_by_status(flow: Flow, cast: Cast) -> None:
    rose, elm = {each.workflow_id for each in runs(flow) if each.home_id == cast.rose}.pop(), 2
    assert seen(flow, cast.hana, Filters(workflow_id=rose)) == ["Sorcha", "Dan"]
    assert seen(flow, cast.hana, Filters(workflow_id=elm)) == ["Vic"]
    assert seen(flow, cast.hana, Filters(status=ExecutionStatus.FAILED)) == ["Vic"]
    assert seen(flow, cast.hana, Filters(status=ExecutionStatus.WAITING)) == []
    assert seen(flow, cast.maya, Filters(workflow_id=elm)) == []  # another home's workflow


@pytest.mark.usefixtures("three_homes_worth")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rose", ["Sorcha", "Dan"]),  # the case does not matter
        ("Elm", ["Vic"]),
        ("sorcha", ["Sorcha"]),  # who started it
        ("100%", ["Sorcha", "Dan"]),
        ("%", ["Sorcha", "Dan"]),  # a per cent sign, not "anything"
        ("_", ["Vic"]),  # an underscore, not "any one letter"
        ("R_se", []),
        ("\\", []),
        ("' OR 1=1 --", []),
        ("", ["Sorcha", "Vic", "Dan"]),
    ],
)
def test_a_search_takes_every_letter_for_itself(flow: Flow, cast: Cast, text: str, expected: list[str]) -> None:
    assert seen(flow, cast.hana, Filters(text=text)) == expected


@pytest.mark.usefixtures("three_homes_worth")
def test_a_search_finds_nothing_by_what_one_may_not_see(flow: Flow, cast: Cast) -> None:
    assert seen(flow, cast.dan, Filters(text="Sorcha")) == []


@pytest.mark.usefixtures("three_homes_worth")
def test_ones_own_are_found_by_ones_own_name(flow: Flow, cast: Cast) -> None:
    assert seen(flow, cast.dan, Filters(text="dan")) == ["Dan"]


def test_they_are_found_by_when_they_began(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    begin = clock.now()
    for hour in range(3):
        leave_asked(flow, cast.dan, start=date(2026, 12, 7 + hour))
        clock.advance(hours=1)
    since, until = begin + timedelta(hours=1), begin + timedelta(hours=2)
    with flow.database.read() as session:
        rows = queries.executions(session, cast.maya, Filters(since=since, until=until), limit=9)
    assert [row.execution.created_at for row in rows] == [since]  # from `since` on, before `until`


def test_they_come_a_page_at_a_time_without_gaps_or_doubles(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    days = [day for day in range(1, 19) if date(2026, 12, day).weekday() < 5][:7]
    for day in days:
        leave_asked(flow, cast.dan, start=date(2026, 12, day))
    found, before = [], None
    with flow.database.read() as session:
        while page := queries.executions(session, cast.maya, ANY, limit=3, before=before):
            found += [row.execution.id for row in page]
            before = found[-1]
        assert queries.count(session, cast.maya, ANY) == 7
    assert found == sorted(found, reverse=True)
    assert len(found) == 7


@pytest.mark.usefixtures("three_homes_worth")
def test_failed_ones_are_counted_in_ones_homes_only(flow: Flow, cast: Cast) -> None:
    with flow.database.read() as session:
        assert queries.count_attention(session, cast.maya) == 0
        assert queries.count_attention(session, cast.erin) == 1
        assert queries.count_attention(session, cast.hana) == 1


def detail(flow: Flow, who: Person, number: int) -> ExecutionDetail:
    """Answer one execution."""
    with flow.database.read() as session:
        return queries.detail(session, who, number)


def test_the_detail_tells_every_step_the_ways_not_taken_too(flow: Flow, cast: Cast) -> None:
    document = a_document(condition("c", "${context.days} <= 3", then=[notify("a")], else_=[notify("b")]), notify("z"))
    a_workflow(flow, cast.maya, document, home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    found = detail(flow, cast.maya, runs(flow)[0].id)
    assert [(row.path, row.row is not None) for row in found.steps] == [
        ("c", True), ("c.then.a", True), ("c.else.b", False), ("z", True),
    ]  # fmt: skip
    assert found.document.as_data() == document
    assert found.duration == timedelta(0)


@pytest.mark.parametrize(("name", "traces"), [("ada", True), ("hana", False), ("erin", False)])
def test_only_the_administrator_sees_where_in_the_code_it_went_wrong(
    flow: Flow, cast: Cast, three_homes_worth: dict[str, int], name: str, traces: bool
) -> None:
    found = detail(flow, getattr(cast, name), three_homes_worth["Vic"])
    assert found.traces is traces
    assert found.steps[0].attempts[0].result == "failed"


def test_what_one_record_started_is_listed_for_those_who_may_see_it(
    flow: Flow, cast: Cast, three_homes_worth: dict[str, int]
) -> None:
    with flow.database.read() as session:
        [row] = queries.about(session, cast.maya, "leave_request", 1)
        assert row.execution.id == three_homes_worth["Dan"]
        assert queries.about(session, cast.erin, "leave_request", 1) == []


@pytest.mark.usefixtures("three_homes_worth")
def test_executions_under_way_are_told_from_those_that_have_ended(flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan, start=date(2026, 12, 9))
    *ended, live = [each.id for each in runs(flow)]
    with flow.database.read() as session:
        assert queries.settled(session, ended)
        assert queries.settled(session, [])
        assert not queries.settled(session, [*ended, live])
