"""What the pages about who can take a shift show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for

from flowapp.accounts.people import Person
from flowapp.rota.eligibility.candidates import Candidates, Judged
from flowapp.rota.eligibility.explaining import explain
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.overruling import needs_override, standing
from flowapp.rota.eligibility.ranking import Tier
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.wording import list_text, number_text
from flowapp.web.filters import long_day, plural

TIERS = {
    Tier.OWED: "Within their contracted hours",
    Tier.PART_TIME: "More than their contracted hours, within a full week",
    Tier.BANK: "From the bank",
    Tier.OVERTIME: "Overtime",
    Tier.RELIEF: "Helps out from another home",
    Tier.AGENCY: "From an agency",
}
ORDER = {"block": 0, "warn": 1, "pass": 2}


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """Somebody on the page."""

    name: str
    note: str
    reasons: tuple[str, ...]
    why_url: str
    give_url: str  # empty where they cannot be given it at once


@dataclass(frozen=True, kw_only=True)
class CandidatesPage:
    """Who can take a shift."""

    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    taken: str  # why nobody can be given it any more
    summary: str
    version: int
    eligible: tuple[PersonCard, ...]
    near: tuple[PersonCard, ...]
    blocked: tuple[PersonCard, ...]


def candidates_page(found: Candidates, who: Person) -> CandidatesPage:
    """Put together the page of a shift."""
    shift = found.shift
    near = {each.staff_id for each in found.near_misses}
    return CandidatesPage(
        title="Who can take this shift?",
        sentence=shift_sentence(shift),
        facts=shift_facts(shift, found.slot),
        taken=taken(shift),
        summary=_summary(found),
        version=shift.version,
        eligible=tuple(_card(shift, each, who) for each in found.eligible),
        near=tuple(_card(shift, each, who) for each in found.near_misses),
        blocked=tuple(_card(shift, each, who) for each in found.blocked if each.staff_id not in near),
    )


@dataclass(frozen=True, kw_only=True)
class WhyPage:
    """Whether one person can take a shift, rule by rule."""

    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    candidates_url: str
    checks: tuple[Mapping[str, str], ...]
    name: str
    may_give: bool
    needs_reason: bool
    overrule: tuple[str, ...]
    give_url: str
    version: int
    reason: str
    errors: Mapping[str, str]
    problems: tuple[tuple[str, str], ...]


def why_page(
    shift: PlannedShift,
    slot: Slot,
    judged: Judged,
    who: Person,
    *,
    reason: str = "",
    problems: tuple[tuple[str, str], ...] = (),
) -> WhyPage:
    """Put together the page of a person and a shift."""
    stands = standing(judged.verdict.findings, who, shift.home_id)
    rules = sorted(explain(slot, judged.known.candidate, judged.verdict), key=lambda each: ORDER[each.result])
    return WhyPage(
        title=f"Can {judged.name} take this shift?",
        sentence=_answer(stands.forbidden, stands.needs_reason),
        facts=(("Shift", shift_sentence(shift)), *shift_facts(shift, slot)),
        candidates_url=url_for("eligibility.show_candidates", shift_id=shift.id),
        checks=tuple(
            {"result": each.result, "rule": each.title, "sentence": _with_fix(each.text, each.fix)} for each in rules
        ),
        name=judged.name,
        may_give=shift.status is ShiftStatus.OPEN and not stands.forbidden,
        needs_reason=bool(stands.needs_reason),
        overrule=tuple(dict.fromkeys(each.rule for each in stands.needs_reason)),
        give_url=url_for("eligibility.give", shift_id=shift.id, staff_id=judged.staff_id),
        version=shift.version,
        reason=reason,
        errors={field: words for field, words in problems if field == "reason"},
        problems=problems,
    )


def shift_sentence(shift: PlannedShift) -> str:
    """Say when a shift is, and as what."""
    return f"{shift.role.label}, {long_day(shift.local_date)}, {shift.start_local} to {shift.end_local}."


def shift_facts(shift: PlannedShift, slot: Slot) -> tuple[tuple[str, str], ...]:
    """Answer what else there is to know of a shift."""
    skills = list_text([*slot.skills.values()], most=len(slot.skills)) if slot.skills else "None asked for"
    return (
        ("Where", shift.unit_name or "The whole home"),
        ("Paid hours", number_text(shift.hours)),
        ("Training", skills),
    )


def taken(shift: PlannedShift) -> str:
    """Say why nobody can be given a shift; empty where somebody can."""
    if shift.status is ShiftStatus.OPEN:
        return ""
    if shift.status is ShiftStatus.ASSIGNED:
        return f"{shift.staff_name} has this shift. Take them off it before you give it to somebody else."
    return f"This shift is {shift.status.label.lower()}, so nobody can be given it."


def _summary(found: Candidates) -> str:
    people = plural(found.considered, "person", "people")
    return f"{len(found.eligible)} of {people} who do this job here can take it."


def _card(shift: PlannedShift, judged: Judged, who: Person) -> PersonCard:
    findings = judged.verdict.findings
    at_once = shift.status is ShiftStatus.OPEN and not any(map(needs_override, findings))
    return PersonCard(
        name=judged.name,
        note=_note(judged),
        reasons=tuple(_sentences(judged.verdict.blocks or judged.verdict.warnings)),
        why_url=url_for("eligibility.show_why", shift_id=shift.id, staff_id=judged.staff_id),
        give_url=url_for("eligibility.give", shift_id=shift.id, staff_id=judged.staff_id) if at_once else "",
    )


def _note(judged: Judged) -> str:
    who, rank = judged.known.candidate, judged.rank
    if rank is None:
        return who.role.label
    parts = [who.role.label, TIERS[rank.tier], f"{number_text(who.week_hours)} hours in that week so far"]
    if who.average_hours is not None:
        parts.append(f"{number_text(round(who.average_hours, 1))} a week on average with it")
    return f"{' · '.join(parts)} · {_score(rank.score)}"


def _score(score: Decimal) -> str:
    return f"{number_text(round(score))} of 100 points"


def _sentences(findings: Iterable[Finding]) -> Iterable[str]:
    return (
        _with_fix(f"{each.text[0].upper()}{each.text[1:]}.", each.fix)
        for each in findings
        if each.mode is not Mode.RANK
    )


def _with_fix(text: str, fix: str) -> str:
    return f"{text} To mend it: {fix}." if fix else text


def _answer(forbidden: tuple[Finding, ...], needs_reason: tuple[Finding, ...]) -> str:
    if forbidden:
        return f"Not as things are: {plural(len(forbidden), 'thing')} would have to be mended first."
    if needs_reason:
        return "Only if you say why: read what stands in the way below."
    return "Yes. No rule stands in the way."
