"""What a list is asked for in the address: a home, days, yes or no, one word of several."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.homes import CareHome

Choice = TypeVar("Choice", bound=StrEnum)
NO_HOME = 0  # no home has this number
_YES_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def asked_home(session: Session) -> int | None:
    """Answer the number of the home that `home` names by number or code; None when none is named.

    A home that does not exist gives an empty list, just as one that somebody may not see.
    """
    text = request.args.get("home", "").strip()
    if not text:
        return None
    if text.isdecimal() and len(text) < 16:
        return int(text)
    found = session.scalar(select(CareHome.id).where(CareHome.code == text.upper()))
    return NO_HOME if found is None else found


def asked_day(name: str) -> date | None:
    """Answer a day of the address; raises Refused when it is none."""
    text = request.args.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _refused(name, f"{name} must be a day such as 2026-12-07.") from None


def asked_yes_or_no(name: str) -> bool | None:
    """Answer a yes or no of the address; raises Refused when it is neither."""
    text = request.args.get(name)
    if not text:
        return None
    if text.lower() not in _YES_NO:
        raise _refused(name, f"{name} must be true or false.")
    return _YES_NO[text.lower()]


def asked_word(name: str, words: type[Choice]) -> Choice | None:
    """Answer one of these words; raises Refused when it is another."""
    text = request.args.get(name)
    if not text:
        return None
    if text not in {each.value for each in words}:
        raise _refused(name, f"{name} must be one of {', '.join(words)}.")
    return words(text)


def asked_text(name: str) -> str:
    """Answer the words looked for."""
    return request.args.get(name, "").strip()[:100]


def _refused(name: str, message: str) -> Refused:
    return Refused([Problem(path=name, code="bad_value", message=message)])
