"""What the demo's homes have closed to leave, and a day that one of them keeps for itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from flowapp.accounts.users import person_of
from flowapp.cli.demo.accounts import REGIONAL, Written
from flowapp.cli.demo.homes import GLENFARROW
from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.errors import NotFound
from flowapp.rota.embargoes import changes
from flowapp.rota.embargoes.details import EmbargoDetails
from flowapp.rota.local_days import changes as local_days

CHRISTMAS = ("12-20", "01-03", "Over Christmas and New Year we need everybody. Speak to your manager first.")
FAIR = (7, 5, "Glenfarrow fair")  # month and day of next year; no nation keeps it


def write_closed(session: Session, written: Written, at: datetime) -> None:
    """Let the regional manager close Christmas in every home, and give Glenfarrow House a local day."""
    who = person_of(session, written.accounts[REGIONAL])
    if who is None:
        raise NotFound
    actor = Actor(kind=ActorKind.USER, id=who.user_id, name=who.name, role=who.role.label)
    cause, (first, last, message) = Cause(actor=actor, at=at), CHRISTMAS
    for home_id in written.homes:
        details = EmbargoDetails(home_id=home_id, yearly_from=first, yearly_to=last, message=message)
        changes.create(session, cause, who, details)
    month, day, name = FAIR
    local_days.add(session, cause, who, written.homes[GLENFARROW], day=date(at.year + 1, month, day), name=name)
