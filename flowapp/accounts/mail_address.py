"""Email addresses: how they are kept, and which are none."""

from __future__ import annotations

import re

LONGEST = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_LOCAL}@{_LABEL}(?:\.{_LABEL})+", re.ASCII)


def as_kept(email: str) -> str:
    """Write an address as it is kept and compared: without blanks around it, in small letters."""
    return email.strip().lower()


def is_address(email: str) -> bool:
    """Say whether this is one address, with a dot in its domain, and nothing that breaks a header."""
    return len(email) <= LONGEST and _ADDRESS.fullmatch(email.lower()) is not None
