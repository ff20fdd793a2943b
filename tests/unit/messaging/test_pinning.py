"""The address that was checked is the one that is connected to, also when everything below conspires."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpcore2
import pytest

from flowapp.messaging.destination import allowed_from
from flowapp.messaging.outgoing import Outgoing
from flowapp.messaging.outgoing_errors import OutgoingFailed, OutgoingRefused
from flowapp.messaging.pinned import Deadline, PinnedBackend, system_addresses
from tests.unit.messaging.web_server import WebServer, web_server


class Rebinding:
    """A resolver whose name moves each time it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        return self.answers.pop(0)


def call(server: WebServer, resolver: Any, now: datetime) -> int:
    outgoing = Outgoing(allow=allowed_from(f"hooks.example.org:{server.port}"), resolver=resolver)
    return outgoing.request("GET", f"http://hooks.example.org:{server.port}/", key="k", now=now).status


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing below ask for a name again."""
    real = socket.getaddrinfo

    def numbers_only(host: Any, *rest: Any, **more: Any) -> Any:
        assert str(host).replace(".", "").replace(":", "").isalnum()
        assert not str(host)[0].isalpha(), f"{host} was asked for again"
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)


@pytest.mark.usefixtures("no_names")
def test_a_name_is_resolved_once_for_a_call(now: datetime) -> None:
    with web_server() as server:
        resolver = Rebinding(["127.0.0.1"])
        assert call(server, resolver, now) == 200
        assert resolver.answers == []  # a second question would have failed


def test_a_name_that_moves_between_check_and_connection_gains_nothing(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []

    def refuse(address: Any, *_rest: Any, **_more: Any) -> socket.socket:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", refuse)
    rebinding = Outgoing(resolver=Rebinding(["93.184.216.34"], ["127.0.0.1"]))
    with pytest.raises(OutgoingFailed):
        rebinding.request("GET", "https://rebind.example.org/", key="k", now=now)
    with pytest.raises(OutgoingRefused):  # the next attempt is checked anew
        rebinding.request("GET", "https://rebind.example.org/", key="k", now=now)
    assert tried == [("93.184.216.34", 443)]


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"])
def test_a_clouds_secrets_cannot_be_let_through(address: str, now: datetime) -> None:
    shown = f"[{address}]" if ":" in address else address
    for host in (shown, "meta.example.org"):
        outgoing = Outgoing(allow=allowed_from(f"{host}:80"), resolver=lambda _host, _port: [address])
        with pytest.raises(OutgoingRefused, match="inside a network"):
            outgoing.request("GET", f"http://{host}/latest/meta-data/", key="k", now=now)


def test_the_next_address_is_tried_when_the_first_does_not_answer(now: datetime) -> None:
    with web_server(address="127.0.0.2") as server:
        assert call(server, lambda _host, _port: ["127.0.0.1", "127.0.0.2"], now) == 200


class ForgetsTheBackend(httpcore2.ConnectionPool):
    """A version of the library that connects by itself."""

    def __init__(self, **given: Any) -> None:
        given.pop("network_backend")
        super().__init__(**given)


@pytest.mark.usefixtures("no_names")
def test_a_library_that_connects_by_itself_still_goes_to_the_checked_address(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpcore2, "ConnectionPool", ForgetsTheBackend)
    with web_server() as server:
        assert call(server, Rebinding(["127.0.0.1"]), now) == 200
        assert server.requests[0].headers["host"] == f"hooks.example.org:{server.port}"


class GoesByTheName(httpcore2.ConnectionPool):
    """A version of the library that takes the place from the headers."""

    def handle_request(self, request: httpcore2.Request) -> httpcore2.Response:
        host = dict(request.headers)[b"host"].partition(b":")[0]
        request.url.host = host
        return super().handle_request(request)


def test_a_library_that_goes_by_the_name_is_refused_the_connection(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpcore2, "ConnectionPool", GoesByTheName)
    with web_server() as server:
        with pytest.raises(OutgoingFailed):
            call(server, Rebinding(["127.0.0.1"]), now)
        assert server.requests == []


def test_connections_go_to_checked_addresses_only() -> None:
    backend = PinnedBackend(["93.184.216.34"], Deadline(1))
    with pytest.raises(httpcore2.ConnectError, match="not checked"):
        backend.connect_tcp("127.0.0.1", 80)
    with pytest.raises(httpcore2.ConnectError, match="not checked"):
        backend.connect_unix_socket("/run/secret.sock")


def test_the_systems_resolver_answers_with_numbers() -> None:
    assert "127.0.0.1" in system_addresses("localhost", 80)
    with pytest.raises(OSError, match=r"."):
        system_addresses("nowhere.invalid", 80)
    with pytest.raises(OSError, match=r"."):
        system_addresses("a" * 70 + ".example.org", 80)


def test_when_the_time_is_up_it_is_up() -> None:
    with pytest.raises(httpcore2.ReadTimeout):
        Deadline(0).at_most(5)
    assert 0 < Deadline(1).at_most(5) <= 1
    assert Deadline(9).at_most(5) == 5
