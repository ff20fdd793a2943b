"""Publishing a week: every shift of it that staff cannot see yet, in one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.accounts.users import USERS
from flowapp.events.cause import Cause
from flowapp.events.event import UserFacts
from flowapp.events.outbox import record
from flowapp.events.rota import RotaPublished, RotaPublishedContext
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota import shift_changes
from flowapp.rota.homes import home
from flowapp.rota.leave_giving_back import Tell
from flowapp.rota.publishing.preview import Preview, preview
from flowapp.rota.reasons import read_reason
from flowapp.rota.week.week import Week

_WHY = "Somebody cannot work a shift of theirs. Change these shifts, or say why the week is published all the same."


def publish_week(
    session: Session, cause: Cause, who: Person, home_id: int, week: Week, *, tell: Tell | None, reason: str = ""
) -> int:
    """Let staff see a week, tell each of them once, and answer how many shifts that were.

    Nothing is written and nobody is told when they can see all of it already. Raises Refused without a reason where
    somebody cannot work a shift of theirs.
    """
    require(who, "rota.publish", On(home_id=home_id))
    home(session, home_id)
    why, found = read_reason(reason), preview(session, home_id, week)
    if not found.to_publish:
        return 0
    if found.breaches and not why:
        raise Refused([Problem(path="reason", code="missing", message=_WHY)])
    for shift in found.to_publish:
        shift_changes.publish(session, cause, who, shift.id, reason=why)
    _note(session, cause, home_id, found, why)
    record(session, _event(cause, home_id, found, why))
    if tell is not None:
        _tell_people(session, cause, home_id, found, tell)
    return len(found.to_publish)


def _note(session: Session, cause: Cause, home_id: int, found: Preview, reason: str) -> None:
    after = {"week": found.week.text, "shifts": len(found.to_publish), "breaches": len(found.breaches)}
    audit.write(
        session,
        cause,
        action="rota.publish",
        entity="care_home",
        entity_id=home_id,
        home_id=home_id,
        after=after,
        reason=reason,
    )


def _event(cause: Cause, home_id: int, found: Preview, reason: str) -> RotaPublished:
    context = RotaPublishedContext(
        care_home_id=home_id,
        user_id=cause.actor.id,
        week=found.week.text,
        first_day=found.week.monday,
        last_day=found.week.sunday,
        shift_count=len(found.to_publish),
        open_count=found.open,
        gap_count=len(found.gaps),
        breach_count=len(found.breaches),
        reason=reason,
        user=UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    )
    return RotaPublished(subject_id=home_id, care_home_id=home_id, cause=cause, context=context)


def _tell_people(session: Session, cause: Cause, home_id: int, found: Preview, tell: Tell) -> None:
    query = select(USERS.c.id, USERS.c.staff_id).where(USERS.c.staff_id.in_(found.people), USERS.c.is_active)
    for user_id, staff_id in session.execute(query.order_by(USERS.c.id)):
        told: dict[str, Any] = {
            "title": f"Your rota for {found.week.words} is out",
            "message": f"You have {_shifts(found.people[staff_id])}. Please say that you have seen each of them.",
        }
        tell(session, cause, [user_id], link=f"/rota/?week={found.week.text}", care_home_id=home_id, **told)


def _shifts(count: int) -> str:
    return "1 shift" if count == 1 else f"{count} shifts"
