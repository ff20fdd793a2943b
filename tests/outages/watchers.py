"""Who watches FlowApp from outside: systemd at its socket, and a web server that is called every so often."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

from tests.kill.waiting import until

PATIENCE = 40.0


class Watcher:
    """What came in, and when the last of it did."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._last = monotonic()

    def hear(self, words: str) -> None:
        """Take a message."""
        self._last = monotonic()
        self.heard.append(words)

    def wait_for(self, words: str) -> None:
        """Wait until this has come."""
        until(lambda: words in self.heard, within=PATIENCE, for_what=words)

    def wait_for_more(self, number: int = 1) -> None:
        """Wait until so many more messages have come."""
        before = len(self.heard)
        until(lambda: len(self.heard) >= before + number, within=PATIENCE, for_what=f"{number} more messages")

    def wait_for_silence(self, seconds: float) -> None:
        """Wait until nothing has come for so long; fails when something comes again and again."""
        until(lambda: monotonic() - self._last > seconds, within=PATIENCE, for_what=f"{seconds} s of silence")


@contextmanager
def systemd() -> Iterator[tuple[Watcher, str]]:
    """Listen at a socket as systemd does; answer also its address."""
    folder = tempfile.mkdtemp(prefix="sd")  # the address of such a socket may not be long
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    address = str(Path(folder) / "notify")
    door.bind(address)
    watcher = Watcher()

    def take() -> str:
        return door.recv(4096).decode()

    with _listening(watcher, take):
        yield watcher, address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", address)
    door.close()
    shutil.rmtree(folder)


@contextmanager
def _listening(watcher: Watcher, take: Callable[[], str]) -> Iterator[None]:
    def listen() -> None:
        while words := take():
            watcher.hear(words)

    thread = threading.Thread(target=listen)
    thread.start()
    yield
    thread.join()


@contextmanager
def web_server(status: Callable[[], int]) -> Iterator[tuple[Watcher, int]]:
    """Be called over HTTP and answer with a status; answer also the port."""
    watcher = Watcher()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            watcher.hear(self.path)
            self.send_response(status())
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield watcher, server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()
