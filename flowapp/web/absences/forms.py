"""Reading what was typed into the forms about absences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.absence.absence import AbsenceKind
from flowapp.rota.absence.changes import Report
from flowapp.web.typed import by_field, day_or_none, day_typed

_FIRST = "Enter the first day of the absence, such as 14 March 2026."
_BACK = "Enter the day they think they will be back as a date, or leave it empty."


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """A report as it was typed, or what is to be otherwise of one."""

    staff_id: str = ""
    kind: str = AbsenceKind.SICKNESS.value
    first_day: str = ""
    expected_return: str = ""
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Sequence[Problem]) -> ReportForm:
        """Answer the same form with what is wrong with it."""
        return replace(self, errors=by_field(problems, otherwise="first_day"))

    def read(self) -> Report:
        """Answer what is meant; raises Refused naming each field that makes no sense."""
        return Report(
            kind=AbsenceKind(self.kind) if self.kind in set(AbsenceKind) else AbsenceKind.SICKNESS,
            first_day=day_typed(self.first_day, path="first_day", words=_FIRST),
            expected_return=day_or_none(self.expected_return, path="expected_return", words=_BACK),
            reason=self.reason,
        )

    def who(self) -> int:
        """Answer whom it is about; raises Refused where nobody is named."""
        if not (self.staff_id.isascii() and self.staff_id.isdecimal() and len(self.staff_id) < 16):
            message = "Choose who is not there."
            raise Refused([Problem(path="staff_id", code="missing", message=message)])
        return int(self.staff_id)


def read_report(form: MultiDict[str, str]) -> ReportForm:
    """Take the form as it was typed."""
    names = ("staff_id", "kind", "first_day", "expected_return", "reason")
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in names if name in form}
    return ReportForm(**typed)
