"""Types of leave."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from flowapp.kernel.errors import Problem, Refused


@dataclass(frozen=True, kw_only=True)
class LeaveType:
    """A type of leave and the rules that go with it."""

    code: str
    name: str
    counts_against_balance: bool = False
    counting: str = "rostered"  # rostered, working_days or calendar
    status_only: bool = False  # it tells where somebody is, so that it may take no day
    allow_half_day: bool = True
    needs_notice: bool = True
    evidence_after_days: int | None = None  # longer than this needs evidence


_ALL = (
    LeaveType(code="ANNUAL", name="Annual leave", counts_against_balance=True),
    LeaveType(code="TOIL", name="Time off in lieu", counts_against_balance=True),
    LeaveType(code="TRAINING", name="Training"),
    LeaveType(code="CARERS", name="Carer’s leave"),
    LeaveType(code="COMPASSIONATE", name="Compassionate leave", needs_notice=False),
    # Seven days may be certified by oneself (gov.uk/taking-sick-leave).
    LeaveType(
        code="SICK",
        name="Sickness",
        counting="calendar",
        status_only=True,
        needs_notice=False,
        evidence_after_days=7,
    ),
    LeaveType(code="MATERNITY", name="Maternity leave", counting="calendar", status_only=True, allow_half_day=False),
    LeaveType(code="UNPAID", name="Unpaid leave"),
)
LEAVE_TYPES = MappingProxyType({leave_type.code: leave_type for leave_type in _ALL})


def leave_type(code: str) -> LeaveType:
    """Answer the type with this code; raises Refused naming the types there are."""
    if code not in LEAVE_TYPES:
        known = ", ".join(each.code for each in _ALL)
        problem = Problem(path="type", code="unknown_type", message=f"Choose a type of leave: {known}.")
        raise Refused([problem])
    return LEAVE_TYPES[code]
