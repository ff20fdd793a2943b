"""What can happen to a certificate: it is added, changed, due to be renewed, or has run out."""

from __future__ import annotations

import builtins
import datetime as dt
from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from flowapp.events.event import Event, Facts, StaffFacts, UserFacts

_CERTIFICATE = {
    "id": 3301, "type": "MEDICATION", "type_name": "Medication", "category": "clinical", "issued_on": "2025-12-07",
    "expires_on": "2026-12-07", "days_left": 14, "competency": "competent", "verified": True, "holds": True,
    "blocks_rostering": True,
}  # fmt: skip
_EXAMPLE: dict[str, Any] = {
    "certificate_id": 3301, "staff_id": 12, "user_id": 4, "care_home_id": 3, "training_type": "MEDICATION",
    "expires_on": "2026-12-07", "days_left": 14, "holds": True, "waits_for_check": False, "certificate": _CERTIFICATE,
    "staff": {"id": 12, "name": "Anna Boyd", "email": "anna@example.org", "role": "Carer"},
    "user": {"id": 4, "name": "Maya Reid", "role": "Manager"},
}  # fmt: skip
_SHIFT = {"shift_id": 501, "date": "2026-12-09", "start": "08:00", "end": "20:00", "hours_until_start": 383}
_BY_ITSELF = {"user_id": None, "user": {"id": None, "name": "FlowApp", "role": ""}}
_AFFECTED = {"affected_future_shifts": [_SHIFT], "affected_count": 1}


def _with_example(**own: Any) -> ConfigDict:
    return ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [_EXAMPLE | own]})


class CertificateFacts(Facts):
    """The certificate as it is now."""

    id: int = Field(description="The number of the certificate")
    type: str = Field(description="The code of the type of training, such as MEDICATION")
    type_name: str = Field(description="What people call it, such as Fire safety")
    category: str = Field(description="statutory, mandatory, clinical, registration or identity")
    issued_on: dt.date = Field(description="The first day on which it holds")
    expires_on: dt.date | None = Field(description="The last day on which it holds; empty for one without an end")
    days_left: int | None = Field(description="Days until the last one; below 0 after it, empty without an end")
    competency: str = Field(description="na, pending, competent or not_yet")
    verified: bool = Field(description="Whether somebody has confirmed that it is genuine")
    holds: bool = Field(description="Whether it counts today")
    blocks_rostering: bool = Field(description="Whether nobody may be planned for work that needs it without it")


class AffectedShift(Facts):
    """A shift to come that needs the certificate after it has run out."""

    shift_id: int = Field(description="The number of the shift")
    date: dt.date = Field(description="The day on which it starts")
    start: str = Field(description="When it starts by the clock of the home, such as 20:00")
    end: str = Field(description="When it ends by the clock of the home, such as 08:00")
    hours_until_start: int = Field(description="Whole hours until it starts")


class CertificateContext(Facts):
    """What a workflow about a certificate may read."""

    model_config = _with_example()

    certificate_id: int = Field(description="The number of the certificate")
    staff_id: int = Field(description="Whose certificate it is")
    user_id: int | None = Field(description="The number of the user who did this; empty when the day came")
    care_home_id: int = Field(description="The number of the care home they work in")
    training_type: str = Field(description="The code of the type of training, such as FIRE")
    expires_on: dt.date | None = Field(description="The last day on which it holds; empty for one without an end")
    days_left: int | None = Field(description="Days until the last one; below 0 after it, empty without an end")
    holds: bool = Field(description="Whether it counts today")
    waits_for_check: bool = Field(description="Whether the person sent it in and somebody else has to confirm it")
    certificate: CertificateFacts
    staff: StaffFacts
    user: UserFacts


class CertificateUpdatedContext(CertificateContext):
    """What a workflow about a changed certificate may read."""

    model_config = _with_example(changed=["verified"])

    changed: list[str] = Field(description="What has another value: verified, revoked, competency or expires_on")


class TrainingDueContext(CertificateContext):
    """What a workflow about training that is due may read."""

    model_config = _with_example(**_BY_ITSELF, **_AFFECTED, reminder_day=14)

    expires_on: dt.date = Field(description="The last day on which it holds")
    days_left: int = Field(description="Days until the last one; below 0 when nobody looked in time")
    reminder_day: int = Field(description="Which reminder it is: so many days before the last one, such as 30")
    affected_future_shifts: list[AffectedShift] = Field(description="Shifts of theirs after it, the first 50")
    affected_count: int = Field(description="How many such shifts there are")


class CertificationExpiredContext(CertificateContext):
    """What a workflow about a certificate that has run out may read."""

    model_config = _with_example(
        **_BY_ITSELF, **_AFFECTED, days_left=-1, holds=False, expires_on="2026-11-22",
        certificate=_CERTIFICATE | {"days_left": -1, "holds": False, "expires_on": "2026-11-22"},
    )  # fmt: skip

    expires_on: dt.date = Field(description="The last day on which it held")
    days_left: int = Field(description="Below 0: days since the last one")
    affected_future_shifts: list[AffectedShift] = Field(description="Shifts of theirs that need it, the first 50")
    affected_count: int = Field(description="How many such shifts there are")


class CertificateAdded(Event):
    """A certificate is recorded, or sent in to be checked."""

    type: ClassVar[str] = "certificate_added"
    label: ClassVar[str] = "a certificate is added"
    subject_type: ClassVar[str] = "certificate"
    Context: ClassVar[builtins.type[Facts]] = CertificateContext


class CertificateUpdated(Event):
    """A certificate is confirmed, withdrawn or corrected, or somebody was watched doing what they learnt."""

    type: ClassVar[str] = "certificate_updated"
    label: ClassVar[str] = "a certificate is changed"
    subject_type: ClassVar[str] = "certificate"
    Context: ClassVar[builtins.type[Facts]] = CertificateUpdatedContext


class TrainingDue(Event):
    """A certificate has to be renewed soon: one of its reminder days has come."""

    type: ClassVar[str] = "training_due"
    label: ClassVar[str] = "training is due"
    subject_type: ClassVar[str] = "certificate"
    Context: ClassVar[builtins.type[Facts]] = TrainingDueContext


class CertificationExpired(Event):
    """A certificate has run out, and no newer one holds."""

    type: ClassVar[str] = "certification_expired"
    label: ClassVar[str] = "a certificate runs out"
    subject_type: ClassVar[str] = "certificate"
    Context: ClassVar[builtins.type[Facts]] = CertificationExpiredContext
