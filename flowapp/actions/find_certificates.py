"""Find certificates of a home's staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, func, or_, select

from flowapp.actions._training_home import homes_meant, today_in
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Staff
from flowapp.rota.training.certificates import Certificate
from flowapp.rota.training.reading import HeldCertificate, by_last_day, run_out, running_out
from flowapp.rota.training.types import TrainingType, type_with_code
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Run, StepFailed, Text

MOST = 500  # rows; the count is of all


class FoundCertificate(BaseModel):
    """A certificate, and whose it is."""

    certificate_id: int = Field(description="The number of the certificate")
    staff_id: int = Field(description="Whose it is")
    staff_name: str = Field(description="Their name")
    staff_email: str = Field(description="Their email address")
    home_id: int = Field(description="The home they work in")
    type: str = Field(description="The code of the type of training, such as FIRE")
    type_name: str = Field(description="What people call it")
    issued_on: date = Field(description="The first day on which it holds")
    expires_on: date | None = Field(description="The last day on which it holds; empty for one without an end")
    days_left: int | None = Field(description="Days until the last one; below 0 after it")
    status: str = Field(description="valid, due, expired, waiting, pending, revoked or superseded")


class FindCertificates(Action):
    """Find certificates that run out soon, or have run out, or all of them; those that run out first come first.

    Those with a newer one beside them are left out when it is asked what runs out. Sees what the workflow's owner sees.
    """

    kind = "find_certificates"
    label = "Find certificates"
    category = "rota"
    effect = Effect.READ

    class Fields(ActionFields):
        """What the step is told."""

        home: str | int | None = Field(
            default=None, description="A home's number or code; the workflow's home if empty"
        )
        expiring_within_days: int | None = Field(
            default=None, ge=0, le=3650, description="Only those that run out within so many days, today included"
        )
        expired: bool | None = Field(
            default=None, description="Only those that have run out; beside the others if both"
        )
        type: Text = Field(default="", max_length=40, description="The code of a type of training, such as FIRE")

    class Output(ActionOutput):
        """What later steps may read."""

        certificates: list[FoundCertificate] = Field(description="The first 500 of them")
        count: int = Field(description="How many there are")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step looks for."""
        days, expired = fields.get("expiring_within_days"), fields.get("expired")
        soon = f"run out within **{days}** days" if days not in (None, "") else ""
        ways = " or ".join(each for each in (soon, "have run out" if expired else "") if each)
        return f"Find certificates{f' that {ways}' if ways else ''}"

    def run(self, fields: Fields, run: Run) -> Output:
        """Look; raises StepFailed for a type of training that does not exist, NotFound for a home."""
        kind = _type_of(fields.type, run)
        found: list[tuple[HeldCertificate, date]] = []
        count = 0
        for home in homes_meant(run, fields.home):
            today = today_in(run, home)
            wanted = [*_wanted(fields, home, kind, today)]
            count += _count(run, wanted)
            rows = by_last_day(run.session, run.owner, today, *wanted, limit=MOST)
            found += [(each, today) for each in rows]
        found.sort(key=lambda pair: (pair[0].expires_on or date.max, pair[0].id))
        return self.Output(certificates=[_as_found(*each) for each in found[:MOST]], count=count)


def _type_of(code: str, run: Run) -> TrainingType | None:
    if not code.strip():
        return None
    kind = type_with_code(run.session, code)
    if kind is None:
        raise StepFailed("unknown_type", f"There is no type of training with the code {code!r}.")
    return kind


def _wanted(
    fields: FindCertificates.Fields, home: CareHome, kind: TrainingType | None, today: date
) -> list[ColumnElement[bool]]:
    ways: list[list[ColumnElement[bool]]] = []
    if fields.expiring_within_days is not None:
        ways.append(running_out(today, fields.expiring_within_days))
    if fields.expired:
        ways.append(run_out(today))
    found = [Staff.home_id == home.id]
    if kind is not None:
        found.append(Certificate.training_type_id == kind.id)
    if len(ways) == 1:
        return [*found, *ways[0]]
    return [*found, _either(*ways)] if ways else found


def _either(*ways: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(*(and_(*way) for way in ways))


def _count(run: Run, wanted: list[ColumnElement[bool]]) -> int:
    query = select(func.count(Certificate.id)).join(Staff, Staff.id == Certificate.staff_id).where(*wanted)
    return run.session.scalar(query) or 0


def _as_found(held: HeldCertificate, today: date) -> FoundCertificate:
    return FoundCertificate(
        certificate_id=held.id,
        staff_id=held.staff_id,
        staff_name=held.staff_name,
        staff_email=held.staff_email,
        home_id=held.home_id,
        type=held.code,
        type_name=held.type_name,
        issued_on=held.issued_on,
        expires_on=held.expires_on,
        days_left=held.validity.days_left(today),
        status=held.standing_on(today).value,
    )
