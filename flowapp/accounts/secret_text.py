"""Random texts that open a door: only their digest is kept."""

from __future__ import annotations

import hashlib


def digest(raw: str) -> str:
    """Answer what is kept of a random text; it has 256 bits, so it needs no salt and no slow hash."""
    return hashlib.sha256(raw.encode()).hexdigest()
