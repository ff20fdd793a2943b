"""Whose training an action looks at: the homes that the workflow's owner may see."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from flowapp.accounts.can import ALL, homes_of
from flowapp.kernel.errors import NotFound
from flowapp.rota.homes import CareHome
from flowapp.workflows.kinds import Run


def homes_meant(run: Run, home: str | int | None) -> list[CareHome]:
    """Answer the home that a step names by its number or code, else the workflow's, else all its owner may see.

    Raises NotFound for a home that does not exist, or that the owner may not see.
    """
    seen = homes_of(run.owner, "certificate.view")
    query = select(CareHome).where(CareHome.is_active).order_by(CareHome.id)
    if seen is not ALL:
        query = query.where(CareHome.id.in_(seen))
    found = list(run.session.scalars(query))
    wanted = home if home not in (None, "") else run.home_id
    if wanted is None:
        return found
    text = str(wanted).strip().upper()
    named = [each for each in found if text in (str(each.id), each.code)]
    if not named:
        raise NotFound(f"There is no care home {wanted!r} whose training the workflow's owner may see.")
    return named


def today_in(run: Run, home: CareHome) -> date:
    """Answer what today is in a home."""
    return run.now.astimezone(home.zone).date()
