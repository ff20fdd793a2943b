"""Ids that are unique without asking the database, and sort by time."""

from __future__ import annotations

import secrets
from datetime import datetime

from ulid import ULID


def new_uid(moment: datetime) -> str:
    """Make a ULID for a moment: 26 letters and digits that sort in the order of time."""
    return str(ULID.from_datetime(moment))


def new_token() -> str:
    """Make 256 random bits as text that is safe in an address."""
    return secrets.token_urlsafe(32)
