"""What can happen where a rule is broken."""

from __future__ import annotations

import builtins
import datetime as dt
from typing import ClassVar

from pydantic import Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts


class ViolationFacts(Facts):
    """The violation as it is now."""

    rule: str = Field(description="The code of the rule, such as WTD_48_HOURS")
    rule_name: str = Field(description="The rule in words, such as 48 hours a week on average")
    category: str = Field(description="working_time, staffing, training, leave or other")
    severity: str = Field(description="info, low, medium, high or critical")
    description: str = Field(description="What is broken, such as Anna works 51.2 hours a week on average")
    status: str = Field(description="open, acknowledged, in_progress, resolved, accepted_risk or false_positive")
    due_on: dt.date | None = Field(description="The day by which it should be put right; empty without one")
    first_day: dt.date | None = Field(description="The first day it is about; empty for a state that lasts")
    last_day: dt.date | None = Field(description="The last day it is about; empty for a state that lasts")


class ViolationContext(Facts):
    """What a workflow about a broken rule may read."""

    violation_id: int = Field(description="The number of the violation")
    care_home_id: int | None = Field(description="The number of the care home; empty for the organisation’s")
    staff_id: int | None = Field(description="The number of whoever it is about; empty if it is about nobody")
    shift_id: int | None = Field(description="The number of the shift it is about; empty if it is about none")
    certificate_id: int | None = Field(description="The number of the certificate it is about; empty if about none")
    user_id: int | None = Field(description="The number of the user who did this")
    rule: str = Field(description="The code of the rule, such as WTD_48_HOURS")
    severity: str = Field(description="info, low, medium, high or critical")
    violation: ViolationFacts
    staff: StaffFacts | None = Field(description="Whoever it is about; empty if it is about nobody")
    user: UserFacts


class BreachContext(ViolationContext):
    """What a workflow about a breach of working time may read."""

    staff_id: int = Field(description="The number of whoever works too much, or rests too little")
    staff: StaffFacts


class ResolvedContext(ViolationContext):
    """What a workflow about a rule that is kept again may read."""

    outcome: str = Field(description="resolved; or false_positive where it was not broken after all")
    resolution: str = Field(description="How it was put right; may be empty")


class ComplianceViolation(Event):
    """A rule is found broken; told once, however often it is found while it stays broken."""

    type: ClassVar[str] = "compliance_violation"
    label: ClassVar[str] = "a rule is broken"
    subject_type: ClassVar[str] = "violation"
    Context: ClassVar[builtins.type[Facts]] = ViolationContext


class WorkingTimeBreach(Event):
    """Somebody is found to work too much or rest too little; told beside the violation itself."""

    type: ClassVar[str] = "working_time_breach"
    label: ClassVar[str] = "working time is broken"
    subject_type: ClassVar[str] = "violation"
    Context: ClassVar[builtins.type[Facts]] = BreachContext


class ViolationResolved(Event):
    """A broken rule is put right, or was not broken after all."""

    type: ClassVar[str] = "violation_resolved"
    label: ClassVar[str] = "a broken rule is put right"
    subject_type: ClassVar[str] = "violation"
    Context: ClassVar[builtins.type[Facts]] = ResolvedContext
