"""Writing down that a rule is broken, once however often it is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.rota.compliance.finding import Evidence, Finding
from flowapp.rota.compliance.reading import KnownViolation, violation_as_it_is, visible_violation, with_key
from flowapp.rota.compliance.rule import Severity, rules
from flowapp.rota.compliance.telling import tell_broken
from flowapp.rota.compliance.violation import LONGEST_DESCRIPTION
from flowapp.rota.compliance.writing import add, find_again, let_key_go, not_broken_before, note, remove
from flowapp.rota.homes import place_of
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Staff
from flowapp.rota.tasks.plan import day_problems, text_problems

UTC = "UTC"


class Raised(NamedTuple):
    """A violation, and whether it was written just now."""

    violation_id: int
    created: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody says is broken; the severity is the rule's unless told otherwise."""

    rule: str
    description: str
    severity: Severity | None = None
    home_id: int | None = None  # that of the person or the shift, where one is named
    staff_id: int | None = None
    shift_id: int | None = None
    certificate_id: int | None = None
    due_on: date | None = None
    evidence: tuple[Evidence, ...] = ()


def report(session: Session, cause: Cause, who: Person, told: Report) -> Raised:
    """Write down what somebody says is broken, unless it is known; raises Refused for a rule that there is not."""
    home_id = _home_of(session, who, told)
    require(who, "violation.note", On(home_id=home_id))
    told = replace(told, description=told.description.replace("\r\n", "\n").strip(), home_id=home_id)
    known_rules = rules(session)
    if problems := list(_problems(told, [code for code, rule in known_rules.items() if rule.is_active])):
        raise Refused(problems)
    finding = Finding(
        rule=told.rule,
        home_id=home_id,
        severity=told.severity or known_rules[told.rule].severity,
        description=told.description,
        staff_id=told.staff_id,
        shift_id=told.shift_id,
        certificate_id=told.certificate_id,
        due_on=told.due_on,
        evidence=told.evidence,
    )
    return raise_found(session, cause, finding)


def raise_found(session: Session, cause: Cause, finding: Finding, *, check_id: int | None = None) -> Raised:
    """Write a finding down as a violation, or on the one that is there already.

    It stays unwritten while its risk is accepted, and when somebody has said of the same facts that the rule is kept.
    """
    known = with_key(session, finding.key)
    if known is not None and known.is_live:
        find_again(session, cause, known, finding)
        return Raised(known.id, created=False)
    if known is not None and not _has_run_out(session, known, cause):
        return Raised(known.id, created=False)
    if finding.evidence and (settled := not_broken_before(session, finding)) is not None:
        return Raised(settled, created=False)
    if known is not None:
        let_key_go(session, known)
    made = add(session, cause, finding, check_id=check_id)
    if made is None:  # another process was quicker
        quicker = with_key(session, finding.key)
        if quicker is None:
            raise Conflict
        return Raised(quicker.id, created=False)
    written = violation_as_it_is(session, made)
    after = {"rule": written.rule, "status": written.status, "severity": written.severity}
    note(session, cause, written, "create", before=None, after=after)
    tell_broken(session, cause, written)
    return Raised(made, created=True)


def unreport(session: Session, cause: Cause, who: Person, violation_id: int) -> None:
    """Take out what was told by mistake; raises Conflict when somebody has touched it since."""
    known = visible_violation(session, who, violation_id)
    require(who, "violation.note", known.on)
    if known.version != 1:
        raise Conflict("Somebody changed this violation since, so it stays. Say there that the rule is not broken.")
    remove(session, known)
    note(session, cause, known, "remove", before={"rule": known.rule, "status": known.status}, after=None)


def today_at(session: Session, home_id: int | None, cause: Cause) -> date:
    """Answer the day it is in a home; without one, in the middle of Greenwich."""
    place = place_of(session, home_id) if home_id is not None else None
    return cause.at.astimezone(place.zone if place is not None else ZoneInfo(UTC)).date()


def _has_run_out(session: Session, known: KnownViolation, cause: Cause) -> bool:
    return known.accepted_until is None or known.accepted_until < today_at(session, known.home_id, cause)


def _home_of(session: Session, who: Person, told: Report) -> int | None:
    """Answer the home of what it is about; a person or shift that one may not see is as good as not there."""
    homes = {told.home_id} - {None}
    for path, table, number, permission in (
        ("staff_id", Staff, told.staff_id, "staff.view"),
        ("shift_id", Shift, told.shift_id, "rota.view_all"),
    ):
        if number is None:
            continue
        found = session.scalar(select(table.home_id).where(table.id == number))
        if found is None or not can(who, permission, On(home_id=found)):
            raise Refused([Problem(path=path, code="unknown", message=f"There is none with the number {number}.")])
        homes.add(found)
    if len(homes) > 1:
        message = "The person, the shift and the home do not belong together. Name what belongs to one home."
        raise Refused([Problem(path="staff_id", code="two_homes", message=message)])
    home_id = next(iter(homes), None)
    if home_id is not None and place_of(session, home_id) is None:
        raise NotFound
    return home_id


def _problems(told: Report, codes: list[str]) -> Iterator[Problem]:
    if told.rule not in codes:
        message = f"There is no rule {told.rule!r}. Choose one of {', '.join(codes)}."
        yield Problem(path="rule", code="unknown", message=message)
    if not told.description:
        yield Problem(path="description", code="missing", message="Say in a sentence what is broken.")
    yield from text_problems("description", told.description, most=LONGEST_DESCRIPTION, lines=True)
    yield from day_problems("due_on", told.due_on)
