"""Everything that can be done to a handover: it is written, acknowledged, and what it asks for is ticked off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.events.event import UserFacts
from flowapp.events.handover import HandoverContext, HandoverRecorded
from flowapp.events.outbox import record
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.kernel.ids import new_uid
from flowapp.kernel.signs import NO_TEXT, NO_TEXT_BUT_LINES
from flowapp.kernel.unchanged import write_if_unchanged
from flowapp.rota.handovers.handover import LONGEST_ITEM, LONGEST_TEXT, MOST_ITEMS, Handover, HandoverItem
from flowapp.rota.handovers.reading import visible_handover
from flowapp.rota.homes import place_of
from flowapp.rota.shifts import Shift
from flowapp.rota.units import Unit, is_unit_of

# A handover is about a change of shifts that was lately, or is about to be.
LATEST, SOONEST = timedelta(days=2), timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class HandoverNotes:
    """What is written down for the next shift."""

    unit_id: int | None  # None for the whole home
    change_at: datetime
    text: str
    items: tuple[str, ...] = ()
    from_shift_id: int | None = None
    to_shift_id: int | None = None


def write_handover(session: Session, cause: Cause, who: Person, *, home_id: int, notes: HandoverNotes) -> int:
    """Write a handover and answer its number.

    Raises NotFound or NotAllowed when `who` may not, and Refused naming each field that is not right.
    """
    require(who, "handover.write", On(home_id=home_id))
    if place_of(session, home_id) is None:
        raise NotFound
    text = notes.text.replace("\r\n", "\n").strip()
    items = tuple(" ".join(item.split()) for item in notes.items if item.strip())
    problems = [*_wrong_words(text, items), *_wrong_places(session, cause, home_id, notes)]
    if problems:
        raise Refused(problems)
    made = Handover(
        uid=new_uid(cause.at),
        home_id=home_id,
        unit_id=notes.unit_id,
        change_at=notes.change_at,
        from_shift_id=notes.from_shift_id,
        to_shift_id=notes.to_shift_id,
        text=text,
        written_by=cause.actor.name[:160],
        written_by_id=cause.actor.id,
        acknowledged_at=None,
        acknowledged_by="",
        acknowledged_by_id=None,
        created_at=cause.at,
        updated_at=cause.at,
        version=1,
    )
    session.add(made)
    session.flush()
    rows = enumerate(items, 1)
    session.add_all(HandoverItem(handover_id=made.id, position=at, text=item, done_by="") for at, item in rows)
    session.flush()
    # What it says may be about residents; the audit keeps that it was written, not what.
    after = {"unit_id": made.unit_id, "change_at": made.change_at, "items": len(items)}
    _note(session, cause, made, "write", before=None, after=after)
    _tell(session, cause, made, len(items))
    return made.id


def acknowledge(session: Session, cause: Cause, who: Person, handover_id: int, *, seen: int | None = None) -> None:
    """Say that one has read a handover and takes over; whoever wrote it cannot.

    Raises NotFound or NotAllowed when `who` may not, and Conflict when somebody has acknowledged it already.
    """
    handover = _load(session, who, handover_id)
    if handover.written_by_id == who.user_id:
        raise Conflict("You wrote this handover, so whoever takes over from you acknowledges it.")
    if handover.acknowledged_at is not None:
        raise Conflict(f"{handover.acknowledged_by} has acknowledged this handover already.")
    if seen is not None and seen != handover.version:
        raise Conflict
    values = {
        "acknowledged_at": cause.at,
        "acknowledged_by": cause.actor.name[:160],
        "acknowledged_by_id": cause.actor.id,
        "updated_at": cause.at,
        "version": handover.version + 1,
    }
    write_if_unchanged(session, handover, Handover.version == handover.version, values=values)
    _note(session, cause, handover, "acknowledge", before=None, after={"acknowledged_by": cause.actor.name})


def tick(session: Session, cause: Cause, who: Person, handover_id: int, item_id: int, *, done: bool) -> None:
    """Say that something a handover asks for is done, or is not done after all; the same again changes nothing."""
    handover = _load(session, who, handover_id)
    item = session.get(HandoverItem, item_id)
    if item is None or item.handover_id != handover_id:
        raise NotFound
    if (item.done_at is not None) is done:
        return
    before = {"item": item_id, "done_by": item.done_by}
    item.done_at = cause.at if done else None
    item.done_by, item.done_by_id = (cause.actor.name[:160], cause.actor.id) if done else ("", None)
    session.flush()
    _note(session, cause, handover, "tick", before=before, after={"item": item_id, "done_by": item.done_by})


def _load(session: Session, who: Person, handover_id: int) -> Handover:
    visible_handover(session, who, handover_id)
    found = session.get(Handover, handover_id)
    if found is None:
        raise NotFound
    require(who, "handover.write", On(home_id=found.home_id))
    return found


def _wrong_words(text: str, items: tuple[str, ...]) -> Iterator[Problem]:
    if not text:
        message = "Write what the next shift must know, even if it is that the shift was quiet."
        yield Problem(path="text", code="missing", message=message)
    if len(text) > LONGEST_TEXT:
        message = f"The handover has more than {LONGEST_TEXT} characters; shorten it."
        yield Problem(path="text", code="too_long", message=message)
    if NO_TEXT_BUT_LINES.search(text):
        message = "The handover has a sign in it that is not text; take it out, or type it anew."
        yield Problem(path="text", code="control_character", message=message)
    if len(items) > MOST_ITEMS:
        yield Problem(path="items", code="too_many", message=f"Ask for {MOST_ITEMS} things at most.")
    if any(len(item) > LONGEST_ITEM for item in items):
        message = f"Say each thing to do in {LONGEST_ITEM} characters at most, a line each."
        yield Problem(path="items", code="too_long", message=message)
    if any(NO_TEXT.search(item) for item in items):
        message = "One of the things to do has a sign in it that is not text; type it anew."
        yield Problem(path="items", code="control_character", message=message)


def _wrong_places(session: Session, cause: Cause, home_id: int, notes: HandoverNotes) -> Iterator[Problem]:
    if notes.unit_id is not None and not is_unit_of(session, notes.unit_id, home_id):
        message = "This home has no such unit; choose one of its units, or the whole home."
        yield Problem(path="unit_id", code="unknown", message=message)
    if not cause.at - LATEST <= notes.change_at <= cause.at + SOONEST:
        message = "Choose a change of shifts of the last two days, or of the next twelve hours."
        yield Problem(path="change_at", code="out_of_range", message=message)
    for name, shift_id in (("from_shift_id", notes.from_shift_id), ("to_shift_id", notes.to_shift_id)):
        if shift_id is not None and not _is_shift_of(session, shift_id, home_id):
            yield Problem(path=name, code="unknown", message="This home has no such shift.")


def _is_shift_of(session: Session, shift_id: int, home_id: int) -> bool:
    found = session.get(Shift, shift_id)
    return found is not None and found.home_id == home_id


def _note(session: Session, cause: Cause, handover: Handover, action: str, *, before: Any, after: Any) -> None:
    audit.write(
        session,
        cause,
        action=f"handover.{action}",
        entity="handover",
        entity_id=handover.id,
        home_id=handover.home_id,
        before=before,
        after=after,
    )


def _tell(session: Session, cause: Cause, made: Handover, things_to_do: int) -> None:
    unit = None if made.unit_id is None else session.get(Unit, made.unit_id)
    context = HandoverContext(
        handover_id=made.id,
        user_id=cause.actor.id,
        care_home_id=made.home_id,
        unit_id=made.unit_id,
        unit="" if unit is None else unit.name,
        change_at=made.change_at,
        things_to_do=things_to_do,
        user=UserFacts(id=cause.actor.id, name=cause.actor.name, role=cause.actor.role or ""),
    )
    record(session, HandoverRecorded(subject_id=made.id, care_home_id=made.home_id, cause=cause, context=context))
