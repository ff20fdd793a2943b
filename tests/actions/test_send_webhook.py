"""Web hooks that workflows call, against real servers on this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.actions.send_webhook import SendWebhook
from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import Execution, ExecutionStatus, StepAttempt, StepExecution
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import BadSetting, Refused
from flowapp.messaging.destination import allowed_from
from flowapp.messaging.in_app import Notification
from flowapp.messaging.outgoing import Outgoing
from flowapp.workflows.kinds import Action, StepFailed
from tests.actions.performing import perform
from tests.cast import Cast
from tests.engine.patience import until
from tests.factories import a_document, a_workflow, leave_asked, notify, runs
from tests.unit.messaging.web_server import WebServer, web_server

KEY = bytes(range(24))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
HOOK = registries().actions["send_webhook"]


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


def hook(receiver: WebServer, **with_: Any) -> dict[str, Any]:
    """Answer a step that calls the receiver."""
    given = {"url": f"http://127.0.0.1:{receiver.port}/in"} | with_
    return {"id": "call", "type": "action", "action": "send_webhook", "with": given}


def begun(flow: Flow, cast: Cast, *steps: dict[str, Any]) -> None:
    """Start a workflow of these steps and take what is due."""
    a_workflow(flow, cast.maya, a_document(*steps), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    assert flow.worker.run_due() == 1


def ended(flow: Flow) -> bool:
    """Say whether the one execution has ended."""
    return runs(flow)[0].finished_at is not None


def went(flow: Flow, cast: Cast, *steps: dict[str, Any]) -> Execution:
    """Run a workflow of these steps to its end, and answer the run."""
    begun(flow, cast, *steps)
    assert until(lambda: ended(flow))
    return runs(flow)[0]


def called(flow: Flow, cast: Cast, receiver: WebServer, **fields: Any) -> Any:
    """Do the action alone, and answer its output as later steps read it."""
    given = hook(receiver, **fields)["with"]
    return perform(flow, "send_webhook", cast.maya, given, home_id=cast.rose).model_dump()


def test_the_call_arrives_with_its_values_in_it(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    body = {"who": "${context.staff.name}", "days": "${context.days}"}
    found = went(flow, cast, hook(receiver, body=body, headers={"X-Days": "${context.days}", "X-To": "pay roll"}))
    assert found.status == ExecutionStatus.COMPLETED
    [seen] = receiver.requests
    assert (seen.method, seen.path) == ("POST", "/in")
    assert json.loads(seen.body) == {"who": "Dan", "days": 1}
    assert seen.headers["content-type"] == "application/json"
    assert (seen.headers["x-days"], seen.headers["x-to"]) == ("1", "pay roll")


def test_a_text_is_sent_as_it_stands_under_the_name_it_is_given(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    called(flow, cast, receiver, body="<leave/>", headers={"content-TYPE": "application/xml"}, method="PUT")
    called(flow, cast, receiver, body="Grüße")
    called(flow, cast, receiver, method="GET")
    first, second, third = receiver.requests
    assert (first.method, first.body, first.headers["content-type"]) == ("PUT", b"<leave/>", "application/xml")
    assert (second.body, second.headers["content-type"]) == ("Grüße".encode(), "text/plain; charset=utf-8")
    assert (third.method, third.body, "content-type" in third.headers) == ("GET", b"", False)


def test_a_signed_call_can_be_checked_by_anybody_who_has_the_secret(
    flow: Flow, cast: Cast, receiver: WebServer
) -> None:
    found = went(flow, cast, hook(receiver, body={"days": "${context.days}"}, secret=SECRET))
    [seen] = receiver.requests
    id_, at = seen.headers["webhook-id"], seen.headers["webhook-timestamp"]
    assert id_ == "msg_" + hashlib.sha256(f"{found.id}:call".encode()).hexdigest()[:32]
    assert at == str(int(flow.clock.now().timestamp()))
    signed = hmac.new(KEY, f"{id_}.{at}.".encode() + seen.body, hashlib.sha256).digest()
    assert seen.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"
    assert seen.headers["idempotency-key"] == id_


def test_without_a_secret_the_call_has_its_id_and_no_signature(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    called(flow, cast, receiver)
    headers = receiver.requests[0].headers
    assert headers["idempotency-key"] == headers["webhook-id"]
    assert "webhook-signature" not in headers


def test_later_steps_read_the_answer(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    receiver.status, receiver.body = 201, b'{"case": {"number": 17}, "hours": 7.10}'
    receiver.headers = {"Content-Type": "application/json", "X-Queue": "rota", "Set-Cookie": "session=abc"}
    words = (
        "${steps.call.status} ${steps.call.body.case.number} ${steps.call.body.hours} ${steps.call.headers['x-queue']}"
    )
    found = went(flow, cast, hook(receiver), notify("tell", words.replace("'", '"')))
    assert found.status == ExecutionStatus.COMPLETED, found.reason
    with flow.database.read() as session:
        assert session.scalars(select(Notification.message)).one() == "201 17 7.1 rota"
        output = session.scalars(select(StepExecution.output).where(StepExecution.path == "call")).one()
    assert "set-cookie" not in output["headers"]


def test_an_answer_that_is_no_json_is_text(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    assert called(flow, cast, receiver)["body"] == "thank you"
    receiver.status, receiver.body = 204, b""
    assert called(flow, cast, receiver)["body"] is None


def test_two_attempts_carry_one_id_and_the_late_answer_is_thrown_away(
    flow: Flow, cast: Cast, receiver: WebServer, clock: FrozenClock
) -> None:
    leave, doors = threading.Event(), iter([True])

    def hold_the_first() -> None:
        if next(doors, False):
            leave.wait(8)

    receiver.before = hold_the_first
    begun(flow, cast, hook(receiver, body="hello", secret=SECRET), notify("tell", "${steps.call.status}"))
    assert until(lambda: len(receiver.requests) == 1)
    clock.advance(seconds=flow.parts.lease_seconds + 1)
    assert flow.worker.release_expired() == 1
    assert flow.worker.run_due() == 1
    assert until(lambda: ended(flow))
    leave.set()
    assert until(lambda: "thrown_away" in attempts(flow))
    first, second = (seen.headers for seen in receiver.requests)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["idempotency-key"] == second["idempotency-key"]
    assert int(second["webhook-timestamp"]) > int(first["webhook-timestamp"])
    assert first["webhook-signature"] != second["webhook-signature"]
    assert attempts(flow).count("completed") == 2  # the call and what follows, each once


def attempts(flow: Flow) -> list[str]:
    """Read the results in the log of attempts."""
    with flow.database.read() as session:
        return list(session.scalars(select(StepAttempt.result).order_by(StepAttempt.id)))


def test_while_the_other_side_takes_its_time_nothing_of_ours_stands_open(
    flow: Flow, cast: Cast, receiver: WebServer
) -> None:
    none_open: list[bool] = []
    pools = (flow.database.reader.pool, flow.database.writer.pool)

    def none_is_open() -> bool:
        return sum(pool.checkedout() for pool in pools) == 0  # type: ignore[attr-defined]

    receiver.before = lambda: none_open.append(until(none_is_open))  # the test itself looks at the run now and then
    went(flow, cast, hook(receiver))
    assert none_open == [True]


def test_what_is_too_long_is_not_sent(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    with pytest.raises(StepFailed, match="longer than 256 KiB") as failed:
        called(flow, cast, receiver, body="x" * (256 * 1024 + 1))
    assert (failed.value.code, failed.value.retry.may_help) == ("webhook_not_sent", False)
    called(flow, cast, receiver, body="x" * 256 * 1024)
    assert len(receiver.requests) == 1


def test_the_setting_lets_the_usual_door_open(
    flow: Flow, cast: Cast, receiver: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{receiver.port}/in"
    usual = {**flow.actions, "send_webhook": SendWebhook()}
    monkeypatch.setattr(flow, "actions", usual)
    monkeypatch.setenv("FLOWAPP_OUTBOUND_ALLOW", f"127.0.0.1:{receiver.port}")
    assert perform(flow, "send_webhook", cast.maya, {"url": url}, home_id=None).model_dump()["status"] == 200
    usual["send_webhook"] = SendWebhook()
    monkeypatch.setenv("FLOWAPP_OUTBOUND_ALLOW", "")
    with pytest.raises(StepFailed, match="https"):
        perform(flow, "send_webhook", cast.maya, {"url": url}, home_id=None)
    usual["send_webhook"] = SendWebhook()
    monkeypatch.setenv("FLOWAPP_OUTBOUND_ALLOW", "127.0.0.1:99999")
    with pytest.raises(BadSetting, match="FLOWAPP_OUTBOUND_ALLOW"):
        perform(flow, "send_webhook", cast.maya, {"url": url}, home_id=None)


@pytest.mark.parametrize(
    ("with_", "word"),
    [({"method": "CONNECT"}, "method"), ({"headers": "X: y"}, "headers"), ({"adress": "https://a.org"}, "adress")],
)
def test_what_cannot_be_called_is_not_published(
    flow: Flow, cast: Cast, receiver: WebServer, with_: dict[str, Any], word: str
) -> None:
    with pytest.raises(Refused, match=word):
        a_workflow(flow, cast.maya, a_document(hook(receiver, **with_)), home_id=cast.rose)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"url": "https://hooks.example.org/T0/password?key=1"}, "Call the web hook of **hooks.example.org**"),
        ({"url": "https://me:password@hooks.example.org:8443/"}, "Call the web hook of **hooks.example.org:8443**"),
        ({"url": "https://hooks.example.org/${context.staff_id}"}, "Call the web hook of **hooks.example.org**"),
        ({"url": "https://${context.host}/x"}, "Call the web hook of **an address worked out on the way**"),
        ({}, "Call the web hook of **nobody yet**"),
        ({"url": 7}, "Call the web hook of **nobody yet**"),
    ],
)
def test_its_sentence_says_where_and_shows_no_more_of_the_address(fields: dict[str, Any], sentence: str) -> None:
    assert HOOK.sentence(fields) == sentence
