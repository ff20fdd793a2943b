"""A load client that takes little from the machine it shares: `python -m benchmarks.client`, told on its input.

It keeps some connections open, sends the next request on each as soon as the answer is there, and prints how long
each took. One thread, prepared bytes, no library.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is sent, how often, and over how many connections."""

    port: int
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    number: int
    connections: int

    @property
    def request(self) -> bytes:
        """The bytes of one request."""
        body = json.dumps(self.body)
        headers = {"Host": "localhost", "Content-Type": "application/json", **self.headers, "Content-Length": len(body)}
        lines = [f"POST {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def send(load: Load) -> list[float]:
    """Send it from a process of its own; answer how long each answer took, in seconds."""
    command = [sys.executable, "-m", "benchmarks.client"]
    done = subprocess.run(command, input=json.dumps(asdict(load)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: list[float] = json.loads(done.stdout)
    return found


class Connection:
    """One connection that is kept open, with a request under way."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._got = b""
        self._sent = 0.0

    def ask(self) -> None:
        """Send a request."""
        self._got = b""
        self._sent = perf_counter()
        self.socket.sendall(self._request)

    def answered(self) -> float | None:
        """Take what has come; answer how long the answer took once all of it is there."""
        part = self.socket.recv(65536)
        self._got += part
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not part or (found and not head.startswith(b"HTTP/1.1 202")):
            raise RuntimeError(f"not accepted: {self._got!r}")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]) if found else 1
        return perf_counter() - self._sent if len(body) >= length else None


def times(load: Load) -> list[float]:
    """Send all of it, and answer how long each answer took."""
    left, taken = load.number, list[float]()
    with selectors.DefaultSelector() as selector:
        for _ in range(min(load.connections, left)):
            connection = Connection(load.port, load.request)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
            left -= 1
        while len(taken) < load.number:
            for key, _ in selector.select(SECONDS):
                if (seconds := key.data.answered()) is None:
                    continue
                taken.append(seconds)
                if left:
                    left -= 1
                    key.data.ask()
    return taken


if __name__ == "__main__":
    print(json.dumps(times(Load(**json.load(sys.stdin)))))
