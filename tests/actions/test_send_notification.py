"""Telling people something inside FlowApp."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.user_changes import deactivate
from flowapp.bootstrap import Flow, registries
from flowapp.events.cause import SYSTEM, Cause
from flowapp.messaging.in_app import Notification
from flowapp.workflows.kinds import Effect, StepFailed
from tests.actions.performing import EXECUTION, perform
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all

SEND = registries().actions["send_notification"]


def told(flow: Flow) -> list[Notification]:
    """Read every notification."""
    with flow.database.read() as session:
        return list(session.scalars(select(Notification).order_by(Notification.id)))


def send(flow: Flow, cast: Cast, to: Any, *, home_id: int | None = None, **fields: Any) -> list[str]:
    """Tell somebody something, and answer the names of those who were told."""
    names = {each.user_id: name for name, each in vars(cast).items() if hasattr(each, "user_id")}
    home = cast.rose if home_id is None else home_id
    output = perform(
        flow, "send_notification", cast.maya, {"to": to, "message": "Look", **fields}, home_id=home or None
    )
    found = told(flow)
    assert output.model_dump() == {"notification_ids": [each.id for each in found]}
    return sorted(names[each.user_id] for each in found)


def test_a_notification_says_what_it_is_told_and_where_it_comes_from(flow: Flow, cast: Cast) -> None:
    send(flow, cast, "dan@example.org", message="Tea is ready", title="Tea", link="/leave/1/")
    [found] = told(flow)
    assert (found.title, found.message, found.link) == ("Tea", "Tea is ready", "/leave/1/")
    assert (found.care_home_id, found.created_at, found.read_at) == (cast.rose, flow.clock.now(), None)
    assert (found.execution_id, found.step_path) == (EXECUTION, "c.then.it")


def test_without_a_title_it_has_the_workflows_name_and_without_a_link_none(flow: Flow, cast: Cast) -> None:
    send(flow, cast, "manager")
    [found] = told(flow)
    assert (found.title, found.link) == ("Tea at three", None)


EVERYWHERE = 0  # a run of the organisation, in no home
WHOM = [
    # whom, in Rose House (None) or in no home, who is told
    ("manager", None, ["maya"]),
    ("manager", EVERYWHERE, ["erin", "maya"]),
    ("senior", None, ["sorcha"]),
    ("hr", None, ["hana"]),  # answers for every home
    ("admin", None, ["ada"]),
    ("vic@example.org", None, ["vic"]),  # an address may be anywhere
    ("DAN@Example.org", None, ["dan"]),
    (["manager", "senior"], None, ["maya", "sorcha"]),
    (["manager", "maya@example.org"], None, ["maya"]),  # each once
]


@pytest.mark.parametrize(("to", "home", "expected"), WHOM, ids=[f"{row[0]}-{row[1]}" for row in WHOM])
def test_whom_it_is_for(flow: Flow, cast: Cast, to: Any, home: int | None, expected: list[str]) -> None:
    assert send(flow, cast, to, home_id=home) == expected


def test_a_staff_number_is_the_person(flow: Flow, cast: Cast) -> None:
    assert send(flow, cast, [cast.sorcha.staff_id, "manager", cast.dan.staff_id]) == ["dan", "maya", "sorcha"]


NOBODY = [
    ("nobody@example.org", "unknown_recipient"),
    ("maneger", "unknown_recipient"),
    ("", "unknown_recipient"),
    ("staff", "unknown_recipient"),  # everybody in the home: too many to be meant
    (4711, "unknown_recipient"),
    (["manager", 4711], "unknown_recipient"),
    ("regional", "nobody_to_tell"),  # there is none
    ([], "nobody_to_tell"),
]


@pytest.mark.parametrize(("to", "code"), NOBODY, ids=[str(row[0]) for row in NOBODY])
def test_when_somebody_is_not_there_the_step_says_so_and_tells_nobody(
    flow: Flow, cast: Cast, to: Any, code: str
) -> None:
    with pytest.raises(StepFailed) as raised:
        send(flow, cast, to)
    assert raised.value.code == code
    assert told(flow) == []


def test_somebody_whose_account_is_closed_is_not_told(flow: Flow, cast: Cast) -> None:
    def close(session: Session) -> None:
        deactivate(session, Cause(actor=SYSTEM, at=flow.clock.now()), cast.dan.user_id)

    flow.database.write(close)
    for to in ("dan@example.org", cast.dan.staff_id):
        with pytest.raises(StepFailed):
            send(flow, cast, to)


BAD = [
    {},
    {"to": "manager"},  # no message
    {"to": "manager", "message": ""},
    {"to": "manager", "message": "x" * 2001},
    {"to": "manager", "message": "x", "title": "x" * 121},
    {"to": {"role": "manager"}, "message": "x"},
    {"to": None, "message": "x"},
    {"to": "manager", "message": "x", "link": "https://evil.example/"},
    {"to": "manager", "message": "x", "link": "javascript:alert(1)"},
    {"to": "manager", "message": "x", "link": "leave/1/"},
    {"to": "manager", "message": "x", "cc": "hr"},  # no such field
]


@pytest.mark.parametrize("fields", BAD, ids=[str(row)[:60] for row in BAD])
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SEND.Fields.model_validate(fields)


@pytest.mark.parametrize("link", ["//evil.example/", "/\\evil.example/", "/\t/evil.example/"])
def test_a_link_never_leads_to_another_site(link: str) -> None:
    with pytest.raises(ValidationError):
        SEND.Fields.model_validate({"to": "manager", "message": "x", "link": link})


def test_a_message_may_be_a_number_alone(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(notify("tell", "${context.hours}")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert [each.message for each in told(flow)] == ["7.5"]


def test_it_changes_our_own_database_alone() -> None:
    assert SEND.effect is Effect.DB


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"to": "manager", "message": "Look"}, "Notify **the manager**: Look"),
        ({"to": "manager", "message": "Look", "title": "Tea"}, "Notify **the manager**: Tea"),
        ({"to": "hr", "message": "Look"}, "Notify **HR**: Look"),
        ({"to": ["manager", "senior"], "message": "Look"}, "Notify **the manager and the seniors**: Look"),
        ({"to": "${context.staff_id}", "message": "Look"}, "Notify **the person**: Look"),
        ({"to": "dan@example.org", "message": "Look"}, "Notify **dan@example.org**: Look"),
        ({}, "Notify **nobody yet**: "),  # not filled in yet
    ],
)
def test_its_sentence(fields: dict[str, Any], sentence: str) -> None:
    assert SEND.sentence(fields) == sentence


@pytest.mark.parametrize("fields", [{"to": 5, "message": 7}, {"to": {"a": 1}, "message": None}, {"to": [None, ["x"]]}])
def test_its_sentence_survives_what_makes_no_sense(fields: dict[str, Any]) -> None:
    assert SEND.sentence(fields).startswith("Notify ")
