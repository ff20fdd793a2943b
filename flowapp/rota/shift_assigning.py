"""Whether somebody may be given a shift: every rule is asked again in the transaction that gives it to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.kernel.errors import Conflict, NotFound, Problem, Refused
from flowapp.rota.assignment.entries import Grounds, Source
from flowapp.rota.eligibility.candidates import Judged, judged_one
from flowapp.rota.eligibility.finding import Finding
from flowapp.rota.eligibility.overruling import needed_right, standing
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.reasons import read_reason

OVERLAP = "E05"
ABOUT_THEM = ("is ", "has ", "starts ", "leaves ", "already ", "comes ")  # texts that go on after a name
UNKNOWN = "There is no member of staff with this number; choose somebody of this home."


@dataclass(frozen=True, kw_only=True)
class Overruling:
    """Which rules somebody has read and overrules, and why."""

    rules: frozenset[str] = frozenset()
    reason: str = ""
    source: Source | None = None


NOTHING = Overruling()


def check_can_take(
    session: Session, who: Person, slot: Slot, staff_id: int, overruling: Overruling = NOTHING
) -> Grounds:
    """Pass whoever can be given this work, and answer what the rules said.

    Raises Refused with every rule that stands in the way, or Conflict naming the shift they have at that time. Somebody
    whom `who` may not see is refused like somebody who does not exist.
    """
    judged = _judged(session, who, slot, staff_id)
    _raise_overlap(judged)
    stands = standing(judged.verdict.findings, who, slot.home_id)
    unsaid = [each for each in stands.needs_reason if each.rule not in overruling.rules]
    problems = [_problem(judged, each, _remedy(each)) for each in stands.forbidden]
    problems += [_problem(judged, each, "If they are to work it all the same, say so and why.") for each in unsaid]
    if problems:
        raise Refused(problems)
    reason = read_reason(overruling.reason)
    if stands.needs_reason and not reason:
        raise Refused([Problem(path="reason", code="required", message="Say why they are to work it all the same.")])
    return Grounds(
        findings=judged.verdict.findings,
        overruled=tuple(dict.fromkeys(each.rule for each in stands.needs_reason)),
        reason=reason,
        source=overruling.source,
    )


def check_still_can(
    session: Session, who: Person, slot: Slot, staff_id: int, overruled: frozenset[str] = frozenset()
) -> None:
    """Pass whoever has this work and can still do it; what they were put on it against counts no more.

    Raises as `check_can_take` does, but not for what only has to be known.
    """
    judged = _judged(session, who, slot, staff_id)
    _raise_overlap(judged)
    blocks = [each for each in judged.verdict.blocks if each.rule not in overruled]
    if blocks:
        raise Refused(_problem(judged, each, "Give the shift to somebody else, or mend this first.") for each in blocks)


def _judged(session: Session, who: Person, slot: Slot, staff_id: int) -> Judged:
    try:
        return judged_one(session, who, slot, staff_id)
    except NotFound:
        raise Refused([Problem(path="staff_id", code="unknown", message=UNKNOWN)]) from None


def _raise_overlap(judged: Judged) -> None:
    others: Iterable[Finding] = (each for each in judged.verdict.blocks if each.rule == OVERLAP)
    for finding in others:
        shift = f" (shift {finding.evidence['shift_id']})"
        raise Conflict(
            f"{judged.name} {finding.text}{shift}, which is at the same time. "
            "Choose somebody else, or change that shift first."
        )


def _problem(judged: Judged, finding: Finding, remedy: str) -> Problem:
    says_of_them = finding.text.startswith(ABOUT_THEM)
    message = f"{judged.name}{' ' if says_of_them else ': '}{finding.text}. {remedy}"
    return Problem(path="staff_id", code=finding.rule, message=message, suggestion=finding.fix or None)


def _remedy(finding: Finding) -> str:
    if needed_right(finding) is None:
        return "Choose somebody else."
    return "Choose somebody else, or ask somebody who may decide that they work it all the same."
