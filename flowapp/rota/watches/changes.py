"""Saying what is looked out for in a home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.rota.homes import place_of
from flowapp.rota.watches.watch import FEWEST_MINUTES, MOST_MINUTES, Watch, watch_of


def look_out(
    session: Session,
    cause: Cause,
    who: Person,
    home_id: int,
    *,
    no_show_minutes: int | None,
    handover_minutes: int | None,
    seen: int | None = None,
) -> None:
    """Say after how many minutes a home misses people and handovers; None is never.

    Raises NotFound or NotAllowed when `who` may not, Refused for a length that makes no sense, and Conflict when
    somebody changed it since the version `seen`.
    """
    require(who, "home.edit", On(home_id=home_id))
    if place_of(session, home_id) is None:
        raise NotFound
    wanted = {"no_show_minutes": no_show_minutes, "handover_minutes": handover_minutes}
    if problems := [*_wrong(wanted)]:
        raise Refused(problems)
    found = watch_of(session, home_id)
    if seen is not None and seen != (0 if found is None else found.version):
        raise Conflict
    before = dict.fromkeys(wanted) if found is None else _said(found)
    if before == wanted:
        return
    _write(session, cause, found, home_id, wanted)
    audit.write(
        session,
        cause,
        action="home.watch",
        entity="care_home",
        entity_id=home_id,
        home_id=home_id,
        before=before,
        after=wanted,
    )


def _write(session: Session, cause: Cause, found: Watch | None, home_id: int, wanted: Mapping[str, int | None]) -> None:
    if found is None:
        session.add(Watch(home_id=home_id, **wanted, updated_at=cause.at, version=1))
        session.flush()
        return
    row = {**wanted, "updated_at": cause.at, "version": found.version + 1}
    changing = update(Watch).where(Watch.home_id == home_id, Watch.version == found.version).values(row)
    if session.execute(changing.returning(Watch.home_id)).first() is None:
        raise Conflict
    session.expire(found)


def _said(found: Watch) -> dict[str, int | None]:
    return {"no_show_minutes": found.no_show_minutes, "handover_minutes": found.handover_minutes}


def _wrong(wanted: dict[str, int | None]) -> Iterator[Problem]:
    for name, minutes in wanted.items():
        if minutes is not None and not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
            message = f"Write from {FEWEST_MINUTES} to {MOST_MINUTES} minutes, or leave it empty."
            yield Problem(path=name, code="out_of_range", message=message)
