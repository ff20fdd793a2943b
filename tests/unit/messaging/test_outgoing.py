"""Calls to other programs, against real servers on this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest

from flowapp.messaging.answer import Answer
from flowapp.messaging.destination import allowed_from
from flowapp.messaging.outgoing import Limits, Outgoing
from flowapp.messaging.outgoing_errors import OutgoingFailed, OutgoingRefused
from flowapp.messaging.webhook_signature import message_id, sign
from tests.unit.messaging.conftest import Certificate
from tests.unit.messaging.web_server import WebServer, dripping_server, web_server

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HASTY = Limits(connect_seconds=0.5, read_seconds=0.3, total_seconds=0.6)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def to_here(port: int, limits: Limits | None = None) -> Outgoing:
    return Outgoing(allow=allowed_from(f"127.0.0.1:{port}"), limits=limits)


def call(server: WebServer, now: datetime, method: str = "POST", path: str = "/x", **given: Any) -> Answer:
    url = f"http://127.0.0.1:{server.port}{path}"
    return to_here(server.port).request(method, url, **({"key": "12:short.call", "now": now} | given))


def test_a_call_arrives_as_it_was_meant(server: WebServer, now: datetime) -> None:
    server.headers, server.status = {"X-Answer": "Yes"}, 201
    answer = call(server, now, path="/a/b?q=ä", body=b'{"days": 2}', headers={"Content-Type": "application/json"})
    assert (answer.status, answer.body, answer.headers["x-answer"]) == (201, b"thank you", "Yes")
    seen = server.requests[0]
    assert (seen.method, seen.path, seen.body) == ("POST", "/a/b?q=%C3%A4", b'{"days": 2}')
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["host"] == f"127.0.0.1:{server.port}"
    assert seen.headers["user-agent"] == "FlowApp"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_each_method_is_sent(server: WebServer, now: datetime, method: str) -> None:
    assert call(server, now, method).status == 200
    assert server.requests[0].method == method


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "get", "GET / HTTP/1.1\r\nX: y", ""])
def test_other_methods_are_refused(server: WebServer, now: datetime, method: str) -> None:
    with pytest.raises(OutgoingRefused, match="method"):
        call(server, now, method)
    assert server.requests == []


def test_every_attempt_has_the_same_name_a_new_time_and_a_right_signature(server: WebServer, now: datetime) -> None:
    for at in (now, now + timedelta(minutes=5)):
        call(server, at, body=b"{}", secret=SECRET)
    first, second = (seen.headers for seen in server.requests)
    assert first["webhook-id"] == second["webhook-id"] == message_id("12:short.call")
    assert first["idempotency-key"] == second["idempotency-key"] == first["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 300
    assert first["webhook-timestamp"] == str(int(now.timestamp()))
    for headers in (first, second):
        timestamp = int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == sign(SECRET, id=headers["webhook-id"], timestamp=timestamp, body=b"{}")


def test_without_a_secret_nothing_is_signed(server: WebServer, now: datetime) -> None:
    call(server, now)
    assert "webhook-signature" not in server.requests[0].headers
    assert server.requests[0].headers["webhook-id"].startswith("msg_")


def test_a_senseless_secret_is_refused_without_being_shown(server: WebServer, now: datetime) -> None:
    with pytest.raises(OutgoingRefused, match="whsec_") as refused:
        call(server, now, secret="hunter2")
    assert "hunter2" not in refused.value.message
    assert server.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "b\r\nX-C: d"},
        {"X-A": "b\nX-C: d"},
        {"X-A\r\nX-C": "d"},
        {"X A": "b"},
        {"": "b"},
        {"X-A": "ł"},
        {"X-A": "a\x00b"},
        {"Host": "evil.example"},
        {"Content-Length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"Connection": "keep-alive"},
        {"Webhook-Id": "msg_other"},
        {"webhook-signature": "v1,forged"},
        {"Idempotency-Key": "other"},
    ],
)
def test_headers_that_would_change_the_call_are_refused(
    server: WebServer, now: datetime, headers: dict[str, str]
) -> None:
    with pytest.raises(OutgoingRefused, match="header"):
        call(server, now, headers=headers)
    assert server.requests == []


def test_redirects_are_not_followed(server: WebServer, now: datetime) -> None:
    server.status, server.headers = 302, {"Location": f"http://127.0.0.1:{server.port}/secret"}
    answer = call(server, now)
    assert answer.status == 302
    assert len(server.requests) == 1
    with pytest.raises(OutgoingRefused, match="redirects are not followed"):
        answer.accepted(now)


def test_proxies_of_the_environment_are_not_used(
    server: WebServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_server() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setitem(os.environ, name, f"http://127.0.0.1:{proxy.port}")
        assert call(server, now).status == 200
        assert (len(server.requests), proxy.requests) == (1, [])


def test_an_answer_is_read_to_its_limit_and_no_further(server: WebServer, now: datetime) -> None:
    server.body = b"x" * (5 * 1024 * 1024)
    answer = call(server, now)
    assert (len(answer.body), answer.truncated) == (1024 * 1024, True)
    server.body = b"x" * 1024 * 1024
    answer = call(server, now)
    assert (len(answer.body), answer.truncated) == (1024 * 1024, False)


def _silence() -> Iterator[bytes]:
    while True:
        yield b""


def _endless_headers() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while True:
        yield b"x"


def _endless_body() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    while True:
        yield b"x"


@pytest.mark.parametrize("pieces", [_silence, _endless_headers, _endless_body])
def test_a_server_that_never_finishes_does_not_hold_us_up(pieces: Any, now: datetime) -> None:
    with dripping_server(pieces, pause=0.05) as port:
        begun = monotonic()
        with pytest.raises(OutgoingFailed, match="did not answer in time"):
            to_here(port, HASTY).request("GET", f"http://127.0.0.1:{port}/", key="k", now=now)
        assert monotonic() - begun < 2


def test_the_limits_are_those_of_the_specification() -> None:
    limits = Limits()
    assert (limits.connect_seconds, limits.read_seconds, limits.total_seconds) == (3, 10, 30)
    assert limits.most_bytes == 1024 * 1024


def test_nobody_there_is_a_failure_of_the_moment(free_port: int, now: datetime) -> None:
    with pytest.raises(OutgoingFailed, match=r"connection to 127\.0\.0\.1 failed"):
        to_here(free_port).request("GET", f"http://127.0.0.1:{free_port}/", key="k", now=now)


def test_nonsense_instead_of_http_is_a_failure_of_the_moment(now: datetime) -> None:
    with dripping_server(lambda: iter([b"SSH-2.0-OpenSSH\r\n"] * 3), pause=0.01) as port, pytest.raises(OutgoingFailed):
        to_here(port).request("GET", f"http://127.0.0.1:{port}/", key="k", now=now)


def test_a_name_that_is_not_found_is_a_failure_of_the_moment(now: datetime) -> None:
    def nothing(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror("Name or service not known")

    for resolver in (nothing, lambda _host, _port: []):
        with pytest.raises(OutgoingFailed, match="could not be found"):
            Outgoing(resolver=resolver).request("GET", "https://example.org/", key="k", now=now)


def test_names_are_asked_for_without_our_own_networks_endings(now: datetime) -> None:
    asked: list[str] = []

    def resolver(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return []

    with pytest.raises(OutgoingFailed):
        Outgoing(resolver=resolver).request("GET", "https://example.org/", key="k", now=now)
    assert asked == ["example.org."]


def test_encryption_and_host_are_those_of_the_name(trusted: Certificate, now: datetime) -> None:
    with web_server(tls=trusted.context) as server:
        outgoing = Outgoing(
            allow=allowed_from(f"hooks.example.org:{server.port}"), resolver=lambda _host, _port: ["127.0.0.1"]
        )
        answer = outgoing.request("GET", f"https://hooks.example.org:{server.port}/x", key="k", now=now)
    assert answer.status == 200
    assert server.names == ["hooks.example.org"]
    assert server.requests[0].headers["host"] == f"hooks.example.org:{server.port}"


def test_a_certificate_of_another_name_is_not_trusted(trusted: Certificate, now: datetime) -> None:
    with web_server(tls=trusted.context) as server:
        outgoing = Outgoing(
            allow=allowed_from(f"other.example.org:{server.port}"), resolver=lambda _host, _port: ["127.0.0.1"]
        )
        with pytest.raises(OutgoingFailed, match=r"certificate of other\.example\.org"):
            outgoing.request("GET", f"https://other.example.org:{server.port}/x", key="k", now=now)
    assert server.requests == []


def test_a_certificate_nobody_vouches_for_is_not_trusted(certificate: Certificate, now: datetime) -> None:
    with web_server(tls=certificate.context) as server:
        outgoing = Outgoing(
            allow=allowed_from(f"hooks.example.org:{server.port}"), resolver=lambda _host, _port: ["127.0.0.1"]
        )
        with pytest.raises(OutgoingFailed, match=r"certificate of hooks\.example\.org"):
            outgoing.request("GET", f"https://hooks.example.org:{server.port}/x", key="k", now=now)


def test_errors_do_not_show_what_stands_in_the_address(free_port: int, now: datetime) -> None:
    with pytest.raises(OutgoingFailed) as failed:
        to_here(free_port).request("GET", f"http://127.0.0.1:{free_port}/hook/SECRET", key="k", now=now)
    assert "SECRET" not in failed.value.message
