"""What stands outside while the server dies: a web hook and a mail server, each with a list that is only added to.

They are a process of their own (`python -m tests.kill.sink <file> <port>`), which no fault reaches, and keep what came
on the disk before they answer. It says on its first line where it can be reached, lets calls that hang go on when it
is told anything, and ends when nobody is left who could tell it something: with the process of the tests, however
that ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

from aiosmtpd.controller import Controller

from tests.kill.server import ROOT, free_port
from tests.kill.store import Store

LONGEST_HANG = 60.0
COMMAND = (sys.executable, "-m", "tests.kill.sink")


class Hook(BaseHTTPRequestHandler):
    """A web hook; the last word of the address says how it behaves."""

    store: Store
    hang: threading.Event
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a call, do as the address says, and answer."""
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:  # whoever called died while calling; a server refuses what it has half of
            self.close_connection = True
            return
        seen = self.store.keep(self.path, self.headers["webhook-id"], body)
        way = self.path.rpartition("/")[2]
        if way == "hang":
            self._dribble(seen)
            return
        if way == "drop" and seen == 1:  # done, and then the line is cut
            self.close_connection = True
            return
        if way == "busy" and seen == 1:
            self._answer(503, seen)
        elif way == "gone":
            self._answer(404, seen)
        elif way == "later" and seen == 1:
            self._answer(429, seen, {"Retry-After": "3"})
        else:
            self._answer(200, seen)

    def _dribble(self, seen: int) -> None:
        """Answer a blank a second, so that whoever calls goes on waiting, and in the end what there is to say."""
        self.close_connection = True
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Connection", "close")
            self.end_headers()
            ends = monotonic() + LONGEST_HANG
            while not self.hang.wait(1) and monotonic() < ends:
                self.wfile.write(b" ")
            self.wfile.write(json.dumps({"seen": seen}).encode())
        except OSError:
            return  # whoever called is dead

    def _answer(self, status: int, seen: int, headers: Mapping[str, str] | None = None) -> None:
        text = json.dumps({"seen": seen}).encode()
        try:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)),
                                "Connection": "close", **(headers or {})}.items():  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)
        except OSError:
            self.close_connection = True  # whoever called is dead

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Answers many at once, and does not complain of callers who die."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: dying callers are the point of it."""


class MailDoor:
    """A mail server that takes every mail; what is written down counts, whoever hears the answer."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        message = message_from_bytes(envelope.content)
        self.store.keep("mail", str(message["Message-ID"]), str(message.get_payload()).encode())
        return "250 taken"


@contextmanager
def mail_server(door: MailDoor, port: int) -> Iterator[None]:
    """Be there for mails for a while."""
    controller = Controller(door, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@dataclass
class Sink:
    """Where the outside can be reached, and what came there."""

    store: Store
    hook_port: int
    smtp_port: int
    process: subprocess.Popen[str]

    @property
    def address(self) -> str:
        """Where the web hook is."""
        return f"http://127.0.0.1:{self.hook_port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a server is told of it."""
        return {
            "FLOWAPP_OUTBOUND_ALLOW": f"127.0.0.1:{self.hook_port}",
            "FLOWAPP_SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}",
        }

    def let_go(self) -> None:
        """Answer the calls that hang, and from now on every one at once."""
        assert self.process.stdin is not None
        self.process.stdin.write("go on\n")
        self.process.stdin.flush()

    def wait_for(self, calls: int, seconds: float = 20.0) -> bool:
        """Wait until so many things came."""
        deadline = monotonic() + seconds
        while len(self.store.all()) < calls:
            if monotonic() > deadline:
                return False
            threading.Event().wait(0.02)
        return True


@contextmanager
def a_sink(path: Path, port: int = 0) -> Iterator[Sink]:
    """Let a process stand outside for a while, where nobody else stands or at a known place."""
    command = [*COMMAND, str(path), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        places = json.loads(process.stdout.readline())
        yield Sink(store=Store(path), process=process, **places)
    finally:
        process.kill()
        process.communicate()


def main(path: Path, port: int) -> None:
    """Stand outside until nobody is left who could say anything."""
    store, hang = Store(path), threading.Event()
    handler = type("ThisHook", (Hook,), {"store": store, "hang": hang})
    hook = Server(("127.0.0.1", port), handler)
    threading.Thread(target=hook.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    smtp_port = free_port()
    with mail_server(MailDoor(store), smtp_port):
        sys.stdout.write(json.dumps({"hook_port": hook.server_address[1], "smtp_port": smtp_port}) + "\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            hang.set()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]), int(sys.argv[2]))
