"""Reading what was typed into the forms about certificates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.training.validity import Competency

_DAY_WORDS = "Enter a day, such as 14 March 2026."


@dataclass(frozen=True, kw_only=True)
class CertificateForm:
    """A form about a certificate as it was typed, with what is wrong with it."""

    type: str = ""
    issued_on: str = ""
    expires_on: str = ""
    evidence_ref: str = ""
    competency: str = ""
    reason: str = ""
    revoked_on: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Iterable[Problem], *, otherwise: str) -> CertificateForm:
        """Answer the same form with what is wrong with it; what belongs to no field stands at `otherwise`."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = {"training_type_id": "type"}.get(problem.path, problem.path) or otherwise
            errors[name] = f"{errors[name]} {problem.message}" if name in errors else problem.message
        return replace(self, errors=errors)


NAMES = ("type", "issued_on", "expires_on", "evidence_ref", "competency", "reason", "revoked_on")


def read_form(form: MultiDict[str, str], written: CertificateForm | None = None) -> CertificateForm:
    """Take the form as it was typed; what was not sent is as it is written."""
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in NAMES if name in form}
    return replace(written or CertificateForm(), **typed)


def paper_of(form: CertificateForm) -> dict[str, Any]:
    """Answer what the paper says; raises Refused naming each field that makes no sense."""
    problems: list[Problem] = []
    issued_on = _day("issued_on", form.issued_on, problems)
    expires_on = _day("expires_on", form.expires_on, problems) if form.expires_on else None
    if not form.issued_on:
        message = "Enter the first day on which the certificate holds, such as 14 March 2026."
        problems = [Problem(path="issued_on", code="missing", message=message), *problems[1:]]
    if problems:
        raise Refused(problems)
    return {"issued_on": issued_on, "expires_on": expires_on, "evidence_ref": form.evidence_ref}


def day_of_withdrawing(form: CertificateForm) -> date | None:
    """Answer from which day a certificate no longer counts; None for today. Raises Refused."""
    problems: list[Problem] = []
    found = _day("revoked_on", form.revoked_on, problems) if form.revoked_on else None
    if problems:
        raise Refused(problems)
    return found


def competency_of(form: CertificateForm) -> Competency:
    """Answer whether somebody was seen doing it; raises Refused."""
    if form.competency not in set(Competency):
        message = "Choose one of the three."
        raise Refused([Problem(path="competency", code="missing", message=message)])
    return Competency(form.competency)


def type_of(form: CertificateForm) -> int:
    """Answer the number of the type of training that was chosen; raises Refused."""
    if not form.type.isdecimal() or len(form.type) > 15:
        raise Refused([Problem(path="type", code="missing", message="Choose what the certificate is for.")])
    return int(form.type)


def _day(name: str, text: str, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(Problem(path=name, code="bad_date", message=_DAY_WORDS))
        return None
