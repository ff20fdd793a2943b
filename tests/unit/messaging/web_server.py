"""Real web servers for the tests, in threads."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebServer:
    """What arrived, and what is answered."""

    port: int = 0
    requests: list[Seen] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)  # as asked for before encryption began
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"thank you"
    before: Callable[[], object] = lambda: None  # what happens before each answer


def _handler(seen: WebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.requests.append(Seen(self.command, self.path, headers, self.rfile.read(length)))
            seen.before()
            self.send_response(seen.status)
            for name, value in ({"Content-Length": str(len(seen.body))} | seen.headers).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(seen.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _any

        def log_message(self, *given: object) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *given: object) -> None:
        """Say nothing: clients of these tests hang up early on purpose."""


@contextmanager
def web_server(*, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Iterator[WebServer]:
    """Run a server that notes every request."""
    seen = WebServer()
    server = _Server((address, 0), _handler(seen))
    seen.port = server.server_address[1]
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: seen.names.append(name)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def resetting_server() -> Iterator[int]:
    """Break the connection off as soon as something was said; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


@contextmanager
def dripping_server(pieces: Callable[[], Iterator[bytes]], *, pause: float) -> Iterator[int]:
    """Answer with one piece after the other, slowly, until the client hangs up; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(5)
            try:
                connection.recv(65536)
                for piece in pieces():
                    connection.sendall(piece)
                    if over.wait(pause):
                        return
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()
        thread.join(5)
