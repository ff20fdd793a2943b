"""A lock that one process holds, and that ends with it."""

from __future__ import annotations

import fcntl
import os
from abc import ABC, abstractmethod
from pathlib import Path


class Lock(ABC):
    """What one process at a time can hold."""

    @property
    @abstractmethod
    def held(self) -> bool:
        """Whether this process has it, as far as it knows."""

    @abstractmethod
    def take(self) -> bool:
        """Take it if nobody has it; answer whether this process has it now. To be asked again while it is held."""

    @abstractmethod
    def give_up(self) -> None:
        """Let somebody else have it."""


class FileLock(Lock):
    """A lock among the processes of one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process has it."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Take it if nobody has it; answer whether this process has it now."""
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
        """Let somebody else have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
