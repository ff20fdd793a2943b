"""Who can take a shift, as programs and workflows are told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowapp.rota.eligibility.candidates import Candidates, Judged
from flowapp.rota.eligibility.finding import Finding, Mode


class Told(BaseModel):
    """A part of the answer."""

    model_config = ConfigDict(frozen=True)


class Reason(Told):
    """What one rule says of somebody."""

    rule: str = Field(description="The stable name of the rule, such as E03")
    code: str = Field(description="Which of its reasons, such as CERT_EXPIRED:MEDICATION")
    text: str = Field(description="The reason in words, such as Medication expired on 27 March 2026")
    fix: str = Field(default="", description="What would mend it; empty where nothing would")
    evidence: dict[str, Any] = Field(default_factory=dict, description="Figures, and numbers of records")


class Parts(Told):
    """What a score is made of."""

    fairness: Decimal
    continuity: Decimal
    skill: Decimal
    preference: Decimal
    rest: Decimal
    travel: Decimal


class Best(Told):
    """The first whom whoever asks may put on the shift at once."""

    staff_id: int
    name: str
    tier: int = Field(description="0 contracted hours, 1 part-time extra, 2 bank, 3 overtime, 4 other home, 5 agency")
    score: Decimal = Field(description="Of 100")


class Eligible(Best):
    """Somebody who can take the shift."""

    parts: Parts
    warnings: list[Reason] = Field(description="What is to be known before it is given to them")


class Blocked(Told):
    """Somebody who cannot take the shift, and every reason why."""

    staff_id: int
    name: str
    reasons: list[Reason]


class Unfairness(Told):
    """How unevenly extra shifts of the last four weeks lie on these people; 0 is even."""

    now: Decimal
    with_best: Decimal = Field(description="If the best took this one")


class Summary(Told):
    """Everybody in figures."""

    considered: int = Field(description="How many people were looked at")
    blocked_by: dict[str, int] = Field(description="How many people each rule keeps from it")
    unfairness: Unfairness


class Availability(Told):
    """Who can take a shift, in the order to ask them, and why the others cannot."""

    shift_id: int
    as_of: datetime = Field(description="The moment at which it was so")
    count: int = Field(description="How many people can take it")
    found: bool = Field(description="Whether there is somebody who can be put on it at once")
    best: Best | None
    eligible: list[Eligible]
    blocked: list[Blocked]
    summary: Summary


def availability(found: Candidates, *, limit: int | None = None) -> dict[str, Any]:
    """Answer the fields of `Availability`; `limit` is how many to name of those who can, and of those who cannot."""
    now, then = found.unfairness
    best = found.best
    return {
        "shift_id": found.shift.id,
        "as_of": found.as_of,
        "count": len(found.eligible),
        "found": best is not None,
        "best": None if best is None else _standing(best),
        "eligible": [_eligible(each) for each in found.eligible[:limit]],
        "blocked": [
            {"staff_id": each.staff_id, "name": each.name, "reasons": reasons(each.verdict.blocks)}
            for each in found.blocked[:limit]
        ],
        "summary": {
            "considered": found.considered,
            "blocked_by": found.blocked_by,
            "unfairness": {"now": now, "with_best": then},
        },
    }


def reasons(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Answer what rules say as plain data."""
    return [
        {"rule": each.rule, "code": each.code, "text": each.text, "fix": each.fix, "evidence": dict(each.evidence)}
        for each in findings
        if each.mode is not Mode.RANK
    ]


def _standing(judged: Judged) -> dict[str, Any]:
    rank = judged.rank
    tier, score = (0, Decimal(0)) if rank is None else (int(rank.tier), rank.score)
    return {"staff_id": judged.staff_id, "name": judged.name, "tier": tier, "score": score}


def _eligible(judged: Judged) -> dict[str, Any]:
    parts = {} if judged.rank is None else judged.rank.parts
    return _standing(judged) | {"parts": parts, "warnings": reasons(judged.verdict.warnings)}
