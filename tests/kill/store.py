"""What came outside, as it is kept: a file that is only added to, on the disk before whoever called is answered."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Came:
    """Something that came: under which key, what, and when."""

    place: str
    key: str
    body: str  # its hash
    at: str


@dataclass
class Store:
    """A file that is only added to; a line that was broken off by a death counts for nothing."""

    path: Path
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Remember what came before."""
        self._seen.update(each.key for each in self.all())

    def keep(self, place: str, key: str, body: bytes) -> int:
        """Write down what came, and answer how often something has come under its key."""
        came = [place, key, hashlib.sha256(body).hexdigest(), datetime.now(UTC).isoformat()]
        with self._guard:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
            try:
                os.write(descriptor, self._begin(descriptor) + json.dumps(came).encode() + b"\n")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._seen[key] += 1
            return self._seen[key]

    def _begin(self, descriptor: int) -> bytes:
        """Answer what parts this line from one that was broken off."""
        size = os.fstat(descriptor).st_size
        return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""

    def all(self) -> list[Came]:
        """Answer everything that came, in order."""
        if not self.path.exists():
            return []
        found = []
        for line in self.path.read_text().splitlines():
            with suppress(json.JSONDecodeError):
                found.append(Came(*json.loads(line)))
        return found
