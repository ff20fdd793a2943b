"""Web hooks that are slow, broken, hostile, or not to be called at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import pytest

from flowapp.actions.send_webhook import SendWebhook
from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import ExecutionStatus
from flowapp.engine.failing import failure_of
from flowapp.messaging.destination import allowed_from
from flowapp.messaging.outgoing import Limits, Outgoing
from flowapp.workflows.kinds import Action, Retry, StepFailed
from tests.actions.performing import perform
from tests.cast import Cast
from tests.engine.patience import until
from tests.factories import a_document, a_workflow, leave_asked, notify, runs
from tests.unit.messaging.web_server import WebServer, dripping_server, resetting_server, web_server

PATIENT = Limits(connect_seconds=10, read_seconds=20, total_seconds=30, most_bytes=4096)
HASTY = Limits(connect_seconds=0.5, read_seconds=0.3, total_seconds=0.6, most_bytes=4096)


@pytest.fixture
def receiver() -> Iterator[WebServer]:
    """A program that takes web hooks."""
    with web_server() as running:
        yield running


@pytest.fixture
def actions() -> Mapping[str, Action]:
    """The real kinds of action; a test opens the door it needs."""
    return dict(registries().actions)


def failed(flow: Flow, cast: Cast, port: int, url: str = "", *, limits: Limits = PATIENT, **fields: Any) -> StepFailed:
    """Do the action with a door that is open to this port only, and answer how it failed."""
    door = SendWebhook(Outgoing(allow=allowed_from(f"127.0.0.1:{port}"), limits=limits))
    given = {"url": url or f"http://127.0.0.1:{port}/in"} | fields
    flow.actions = {**flow.actions, "send_webhook": door}
    with pytest.raises(StepFailed) as failure:
        perform(flow, "send_webhook", cast.maya, given, home_id=cast.rose)
    return failure.value


@pytest.mark.parametrize(
    ("status", "headers", "code", "retry"),
    [
        (301, {"Location": "http://127.0.0.1:1/"}, "webhook_refused", Retry()),
        (400, {}, "webhook_refused", Retry()),
        (401, {"Retry-After": "5"}, "webhook_refused", Retry()),  # asking again later would not help
        (404, {}, "webhook_refused", Retry()),
        (410, {}, "webhook_refused", Retry()),
        (422, {}, "webhook_refused", Retry()),
        (425, {}, "webhook_refused", Retry()),
        (408, {}, "webhook_failed", Retry(may_help=True)),
        (429, {"Retry-After": "120"}, "webhook_failed", Retry(may_help=True, after=timedelta(minutes=2))),
        (500, {}, "webhook_failed", Retry(may_help=True)),
        (
            503,
            {"Retry-After": "Mon, 23 Nov 2026 09:10:00 GMT"},  # ten minutes from the clock of these tests
            "webhook_failed",
            Retry(may_help=True, after=timedelta(minutes=10)),
        ),
        (503, {"Retry-After": "soon"}, "webhook_failed", Retry(may_help=True)),
    ],
)
def test_any_answer_but_a_success_fails_and_says_whether_to_ask_again(
    flow: Flow, cast: Cast, receiver: WebServer, status: int, headers: dict[str, str], code: str, retry: Retry
) -> None:
    receiver.status, receiver.headers = status, headers
    failure = failed(flow, cast, receiver.port)
    assert (failure.code, failure.retry) == (code, retry)
    assert failure_of(failure).retry == retry
    assert failure.message.startswith("127.0.0.1 ")
    assert failure.message.endswith(".")
    assert len(receiver.requests) == 1  # redirects are not followed, and nothing is tried again by itself


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (302, "Write the address it leads to"),
        (403, "secret"),
        (404, "Check the address"),
        (422, "Check what this step"),
    ],
)
def test_the_words_say_how_to_mend_it(flow: Flow, cast: Cast, receiver: WebServer, status: int, advice: str) -> None:
    receiver.status = status
    assert advice in failed(flow, cast, receiver.port).message


def _silence() -> Iterator[bytes]:
    while True:
        yield b""


def _endless_body() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    while True:
        yield b"x"


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (partial(dripping_server, _silence, pause=0.05), "did not answer in time"),
        (partial(dripping_server, _endless_body, pause=0.05), "did not answer in time"),
        (resetting_server, "failed"),
        (partial(dripping_server, lambda: iter([b"SSH-2.0\r\n"]), pause=0.01), "failed"),
    ],
    ids=["silent", "endless", "resetting", "no HTTP"],
)
def test_no_whole_answer_fails_soon_and_may_be_asked_for_again(
    flow: Flow, cast: Cast, server: Callable[[], AbstractContextManager[int]], words: str
) -> None:
    begun = monotonic()
    with server() as port:
        failure = failed(flow, cast, port, limits=HASTY)
    assert monotonic() - begun < 5
    assert (failure.code, failure.retry) == ("webhook_no_answer", Retry(may_help=True))
    assert words in failure.message


def test_nobody_there_may_be_asked_again(flow: Flow, cast: Cast) -> None:
    with web_server() as gone:
        port = gone.port
    failure = failed(flow, cast, port)
    assert (failure.code, failure.retry.may_help) == ("webhook_no_answer", True)


def test_half_an_answer_is_not_used(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    receiver.body = b"x" * 4097
    failure = failed(flow, cast, receiver.port)
    assert (failure.code, failure.retry) == ("webhook_answer_too_long", Retry())
    assert "longer than 4 KiB" in failure.message


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{other}/in",  # not the port that is let through
        "http://localhost:{port}/in",  # nor the name
        "https://127.0.0.1/in",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://intranet/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://example.org/",
        "https://example.org:22/",
        "https://user:pass@example.org/",
        "https://127.0.0.1\\@example.org/",
        "http://127.0.0.1:{port}/in\r\nX: y",
        "nonsense",
    ],
)
def test_a_hostile_address_is_not_called_nor_tried_again(flow: Flow, cast: Cast, receiver: WebServer, url: str) -> None:
    with web_server() as other:
        failure = failed(flow, cast, receiver.port, url.format(port=receiver.port, other=other.port))
        assert (failure.code, failure.retry) == ("webhook_not_sent", Retry())
        assert failure.message.startswith("The web hook was not called. ")
        assert receiver.requests == other.requests == []


def test_a_name_that_leads_inside_is_not_called(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    door = SendWebhook(Outgoing(resolver=lambda _host, _port: ["93.184.215.14", "10.0.0.8"]))
    flow.actions = {**flow.actions, "send_webhook": door}
    with pytest.raises(StepFailed, match="inside a network"):
        perform(flow, "send_webhook", cast.maya, {"url": "https://hooks.example.org/"}, home_id=None)


@pytest.mark.parametrize(
    "name", ["Host", "Webhook-Id", "webhook-signature", "idempotency-KEY", "X\r\nY", "Content-Length"]
)
def test_headers_that_are_ours_are_not_to_be_had(flow: Flow, cast: Cast, receiver: WebServer, name: str) -> None:
    failure = failed(flow, cast, receiver.port, headers={name: "1"})
    assert failure.code == "webhook_not_sent"
    assert "header" in failure.message
    assert receiver.requests == []


def test_a_failed_call_fails_its_run_in_words_and_nothing_follows(flow: Flow, cast: Cast, receiver: WebServer) -> None:
    door = SendWebhook(Outgoing(allow=allowed_from(f"127.0.0.1:{receiver.port}")))
    flow.actions["send_webhook"] = door  # type: ignore[index]
    receiver.status = 404
    call = {"url": f"http://127.0.0.1:{receiver.port}/in"}
    step = {"id": "call", "type": "action", "action": "send_webhook", "with": call}
    a_workflow(flow, cast.maya, a_document(step, notify("tell")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    flow.worker.run_due()
    assert until(lambda: runs(flow)[0].finished_at is not None)
    [found] = runs(flow)
    assert found.status == ExecutionStatus.FAILED
    assert found.reason == "127.0.0.1 refused the call with status 404. Check the address and the method of this step."
    assert found.error is not None
    assert (found.error["code"], found.error["path"]) == ("webhook_refused", "call")
