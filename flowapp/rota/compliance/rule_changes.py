"""Changing the rules: those shipped, and those an organisation adds; each a guard, a change and a note in the audit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from flowapp.rota.compliance.rule import (
    LONGEST_CODE,
    LONGEST_MEANING,
    LONGEST_NAME,
    SHIPPED,
    ComplianceRule,
    Rule,
    rule_called,
)
from flowapp.rota.tasks.plan import text_problems

CODE = re.compile(rf"[A-Z][A-Z0-9_]{{1,{LONGEST_CODE - 1}}}")
LARGEST = {"weeks": 52, "days": 28, "people": 20}
_KEPT = ("name", "meaning", "category", "severity", "mode", "is_active")
_WORDS = "A rule is the organisation’s: somebody who looks after FlowApp changes it."


def update(session: Session, cause: Cause, who: Person, code: str, *, seen: int | None = None, **given: Any) -> Rule:
    """Change a rule and answer it: `given` are fields of `Rule`; nothing is written when each is as before."""
    _require(who)
    before = rule_called(session, code)
    if before is None:
        raise NotFound
    if seen is not None and seen != before.version:
        raise Conflict
    if "parameters" in given:
        given["parameters"] = {**before.parameters, **given["parameters"]}
    after = replace(before, **given)
    if after == before:
        return before
    if problems := list(_problems(after)):
        raise Refused(problems)
    old, new = _facts(before), _facts(after)
    changed = [name for name in new if old[name] != new[name]]
    return _write(session, cause, after, "update", {n: old[n] for n in changed}, {n: new[n] for n in changed})


def add(session: Session, cause: Cause, who: Person, rule: Rule) -> Rule:
    """Add a rule of one's own, which people and workflows tell of; raises Refused for a code that there is already."""
    _require(who)
    problems = list(_problems(rule))
    if not CODE.fullmatch(rule.code):
        message = f"Write the code in capital letters, digits and _, {LONGEST_CODE} at most, such as FIRE_DRILL."
        problems.append(Problem(path="code", code="bad_value", message=message))
    elif rule_called(session, rule.code) is not None:
        message = f"There is a rule {rule.code} already. Choose another code."
        problems.append(Problem(path="code", code="taken", message=message))
    if problems:
        raise Refused(problems)
    return _write(session, cause, rule, "create", None, _facts(rule))


def _require(who: Person) -> None:
    everywhere = On(home_id=None)
    if can(who, "settings.edit", everywhere):
        return
    if not can(who, "violation.view"):
        raise NotFound
    raise NotAllowed(_WORDS)


def _write(session: Session, cause: Cause, rule: Rule, action: str, before: Any, after: Any) -> Rule:
    row = session.scalar(select(ComplianceRule).where(ComplianceRule.code == rule.code).with_for_update())
    if row is None:
        row = ComplianceRule(code=rule.code, created_at=cause.at, version=0)
        session.add(row)
    if row.version != rule.version:
        raise Conflict
    row.name, row.meaning, row.is_active = rule.name.strip(), rule.meaning.strip(), rule.is_active
    row.category, row.severity, row.mode = rule.category, rule.severity, rule.mode
    row.parameters = dict(rule.parameters)
    row.updated_at, row.version = cause.at, rule.version + 1
    session.flush()
    audit.write(session, cause, action=f"rule.{action}", entity="rule", entity_id=row.id, before=before, after=after)
    return replace(rule, version=row.version)


def _facts(rule: Rule) -> dict[str, Any]:
    return {
        **{name: value for name, value in asdict(rule).items() if name in _KEPT},
        "parameters": dict(rule.parameters),
    }


def _problems(rule: Rule) -> Iterator[Problem]:
    if not rule.name.strip():
        yield Problem(path="name", code="missing", message="Say in a few words what the rule asks.")
    yield from text_problems("name", rule.name, most=LONGEST_NAME)
    yield from text_problems("meaning", rule.meaning, most=LONGEST_MEANING, lines=True)
    known = SHIPPED[rule.code].parameters if rule.code in SHIPPED else {}
    for name, value in rule.parameters.items():
        if name not in known:
            message = f"This rule has no number called {name!r}."
            yield Problem(path=f"parameters.{name}", code="unknown", message=message)
        elif not 1 <= value <= LARGEST[name]:
            message = f"Choose a number from 1 to {LARGEST[name]}."
            yield Problem(path=f"parameters.{name}", code="out_of_range", message=message)
