"""A collection of ways to write addresses inside a network: none of them is ever connected to."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from flowapp.messaging.outgoing import Outgoing
from flowapp.messaging.outgoing_errors import OutgoingRefused

# The forms of GitLab's url_blocker_spec, of the resolver of the C library, and of published bypasses.
HOSTS = (Path(__file__).parent / "hostile_hosts.txt").read_text(encoding="utf-8").split()
assert len(set(HOSTS)) >= 100
# Names that look like any other, and are only known for what they are once they are resolved.
INNOCENT = {
    "localtest.me": ["127.0.0.1"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "spoofed.example.org": ["10.0.0.1"],
    "metadata.example.org": ["169.254.169.254"],
    "one-bad-apple.example.org": ["93.184.216.34", "192.168.0.1"],
    "six.example.org": ["2606:4700:4700::1111", "::ffff:127.0.0.1"],
    "nat.example.org": ["64:ff9b::a9fe:a9fe"],
    "number.example.org": ["2130706433"],  # a resolver that answers with what is no address
    "zone.example.org": ["fe80::1%eth0"],
}


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that is tried; each one fails."""
    tried: list[Any] = []

    def refuse(address: Any, *_rest: Any, **_more: Any) -> socket.socket:
        tried.append(address)
        raise OSError("no connections in this test")

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def as_the_system_reads_it(host: str, port: int) -> Sequence[str]:
    """Read numbers as the C library does, and find names that are not on the list nearby."""
    try:
        found = socket.getaddrinfo(host.rstrip("."), port, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)
    except OSError:
        return INNOCENT.get(host.rstrip("."), ["127.0.0.1"])
    return [str(each[4][0]) for each in found]


def call(url: str, now: datetime) -> None:
    Outgoing(resolver=as_the_system_reads_it).request("POST", url, body=b"{}", key="1:call", now=now)


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", HOSTS)
def test_no_way_to_write_a_nearby_address_gets_through(
    host: str, scheme: str, now: datetime, connections: list[Any]
) -> None:
    with pytest.raises(OutgoingRefused):
        call(f"{scheme}://{host}/latest/meta-data/", now)
    assert connections == []


@pytest.mark.parametrize("host", INNOCENT)
def test_no_name_that_leads_to_a_nearby_address_gets_through(host: str, now: datetime, connections: list[Any]) -> None:
    with pytest.raises(OutgoingRefused, match="inside a network"):
        call(f"https://{host}/", now)
    assert connections == []


def test_the_trap_would_have_noticed(now: datetime, connections: list[Any]) -> None:
    public = Outgoing(resolver=lambda _host, _port: ["93.184.216.34"])
    with pytest.raises(Exception, match=r"connection to example\.org failed"):
        public.request("GET", "https://example.org/", key="1:call", now=now)
    assert connections == [("93.184.216.34", 443)]
