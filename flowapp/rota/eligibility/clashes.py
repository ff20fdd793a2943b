"""E05 to E08 and E18: whether somebody is free at that time, and there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flowapp.rota.eligibility.candidate import Candidate, Presence
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.wall_time import Interval, overlap
from flowapp.rota.wording import day_text


def overlapping(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E05: they have no other shift at that time, in whichever home; nobody can overrule it."""
    for held in who.shifts_beside(slot.shift_id):
        if overlap(held.interval, slot.interval):
            text = f"already works at {held.place} {_span(held.interval, slot)}"
            evidence = {"shift_id": held.shift_id}
            yield Finding(rule="E05", mode=Mode.BLOCK, code="OVERLAP", text=text, evidence=evidence)


def leave(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E06: they are not on leave; leave that was only asked for is said."""
    for away in who.away:
        if not overlap(away.interval, slot.interval):
            continue
        shared = Interval(
            max(away.interval.starts_at, slot.interval.starts_at), min(away.interval.ends_at, slot.interval.ends_at)
        )
        yield Finding(
            rule="E06",
            mode=Mode.BLOCK if away.approved else Mode.WARN,
            code="ON_LEAVE" if away.approved else "LEAVE_REQUESTED",
            text=f"{away.words if away.approved else f'has asked for {away.words}'} {_span(shared, slot)}",
            evidence={"leave_request_id": away.leave_request_id},
        )


def absent(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E07: they are not ill, and back from an illness for good."""
    if who.absent_since is not None and who.absent_since <= slot.day:
        text = f"has been away ill since {day_text(who.absent_since)}"
        yield Finding(rule="E07", mode=Mode.BLOCK, code="ABSENT", text=text, fix="close the absence once they are back")


def unavailable(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E08: they did not say that they cannot work then."""
    for said in who.said:
        if said.presence is Presence.UNAVAILABLE and overlap(said.interval, slot.interval):
            why = f" ({said.reason})" if said.reason else ""
            text = f"is not available {_span(said.interval, slot)}{why}"
            yield Finding(rule="E08", mode=Mode.BLOCK, code="UNAVAILABLE", text=text)


def double_day(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E18: they have no other shift that begins on this day."""
    for held in who.shifts_beside(slot.shift_id):
        if held.day == slot.day and not overlap(held.interval, slot.interval):
            text = f"already works on this day, {_span(held.interval, slot)}"
            evidence = {"shift_id": held.shift_id}
            yield Finding(rule="E18", mode=Mode.WARN, code="DOUBLE_DAY", text=text, evidence=evidence)


def _span(interval: Interval, slot: Slot) -> str:
    starts, ends = _local(interval.starts_at, slot), _local(interval.ends_at, slot)
    if starts.date() == ends.date():
        return f"from {starts:%H:%M} to {ends:%H:%M} on {day_text(starts.date())}"
    return f"from {starts:%H:%M} on {day_text(starts.date())} to {ends:%H:%M} on {day_text(ends.date())}"


def _local(moment: datetime, slot: Slot) -> datetime:
    return moment.astimezone(ZoneInfo(slot.timezone))
