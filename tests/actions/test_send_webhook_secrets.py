"""The secrets of web hooks: sent, and shown nowhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import inspect, text

from flowapp.actions.send_webhook import SendWebhook
from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.failing import failure_of
from flowapp.messaging.destination import allowed_from
from flowapp.messaging.outgoing import Outgoing
from flowapp.workflows.kinds import COVER, Action, StepFailed
from tests.actions.performing import perform
from tests.cast import Cast
from tests.engine.patience import until
from tests.factories import a_document, a_workflow, leave_asked, runs
from tests.unit.messaging.web_server import WebServer, web_server

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CANARY = "MfKQ9r8GKYqrTwjUPD8I"
TOKEN = "Bearer canary-of-the-pay-office"


@pytest.fixture
def receiver() -> Iterator[WebServer]:
    """A program that takes web hooks."""
    with web_server() as running:
        yield running


@pytest.fixture
def actions(receiver: WebServer) -> Mapping[str, Action]:
    """The real kinds of action, with the one door let open to the receiver."""
    door = Outgoing(allow=allowed_from(f"127.0.0.1:{receiver.port}"))
    return {**registries().actions, "send_webhook": SendWebhook(door)}


def ran(flow: Flow, cast: Cast, receiver: WebServer, **with_: Any) -> ExecutionStatus:
    """Run a workflow that calls the receiver with secrets, and answer how it ended."""
    given = {"url": f"http://127.0.0.1:{receiver.port}/in", "secret": SECRET, "headers": {"Authorization": TOKEN}}
    step = {"id": "call", "type": "action", "action": "send_webhook", "with": given | with_}
    a_workflow(flow, cast.maya, a_document(step), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    flow.worker.run_due()
    assert until(lambda: runs(flow)[0].finished_at is not None)
    return ExecutionStatus(runs(flow)[0].status)


def tables_with(flow: Flow, *words: str) -> set[str]:
    """Name the tables of the whole database in which one of these words stands."""
    found = set()
    with flow.database.reader.connect() as connection:
        for name in inspect(connection).get_table_names():
            rows = str(connection.execute(text(f'SELECT * FROM "{name}"')).all())
            if any(word in rows for word in words):
                found.add(name)
    return found


@pytest.mark.parametrize("status", [200, 404])
def test_only_the_version_has_the_secrets_in_it(flow: Flow, cast: Cast, receiver: WebServer, status: int) -> None:
    receiver.status = status
    ran(flow, cast, receiver)
    assert receiver.requests[0].headers["authorization"] == TOKEN
    assert tables_with(flow, CANARY, TOKEN) == {"workflow_version"}


@pytest.mark.parametrize("with_", [{"body": "${1 / (context.days - 1)}"}, {"url": "${context.staff}"}])
def test_only_the_version_has_them_when_the_step_could_not_begin(
    flow: Flow, cast: Cast, receiver: WebServer, with_: dict[str, Any]
) -> None:
    assert ran(flow, cast, receiver, **with_) == ExecutionStatus.FAILED
    assert receiver.requests == []
    assert tables_with(flow, CANARY, TOKEN) == {"workflow_version"}


def test_fields_are_covered_by_name_and_the_rest_is_kept() -> None:
    fields = {"url": "https://example.org/", "headers": {"X-A": "a", "X-B": None}, "secret": SECRET, "body": {"a": 1}}
    shown = registries().actions["send_webhook"].covered(fields)
    assert shown == fields | {"headers": {"X-A": COVER, "X-B": None}, "secret": COVER}
    assert fields["secret"] == SECRET
    assert registries().actions["send_email"].covered({"secret": "tea"}) == {"secret": "tea"}


@pytest.mark.parametrize("name", ["secret", "headers"])
def test_whatever_stands_where_a_secret_belongs_is_covered(name: str) -> None:
    action = registries().actions["send_webhook"]
    assert action.covered({name: [SECRET]}) == {name: COVER}
    assert SECRET not in str(action.covered({name: {"a": {"b": [SECRET]}}}))


def test_nobody_who_prints_or_logs_a_call_sees_its_secrets(
    flow: Flow, cast: Cast, receiver: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given = {"url": f"http://127.0.0.1:{receiver.port}/", "secret": SECRET, "headers": {"Authorization": TOKEN}}
    perform(flow, "send_webhook", cast.maya, given, home_id=None)
    assert receiver.requests[0].headers["authorization"] == TOKEN
    fields = flow.actions["send_webhook"].Fields.model_validate(given)
    shown = f"{fields!r} {fields} {caplog.text} {flow.actions['send_webhook'].sentence(given)}"
    assert CANARY not in shown
    assert TOKEN not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": ["whsec_" + CANARY]},
        {"secret": {"key": CANARY}},
        {"secret": CANARY, "method": "NO"},
        {"headers": CANARY},
        {"headers": {"X-A": [CANARY]}},
        {"secrets": CANARY},
    ],
)
def test_a_value_that_does_not_fit_is_not_quoted(flow: Flow, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        flow.actions["send_webhook"].Fields.model_validate({"url": "https://example.org/"} | wrong)
    failure = failure_of(refused.value)
    assert CANARY not in failure.error.message
    assert CANARY not in failure.trace


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": CANARY},  # no secret of Standard Webhooks
        {"secret": ""},
        {"headers": {"Authorization": f" {CANARY}"}},  # refused by what writes the call down, which quotes it
        {"headers": {"Authorization": f"{CANARY}\r\nX: y"}},
        {"headers": {"Authorization": f"{CANARY}ł"}},
    ],
)
def test_a_secret_that_cannot_be_sent_is_neither_sent_nor_quoted(
    flow: Flow, cast: Cast, receiver: WebServer, wrong: dict[str, Any]
) -> None:
    given = {"url": f"http://127.0.0.1:{receiver.port}/"} | wrong
    with pytest.raises(StepFailed) as failed:
        perform(flow, "send_webhook", cast.maya, given, home_id=None)
    assert failed.value.code == "webhook_not_sent"
    assert CANARY not in failed.value.message
    assert CANARY not in failure_of(failed.value).trace
    assert receiver.requests == []


def test_a_secret_that_turns_out_to_be_nothing_sends_no_call_without_a_signature(
    flow: Flow, cast: Cast, receiver: WebServer
) -> None:
    with pytest.raises(ValidationError, match="without a signature"):
        perform(flow, "send_webhook", cast.maya, {"url": "https://example.org/", "secret": None}, home_id=None)


def test_an_answer_that_is_no_success_is_kept_from_the_words(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    receiver.status, receiver.body = 500, CANARY.encode()  # what it says may repeat what it was sent
    with pytest.raises(StepFailed) as failed:
        perform(flow, "send_webhook", cast.maya, {"url": f"http://127.0.0.1:{receiver.port}/"}, home_id=None)
    assert CANARY not in failure_of(failed.value).trace
