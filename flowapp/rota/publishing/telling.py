"""Telling people that a shift of theirs which they could see is another now.

It hears the events of shifts, inside the transaction of the change: so nobody is forgotten, whether the change was
made on a page, by a program or by a workflow.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from flowapp.accounts.users import person_of_staff
from flowapp.events.event import Event
from flowapp.events.shift import ShiftContext, ShiftDeleted, ShiftDeletedContext, ShiftUpdated, ShiftUpdatedContext
from flowapp.rota.leave_giving_back import Tell
from flowapp.rota.wording import day_text, list_text

HEARD: Final = (ShiftUpdated, ShiftDeleted)
# What people call what changed; what is left out does not concern whoever has the shift.
_FIELDS = {
    "date": "the day",
    "start": "the start",
    "end": "the end",
    "unit_id": "the unit",
    "role": "the role",
    "unpaid_break_minutes": "the unpaid break",
    "notes": "the notes",
    "skills": "the skills",
    "kind": "the kind",
    "working_time": "the working time",
}


def tell_whoever_has_it(session: Session, event: Event, tell: Tell) -> None:
    """Tell whoever has a published shift that it was changed or cancelled, unless they did it themselves."""
    context = event.context
    if not isinstance(context, ShiftContext) or not context.published or context.staff_id is None:
        return
    who = person_of_staff(session, context.staff_id)
    if who is None or who.user_id == event.cause.actor.id:
        return
    shift = context.shift
    when = f"on {day_text(shift.date)} from {shift.start} to {shift.end}"
    if isinstance(context, ShiftUpdatedContext):
        changed = list_text([_FIELDS.get(each.field, each.field) for each in context.changes], most=len(_FIELDS))
        title, words = "A shift of yours was changed", f"{changed[:1].upper()}{changed[1:]} of your shift changed."
        message = f"{words} It is {when} now. Please look at it, and say that you have seen it."
    else:
        why = context.reason if isinstance(context, ShiftDeletedContext) else ""
        title, message = "A shift of yours was cancelled", f"Your shift {when} is not needed any more."
        message += f" Reason: {why}" if why else ""
    link = f"/shifts/{context.shift_id}/"
    tell(session, event.cause, [who.user_id], title=title, message=message, link=link, care_home_id=event.care_home_id)
