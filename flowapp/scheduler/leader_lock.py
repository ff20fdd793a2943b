"""The lock that makes one process of this machine the leader."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class LeaderLock:
    """A lock that one process of this machine holds, and that ends with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process leads."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Take the lead if nobody has it; answer whether this process leads now."""
        if self._descriptor is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                return False
            self._descriptor = descriptor
        return True

    def give_up(self) -> None:
        """Let somebody else lead."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
