"""Findings: what a check or a person says is broken, before it is known whether that is new."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flowapp.rota.compliance.rule import Severity

LETTERS = 12  # of a digest: enough to tell the few things apart that one home says of one rule


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One fact that shows it, in words and numbers: `Monday 23 November 2026`, `9.5 hours of rest`."""

    label: str
    value: str

    def plain(self) -> dict[str, Any]:
        """Answer it as it is kept."""
        return {"label": self.label, "value": self.value}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that is broken: whom or what it is about, on which days (none: a state that lasts), and what shows it."""

    rule: str
    home_id: int | None
    severity: Severity
    description: str
    staff_id: int | None = None
    shift_id: int | None = None
    certificate_id: int | None = None
    about: str = ""  # what tells it from others of its rule and home, where that is no record
    first_day: date | None = None
    last_day: date | None = None
    due_on: date | None = None
    evidence: Sequence[Evidence] = ()

    @property
    def key(self) -> str:
        """What makes it the same as one that was found before."""
        for kind, number in (
            ("certificate", self.certificate_id),
            ("shift", self.shift_id),
            ("staff", self.staff_id),
        ):
            if number is not None:
                return f"{self.rule}:{kind}:{number}"
        return f"{self.rule}:home:{self.home_id or 0}:{self.about or _digest(self.description)}"

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What shows it, as it is kept."""
        return [each.plain() for each in self.evidence]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]
