"""Which homes a step is about: the one it names, else that of the run, else all that the owner may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On
from flowapp.rota.homes import CareHome
from flowapp.workflows.kinds import Run, StepFailed


def one_home(run: Run, home: str | int | None, permission: str = "home.view") -> int:
    """Answer the number of the home that is named, or of the run; raises StepFailed where there is none to be seen."""
    if home in (None, ""):
        if run.home_id is None:
            raise StepFailed(
                "no_home", "This workflow belongs to no home, so the step has to say which one it is about."
            )
        return run.home_id
    found = run.session.scalars(select(CareHome.id).where(_is(home))).first()
    if found is None or not can(run.owner, permission, On(home_id=found)):
        raise StepFailed("unknown_home", f"There is no home {home} here. Write its number, its code or its name.")
    return found


def homes_asked(run: Run, home: str | int | None, permission: str) -> frozenset[int] | None:
    """Answer the homes of which to list something; None is every home."""
    if home in (None, "") and run.home_id is None:
        return homes_of(run.owner, permission)
    return frozenset({one_home(run, home, permission)})


def _is(home: str | int | None) -> ColumnElement[bool]:
    text = str(home).strip()
    number = int(text) if text.isdecimal() and len(text) < 19 else 0
    return or_(CareHome.id == number, CareHome.code == text.upper(), func.lower(CareHome.name) == text.lower())
