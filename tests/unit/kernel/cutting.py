"""What stands between FlowApp and a PostgreSQL server, and cuts the connection at a word."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

SOCKET = ".s.PGSQL.5432"


class Cutting:
    """Passes everything on, but for the one message that it was told of."""

    def __init__(self, url: str, folder: Path) -> None:
        (host,) = parse_qs(urlsplit(url).query)["host"]
        self.url = url.replace(host, str(folder))
        self.cuts = 0
        self.away = False  # whether it takes no new connection
        self._server = Path(host) / SOCKET
        self._word: bytes | None = None
        self._forwarded = False
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / SOCKET))
        self._listening.listen()
        self._passing: list[_Passing] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def cut(self, word: bytes, *, forwarded: bool = False) -> None:
        """Cut the next connection that says this word: before the server hears it, or before its answer arrives."""
        self._forwarded, self._word = forwarded, word

    def close(self) -> None:
        """Stand in between no more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # which ends `accept`
        self._accepting.join(30)
        self._listening.close()
        for each in self._passing:
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self.away:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                self._passing.append(_Passing(self, client, server))

    def hears(self, data: bytes) -> bool | None:
        """Say whether to cut at this message, and then whether the server shall get it first."""
        if self._word is None or self._word not in data:
            return None
        self._word = None
        self.cuts += 1
        return self._forwarded


class _Passing:
    def __init__(self, cutting: Cutting, client: socket.socket, server: socket.socket) -> None:
        self._cutting, self._client, self._server = cutting, client, server
        self._swallow = False
        self._ends = [threading.Thread(target=self._until_closed, args=(work,)) for work in (self._ask, self._answer)]
        for each in self._ends:
            each.start()

    def close(self) -> None:
        """Wait until both ends are gone."""
        for each in self._ends:
            each.join(30)
        self._client.close()
        self._server.close()

    def _ask(self) -> None:
        while data := self._client.recv(65_536):
            if (forwarded := self._cutting.hears(data)) is False:
                return
            self._swallow = forwarded is True
            self._server.sendall(data)

    def _answer(self) -> None:
        while data := self._server.recv(65_536):
            if self._swallow:
                return
            self._client.sendall(data)

    def _until_closed(self, work: Callable[[], None]) -> None:
        with suppress(OSError):
            work()
        for each in (self._client, self._server):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(url: str) -> Iterator[Cutting]:
    """Stand between FlowApp and the server of this address."""
    # A short path of its own: that of a socket may have 107 letters.
    with TemporaryDirectory(prefix="flowapp-cut-") as folder:
        made = Cutting(url, Path(folder))
        yield made
        made.close()
