"""What the account pages show."""

from __future__ import annotations

from dataclasses import dataclass

from flowapp.web.feed.pages import CalendarPart


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
    calendar: CalendarPart | None


@dataclass(frozen=True, kw_only=True)
class PasswordPage:
    """The form in which whoever followed a sign-in link chooses a password."""

    name: str
    email: str
    action: str
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class LinkOverPage:
    """Why a sign-in link no longer works, and what to do instead."""

    sentence: str
