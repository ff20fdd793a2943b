"""Rules: those that FlowApp knows, with what the organisation has changed of them or added.

The table holds only what was changed or added, so that a rule that nobody touched is always as it is shipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Plain, Word

LONGEST_CODE, LONGEST_NAME, LONGEST_MEANING = 40, 120, 1000


class Severity(StrEnum):
    """How bad it is when a rule is broken, the mildest first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def label(self) -> str:
        """The word people see."""
        return "For information" if self is Severity.INFO else self.value.capitalize()


class Mode(StrEnum):
    """What a rule does when somebody plans against it."""

    BLOCK = "block"
    WARN = "warn"
    RECORD = "record"  # it is only written down

    @property
    def label(self) -> str:
        """The word people see."""
        return {Mode.BLOCK: "Stops planning", Mode.WARN: "Warns"}.get(self, "Is written down")


class Category(StrEnum):
    """What a rule is about."""

    WORKING_TIME = "working_time"
    STAFFING = "staffing"
    TRAINING = "training"
    LEAVE = "leave"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words people see."""
        return self.value.replace("_", " ").capitalize()


class ComplianceRule(Base):
    """A rule as the organisation has changed it, or one of its own."""

    __tablename__ = "compliance_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    meaning: Mapped[str] = mapped_column(Text)
    category: Mapped[StrEnum] = mapped_column(Word(Category))
    severity: Mapped[StrEnum] = mapped_column(Word(Severity))
    mode: Mapped[StrEnum] = mapped_column(Word(Mode))
    parameters: Mapped[dict[str, Any]] = mapped_column(Plain)
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule as it is now; `parameters` are numbers by name. `version` is 0 while nobody has changed it."""

    code: str
    name: str
    meaning: str
    category: Category
    severity: Severity
    mode: Mode
    parameters: Mapping[str, int] = field(default_factory=dict)
    is_active: bool = True
    is_checked: bool = True  # whether a check looks for it; others are told of by people and workflows
    version: int = 0


def _law(code: str, name: str, meaning: str, severity: Severity, **parameters: int) -> Rule:
    return Rule(code=code, name=name, meaning=meaning, category=Category.WORKING_TIME, severity=severity,
                mode=Mode.WARN, parameters=parameters)  # fmt: skip


def _staffing(code: str, name: str, meaning: str, severity: Severity, **parameters: int) -> Rule:
    return Rule(code=code, name=name, meaning=meaning, category=Category.STAFFING, severity=severity,
                mode=Mode.RECORD, parameters=parameters)  # fmt: skip


def _told(code: str, name: str, meaning: str, category: Category, severity: Severity) -> Rule:
    return Rule(code=code, name=name, meaning=meaning, category=category, severity=severity, mode=Mode.RECORD,
                is_checked=False)  # fmt: skip


_SHIPPED = (
    _law("WTD_48_HOURS", "48 hours a week on average",
         "Nobody works more than 48 hours a week, averaged over 17 weeks, unless they have agreed to it in writing.",
         Severity.HIGH, weeks=17),
    _law("WTD_REST_11_HOURS", "11 hours of rest a day",
         "In the 24 hours from the start of a shift there are 11 hours of rest without a break.", Severity.HIGH),
    _law("WTD_REST_24_HOURS", "24 hours of rest a week",
         "Each week from Monday to Sunday has 24 hours of rest in one piece, or its fortnight has them twice.",
         Severity.HIGH),
    _law("WTD_BREAKS", "A break in a long shift",
         "A shift of more than six hours has a break of 20 minutes.", Severity.MEDIUM),
    _law("WTD_NIGHT_8_HOURS", "Nights of 8 hours on average",
         "Somebody who works nights works 8 hours in 24 at most, averaged over 17 weeks. In care homes rest given in "
         "return may make up for longer ones.", Severity.LOW, weeks=17),
    _law("CONSECUTIVE_DAYS", "Days in a row",
         "Nobody works more days in a row than six.", Severity.LOW, days=6),
    _staffing("MIN_DAY_STAFFING", "Enough people by day",
              "Each shift by day has as many people as the home needs for it.", Severity.HIGH),
    _staffing("MIN_NIGHT_STAFFING", "Enough people at night",
              "Each shift at night has as many people as the home needs for it.", Severity.CRITICAL),
    _staffing("LONE_WORKING", "Nobody alone at night",
              "Two people or more are awake in the home throughout the night.", Severity.CRITICAL, people=2),
    _told("MANDATORY_TRAINING", "Training that is required", "Everybody has the training their work requires, "
          "and renews it in time.", Category.TRAINING, Severity.HIGH),
    _told("INDUCTION_COMPLETION", "Induction in 12 weeks", "Everybody new completes their induction in 12 weeks.",
          Category.TRAINING, Severity.MEDIUM),
    _told("NIGHT_ASSESSMENT", "Health assessment of night workers", "Everybody who works nights is offered a free "
          "health assessment each year.", Category.WORKING_TIME, Severity.MEDIUM),
    _told("LEAVE_ENTITLEMENT", "Leave that is due", "Everybody can take the leave that is due to them within the year.",
          Category.LEAVE, Severity.MEDIUM),
    _told("HOUSE_RULE", "A rule of the house", "What your own organisation asks, and no other rule here covers.",
          Category.OTHER, Severity.MEDIUM),
)  # fmt: skip
SHIPPED: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in _SHIPPED})


def rules(session: Session) -> dict[str, Rule]:
    """Answer every rule by its code: those shipped in their order, then those added."""
    found = dict(SHIPPED)
    for row in session.scalars(select(ComplianceRule).order_by(ComplianceRule.id)):
        found[row.code] = _as_it_is(row)
    return found


def rule_called(session: Session, code: str) -> Rule | None:
    """Answer the rule of a code, or None when there is none."""
    row = session.scalar(select(ComplianceRule).where(ComplianceRule.code == code))
    return SHIPPED.get(code) if row is None else _as_it_is(row)


def _as_it_is(row: ComplianceRule) -> Rule:
    shipped = SHIPPED.get(row.code)
    return Rule(
        code=row.code,
        name=row.name,
        meaning=row.meaning,
        category=Category(row.category),
        severity=Severity(row.severity),
        mode=Mode(row.mode),
        parameters=row.parameters,
        is_active=row.is_active,
        is_checked=shipped is not None and shipped.is_checked,
        version=row.version,
    )
