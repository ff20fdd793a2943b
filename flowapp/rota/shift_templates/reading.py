"""Reading shift templates: those of a home and those for all homes."""

from __future__ import annotations

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.shift_templates.template import ShiftTemplate


def templates_for(session: Session, home_id: int, *, active_only: bool = True) -> list[ShiftTemplate]:
    """Answer the templates a home plans with, by the time they start; its own stand for those of all with its code."""
    query = select(ShiftTemplate).where(or_(ShiftTemplate.home_id.is_(None), ShiftTemplate.home_id == home_id))
    found = {each.code: each for each in sorted(session.scalars(query), key=lambda each: each.home_id is not None)}
    kept = [each for each in found.values() if each.is_active or not active_only]
    return sorted(kept, key=lambda each: (each.start_local, each.end_local, each.code))


def seen_templates(session: Session, who: Person, *, after: int = 0, limit: int | None = None) -> list[ShiftTemplate]:
    """Answer the templates somebody may see: those for all homes and those of theirs."""
    homes = homes_of(who, "home.view")
    theirs = true() if homes is ALL else ShiftTemplate.home_id.in_(homes)
    query = select(ShiftTemplate).where(ShiftTemplate.id > after, or_(ShiftTemplate.home_id.is_(None), theirs))
    return list(session.scalars(query.order_by(ShiftTemplate.id).limit(limit)))


def visible_template(session: Session, who: Person, template_id: int) -> ShiftTemplate:
    """Answer a template that somebody may see; raises NotFound, whether it does not exist or is another home's."""
    found = session.get(ShiftTemplate, template_id)
    if found is None or (found.home_id is not None and not can(who, "home.view", On(home_id=found.home_id))):
        raise NotFound
    return found
