"""Passwords: which are good enough, how they are kept, and how they are checked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from flowapp.kernel.errors import Problem, Refused

SHORTEST, LONGEST = 8, 128
# Those of the lists of most used passwords that are long enough to pass otherwise, and those of our trade.
_COMMONEST_TEXT = """
    12345678 123456789 1234567890 12345678910 87654321 123123123 password password1 password12 password123
    passw0rd p@ssw0rd p@ssword pa55word qwertyui qwertyuiop qwerty12 qwerty123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx
    zaq12wsx asdfghjk asdfghjkl asdf1234 abcd1234 abc12345 a1b2c3d4 iloveyou sunshine princess football
    baseball superman starwars whatever trustno1 liverpool liverpool1 chelsea1 arsenal1 charlie1 letmein1
    letmein123 welcome1 welcome123 changeme changeme1 computer internet michelle jennifer jonathan scotland
    scotland1 glasgow1 edinburgh carehome carehome1 flowapp1 flowapp123 admin123 administrator manager1
    default1 secret123 monday123 summer2024 summer2025 summer2026 winter2024 winter2025 winter2026
"""
COMMONEST = frozenset(_COMMONEST_TEXT.split())


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How much work a guess costs, as argon2id counts it."""

    memory_kib: int
    passes: int
    lanes: int


# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
PRODUCTION = Profile(memory_kib=19 * 1024, passes=2, lanes=1)
CHEAP = Profile(memory_kib=8, passes=1, lanes=1)  # for tests, which sign in a thousand times


def check_password(password: str, *, email: str = "") -> None:
    """Pass a password that somebody may choose; raises Refused with what is wrong."""
    if sentence := _weakness(_normal(password), email.lower()):
        raise Refused([Problem(path="password", code="weak_password", message=sentence)])


def _weakness(password: str, email: str) -> str | None:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; several words are easiest to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    small = password.lower()
    if small in COMMONEST or len(set(small)) < 3:
        return "Too many people use this password. Choose another; several words are easiest to remember."
    if email and small in (email, email.partition("@")[0]):
        return "Choose a password that is not your email address."
    return None


def hash_password(password: str, profile: Profile = PRODUCTION) -> str:
    """Make what is kept instead of the password; takes some 30 ms, so do it with no transaction open."""
    return _hasher(profile).hash(_normal(password))


def verify(kept: str, password: str, profile: Profile = PRODUCTION) -> bool:
    """Say whether the password is right; `kept` is empty for an unknown user, which takes just as long."""
    try:
        return _hasher(profile).verify(kept or _nobody(profile), _normal(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str, profile: Profile = PRODUCTION) -> bool:
    """Say whether a hash was made with other costs than are wanted today."""
    return _hasher(profile).check_needs_rehash(kept)


def _normal(password: str) -> str:
    # Phones and computers write an accented letter as one sign or as two.
    return unicodedata.normalize("NFC", password)


@lru_cache
def _hasher(profile: Profile) -> PasswordHasher:
    return PasswordHasher(
        time_cost=profile.passes,
        memory_cost=profile.memory_kib,
        parallelism=profile.lanes,
        hash_len=32,
        salt_len=16,
    )


@lru_cache
def _nobody(profile: Profile) -> str:
    return _hasher(profile).hash("nobody signs in with this")
