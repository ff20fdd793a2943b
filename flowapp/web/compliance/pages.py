"""What the pages of compliance show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import Person
from flowapp.rota.compliance.check import CheckStatus, ComplianceCheck
from flowapp.rota.compliance.checks import waiting_in
from flowapp.rota.compliance.reading import KnownViolation, clear_since, may_resolve, rule_of
from flowapp.rota.compliance.rule import Rule, Severity, rules
from flowapp.rota.compliance.violation import ViolationStatus
from flowapp.web.compliance.finding import MOST, Wanted, count_found, found, visible_homes
from flowapp.web.filters import When, day, ended, exact, period, plural, when

SEVERITY_PILLS = {
    Severity.INFO: ("For information", "quiet", "info"),
    Severity.LOW: ("Low", "quiet", "arrow-down"),
    Severity.MEDIUM: ("Medium", "wait", "triangle-alert"),
    Severity.HIGH: ("High", "bad", "arrow-up"),
    Severity.CRITICAL: ("Critical", "bad", "octagon-alert"),
}
STATUS_PILLS = {
    ViolationStatus.OPEN: ("Open", "wait", "circle-dashed"),
    ViolationStatus.ACKNOWLEDGED: ("Seen", "info", "eye"),
    ViolationStatus.IN_PROGRESS: ("Being put right", "info", "play"),
    ViolationStatus.RESOLVED: ("Put right", "good", "check"),
    ViolationStatus.ACCEPTED_RISK: ("Risk accepted", "quiet", "hand"),
    ViolationStatus.FALSE_POSITIVE: ("Not broken after all", "quiet", "circle-minus"),
}
Pill = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class ViolationRow:
    """One violation on the board."""

    href: str
    description: str
    home: str
    severity: Pill
    status: Pill
    since: When
    owner: str
    raised_by: str


@dataclass(frozen=True, kw_only=True)
class RuleGroup:
    """The violations of one rule."""

    id: str
    name: str
    meaning: str
    rows: tuple[ViolationRow, ...]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far checking is, and what it found last."""

    waiting: int
    sentence: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Board:
    """Where rules are broken, rule by rule; or what is over."""

    sentence: str
    tabs: tuple[dict[str, Any], ...]
    over: bool
    groups: tuple[RuleGroup, ...]
    rows: tuple[ViolationRow, ...]
    homes: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str], ...]
    home: str
    rule: str
    applied: int
    summary: str
    url: str
    progress: Progress
    may_check: bool
    clear: str


@dataclass(frozen=True, kw_only=True)
class ViolationPage:
    """One violation."""

    violation_id: int
    title: str
    sentence: str
    rule: str
    meaning: str
    severity: Pill
    status: Pill
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    staff_url: str
    run_url: str
    may_acknowledge: bool
    may_take_on: bool
    may_resolve: bool
    may_accept: bool
    may_reopen: bool
    task_url: str
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class RulesPage:
    """Every rule."""

    rows: tuple[tuple[Rule, Pill, str], ...]


def board(session: Session, person: Person, wanted: Wanted, *, now: datetime, zone: ZoneInfo) -> Board:
    """Put together the board."""
    homes, known, count = visible_homes(session, person), rules(session), count_found(session, person, wanted)
    violations = found(session, person, wanted)
    groups = [] if wanted.over else _groups(violations, known, now, zone)
    live = count_found(session, person, Wanted())
    return Board(
        sentence=f"{plural(live, 'rule is', 'rules are')} broken." if live else "",
        tabs=(
            {"text": "To put right", "href": url_for("compliance.index"), "current": not wanted.over, "count": live},
            {"text": "Over", "href": url_for("compliance.index", tab="over"), "current": wanted.over, "count": None},
        ),
        over=wanted.over,
        groups=tuple(groups),
        rows=tuple(_row(each, now, zone) for each in violations) if wanted.over else (),
        homes=tuple((home.code, home.name) for home in homes),
        rules=tuple((each.code, each.name) for each in known.values()),
        home=wanted.home,
        rule=wanted.rule,
        applied=wanted.applied,
        summary=plural(count, "violation") + (f"; the first {MOST} are shown" if count > MOST else ""),
        url=url_for("compliance.index"),
        progress=progress(session, person, now=now, zone=zone),
        may_check=can(person, "violation.note"),
        clear=_clear(clear_since(session, person), zone),
    )


def _groups(
    violations: list[KnownViolation], known: Mapping[str, Rule], now: datetime, zone: ZoneInfo
) -> list[RuleGroup]:
    groups = []
    by_rule = sorted(violations, key=lambda each: [*known].index(each.rule) if each.rule in known else len(known))
    for code, members in groupby(by_rule, key=lambda each: each.rule):
        rule = known.get(code)
        rows = tuple(_row(each, now, zone) for each in members)
        name, meaning = (rule.name, rule.meaning) if rule else (code, "")
        groups.append(RuleGroup(id=f"rule-{code.lower().replace('_', '-')}", name=name, meaning=meaning, rows=rows))
    return groups


