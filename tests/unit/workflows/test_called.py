"""The workflows that a document starts: found by number and by uid, named for those who may see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.workflows.called import names_in, unknown_in
from flowapp.workflows.check import check_document
from flowapp.workflows.reading import read_document
from flowapp.workflows.workflow import Workflow
from tests.cast import Cast
from tests.factories import a_document, a_workflow, condition, notify

NOBODYS = "01KAR1SVSF0000000000000000"


def a_named(flow: Flow, cast: Cast, name: str, home: int | None) -> tuple[int, str]:
    """Write a workflow, and answer its number and its uid."""
    number = a_workflow(flow, cast.ada, a_document(name=name), home_id=home)
    with flow.database.read() as session:
        return number, session.scalars(select(Workflow.uid).where(Workflow.id == number)).one()


def starting(*called: Any) -> dict[str, Any]:
    """Answer a document that starts these, the first of them inside a condition."""
    first, *others = [{"id": f"s{n}", "type": "workflow", "workflow": each} for n, each in enumerate(called)]
    return a_document(condition("c", "${context.days} > 1", then=[first]), *others)


def test_they_are_called_by_their_names(flow: Flow, cast: Cast) -> None:
    one, two = a_named(flow, cast, "One", cast.rose), a_named(flow, cast, "Two", None)
    document = read_document(starting(one[0], two[1]))
    with flow.database.read() as session:
        found = names_in(session, cast.maya, document)
    assert (found[one[0]], found[two[1]]) == ("One", "Two")


def test_the_names_of_another_homes_are_kept_from_who_may_not_see_them(flow: Flow, cast: Cast) -> None:
    number, _ = a_named(flow, cast, "Elm only", cast.elm)
    document = read_document(starting(number))
    with flow.database.read() as session:
        assert names_in(session, cast.maya, document) == {}
        assert names_in(session, cast.erin, document)[number] == "Elm only"


def test_those_that_do_not_exist_are_odd_and_hinder_nothing(flow: Flow, cast: Cast) -> None:
    number, uid = a_named(flow, cast, "One", cast.rose)
    document = read_document(starting(99, NOBODYS, number, uid))
    with flow.database.read() as session:
        lost = unknown_in(session, document)
        assert unknown_in(session, read_document(a_document(notify("n")))) == set()
    assert lost == {99, NOBODYS}
    found = check_document(document, actions=flow.actions, triggers=flow.triggers, unknown=lost)
    assert found.problems == ()
    assert [(each.path, each.code) for each in found.warnings] == [
        ("steps[0].then[0].workflow", "unknown_workflow"), ("steps[1].workflow", "unknown_workflow"),
    ]  # fmt: skip
    assert a_workflow(flow, cast.maya, starting(99), home_id=cast.rose)  # publishing goes on
