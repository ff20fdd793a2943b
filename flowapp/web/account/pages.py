"""What the account pages show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SignInPage:
    """The form to sign in."""

    email: str = ""
    next: str = ""
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class AccountPage:
    """One's own account."""

    facts: tuple[tuple[str, str], ...]