def progress(session: Session, person: Person, *, now: datetime, zone: ZoneInfo) -> Progress:
    """Say how far checking is, or when it was done the last time."""
    homes = homes_of(person, "violation.view")
    waiting = waiting_in(session, homes)
    query = select(func.max(ComplianceCheck.finished_at)).where(ComplianceCheck.status == CheckStatus.DONE)
    last = session.scalar(query if homes is None else query.where(ComplianceCheck.home_id.in_(homes)))
    if waiting:
        sentence = f"{plural(waiting, 'home is', 'homes are')} still being looked through."
    elif last is None:
        sentence = "Nothing was looked through yet."
    else:
        sentence = f"Looked through {when(last, now=now, zone=zone).relative}."
    return Progress(waiting=waiting, sentence=sentence, url=url_for("compliance.show_progress"))


def _clear(since: datetime | None, zone: ZoneInfo) -> str:
    return f"All clear since {day(since.astimezone(zone).date())}" if since else "All clear"


def _row(violation: KnownViolation, now: datetime, zone: ZoneInfo) -> ViolationRow:
    return ViolationRow(
        href=url_for("compliance.show_violation", violation_id=violation.id),
        description=violation.description,
        home=violation.home_name or "All homes",
        severity=SEVERITY_PILLS[violation.severity],
        status=STATUS_PILLS[violation.status],
        since=when(violation.closed_at or violation.detected_at, now=now, zone=zone),
        owner=violation.owner_name or "Nobody yet",
        raised_by=violation.raised_by,
    )


_NOTHING: Mapping[str, str] = MappingProxyType({})


def violation_page(
    session: Session,
    person: Person,
    violation: KnownViolation,
    *,
    zone: ZoneInfo,
    typed: Mapping[str, str] = _NOTHING,
    errors: Mapping[str, str] = _NOTHING,
) -> ViolationPage:
    """Put together the page of one violation."""
    rule = rule_of(session, violation.rule)
    resolves, live = may_resolve(person, rule.category, violation.on), violation.is_live
    mine = violation.owner_id == person.user_id and violation.status is ViolationStatus.IN_PROGRESS
    notes = can(person, "violation.note", violation.on)
    return ViolationPage(
        violation_id=violation.id,
        title=rule.name,
        sentence=violation.description,
        rule=rule.name,
        meaning=rule.meaning,
        severity=SEVERITY_PILLS[violation.severity],
        status=STATUS_PILLS[violation.status],
        facts=_facts(violation, zone),
        evidence=tuple((each["label"], each["value"]) for each in violation.evidence),
        staff_url=url_for("staff.show_member", staff_id=violation.staff_id) if violation.staff_id else "",
        run_url=_run_url(violation),
        may_acknowledge=notes and violation.status is ViolationStatus.OPEN,
        may_take_on=resolves and live and not mine,
        may_resolve=resolves and live,
        may_accept=live and can(person, "violation.accept", violation.on),
        may_reopen=resolves and not live,
        task_url=url_for("tasks.new"),
        typed=typed,
        errors=errors,
        problems=tuple(errors.items()),
    )


def _run_url(violation: KnownViolation) -> str:
    number = violation.execution_id
    return url_for("executions.show_execution", execution_id=number) if number else ""


def _facts(violation: KnownViolation, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    facts = [("Home", violation.home_name or "All homes")]
    if violation.staff_name:
        facts.append(("Who", violation.staff_name))
    if violation.first_day and violation.last_day:
        facts.append(("When", period(violation.first_day, violation.last_day)))
    facts.append(("Found", f"{exact(violation.detected_at, zone=zone)}, by {violation.raised_by}"))
    if violation.due_on:
        facts.append(("Put right by", day(violation.due_on)))
    if violation.acknowledged_at:
        facts.append(("Seen", f"{exact(violation.acknowledged_at, zone=zone)}, by {violation.acknowledged_by}"))
    facts.append(("Who puts it right", violation.owner_name or "Nobody yet"))
    if violation.closed_at:
        label = STATUS_PILLS[violation.status][0]
        facts.append((label, f"{exact(violation.closed_at, zone=zone)}, by {violation.closed_by}"))
    if violation.accepted_until:
        facts.append(("May stay so until", day(violation.accepted_until)))
    if violation.resolution:
        facts.append(("In words", ended(violation.resolution)))
    return tuple(facts)


def rules_page(session: Session) -> RulesPage:
    """Put together the list of rules."""
    return RulesPage(
        rows=tuple((each, SEVERITY_PILLS[each.severity], _watched(each)) for each in rules(session).values())
    )


def _watched(rule: Rule) -> str:
    if not rule.is_active:
        return "Switched off"
    return "By each check" if rule.is_checked else "By people and workflows"
