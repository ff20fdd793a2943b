"""Ids that are unique without asking the database, and sort by time."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from random import Random

from ulid import ULID

_TIME_BYTES, _RANDOM_BYTES = 6, 10  # of the 16 of a ULID
_seeded: ContextVar[Random | None] = ContextVar("seeded", default=None)


def new_uid(moment: datetime) -> str:
    """Make a ULID for a moment: 26 letters and digits that sort in the order of time."""
    bits = _seeded.get()
    if bits is None:
        return str(ULID.from_datetime(moment))
    milliseconds = int(moment.timestamp() * 1000)
    return str(ULID.from_bytes(milliseconds.to_bytes(_TIME_BYTES, "big") + bits.randbytes(_RANDOM_BYTES)))


def first_uid(moment: datetime) -> str:
    """Answer the uid that sorts before every other one of this moment and of later ones."""
    milliseconds = int(moment.timestamp() * 1000)
    return str(ULID.from_bytes(milliseconds.to_bytes(_TIME_BYTES, "big") + bytes(_RANDOM_BYTES)))


@contextmanager
def seeded_ids(seed: int) -> Iterator[None]:
    """Let this thread make the same uids every time, for data that must come out alike.

    Only uids: a token is a secret and stays random.
    """
    before = _seeded.set(Random(seed))
    try:
        yield
    finally:
        _seeded.reset(before)


def new_token() -> str:
    """Make 256 random bits as text that is safe in an address."""
    return secrets.token_urlsafe(32)
