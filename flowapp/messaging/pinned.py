"""Connections that go to checked addresses only, and end on time."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Any

import httpcore2

Resolver = Callable[[str, int], Sequence[str]]
RESOLVE_SECONDS = 5.0
_CHUNK = 64 * 1024


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for a name's addresses; raises OSError, also when that takes too long."""
    answers: list[str] = []
    errors: list[OSError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            answers.extend(dict.fromkeys(str(each[4][0]) for each in found))
        except (OSError, UnicodeError) as error:
            errors.append(OSError(str(error)))

    # The resolver cannot be told to hurry, so it is left behind when it does not answer.
    thread = threading.Thread(target=ask, name="resolver", daemon=True)
    thread.start()
    thread.join(RESOLVE_SECONDS)
    if errors:
        raise errors[0]
    if thread.is_alive():
        raise OSError("the resolver did not answer in time")
    return tuple(answers)


class Deadline:
    """The moment by which everything must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def at_most(self, seconds: float | None) -> float:
        """Answer how long the next thing may take; raises ReadTimeout when the time is up."""
        left = self._end - monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time is up")
        return left if seconds is None else min(seconds, left)


class PinnedBackend(httpcore2.NetworkBackend):
    """Connects to the checked addresses whatever it is asked, and asks no resolver."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first checked address that answers; raises ConnectError or ConnectTimeout."""
        if host not in self._addresses:
            raise httpcore2.ConnectError("that address was not checked")
        failure: Exception = httpcore2.ConnectError("there is no address")
        for address in self._addresses:
            try:
                stream = self._sockets.connect_tcp(address, port, timeout=self._deadline.at_most(timeout))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Refuse: nothing that was checked is reached this way."""
        raise httpcore2.ConnectError("that address was not checked")


class _Timed(httpcore2.NetworkStream):
    """A connection on which a sender of one byte now and then does not buy more time."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _CHUNK):
            self._stream.write(buffer[start : start + _CHUNK], self._deadline.at_most(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.at_most(timeout))
        return _Timed(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
