"""Signatures of Standard Webhooks 1.0.0, by which the other side knows that a call is ours, whole and new."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes


class BadSecret(ValueError):
    """A signing secret must be whsec_ and then 24 to 64 random bytes as base64."""

    def __str__(self) -> str:
        return (type(self).__doc__ or "").strip()


def secret_bytes(secret: str) -> bytes:
    """Answer the key of a secret; raises BadSecret, for an empty one too."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecret from None
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise BadSecret
    return key


def message_id(key: str) -> str:
    """Name a message after the key of its effect, so that every attempt has the same name."""
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def sign(secret: str, *, id: str, timestamp: int, body: bytes) -> str:
    """Answer the value of the `webhook-signature` header; raises BadSecret."""
    signed = f"{id}.{timestamp}.".encode() + body
    digest = hmac.new(secret_bytes(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
