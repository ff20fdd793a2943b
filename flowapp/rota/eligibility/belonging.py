"""E01, E02, E16, E19: whether somebody is at work, does this job, and works in this home."""

from __future__ import annotations

from collections.abc import Iterator

from flowapp.rota.eligibility.candidate import Candidate, Scope
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.roles import can_cover
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.staff import Contract
from flowapp.rota.wording import day_text


def not_active(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E01: they are at work, and employed on the day."""
    text = who.status.why_not
    if text is None and slot.day < who.start_date:
        text = f"starts on {day_text(who.start_date)}"
    if text is None and who.end_date is not None and slot.day > who.end_date:
        text = f"leaves on {day_text(who.end_date)}"
    if text is not None:
        yield Finding(rule="E01", mode=Mode.BLOCK, code="NOT_ACTIVE", text=text)


def role(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E02: they do this job, or one above it."""
    if who.role is slot.role:
        return
    if can_cover(who.role, slot.role):
        text = f"is a {who.role.label.lower()}, and can stand in for a {slot.role.label.lower()}"
        yield Finding(rule="E02", mode=Mode.WARN, code="ROLE_SUBSTITUTION", text=text)
        return
    text = f"a {who.role.label.lower()} cannot stand in for a {slot.role.label.lower()}"
    yield Finding(rule="E02", mode=Mode.BLOCK, code="ROLE_NOT_ALLOWED", text=text)


def home(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E16: they work in this home, or were shown round it."""
    if who.scopes.get(slot.home_id) in (Scope.BASE, Scope.RELIEF):
        return
    never = who.scopes.get(slot.home_id) is Scope.NEVER
    yield Finding(
        rule="E16",
        mode=Mode.BLOCK,
        code="OUT_OF_HOME_SCOPE",
        text="is not to work in this home" if never else "has not been shown round this home",
        fix="" if never else "add this home to where they help out, once they have been shown round",
    )


def agency(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E19: whom an agency sends is asked last."""
    if who.contract is Contract.AGENCY:
        yield Finding(rule="E19", mode=Mode.RANK, code="AGENCY", text="comes from an agency, so is asked last")
