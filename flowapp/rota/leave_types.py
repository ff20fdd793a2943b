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
    counts_against_balance: bool
    counting: str = "rostered"  # rostered, working_days or calendar
    allow_half_day: bool = True
    needs_notice: bool = True


_ALL = (
    LeaveType(code="ANNUAL", name="Annual leave", counts_against_balance=True),
    LeaveType(code="TRAINING", name="Training", counts_against_balance=False),
    LeaveType(code="COMPASSIONATE", name="Compassionate leave", counts_against_balance=False, needs_notice=False),
    LeaveType(code="UNPAID", name="Unpaid leave", counts_against_balance=False),
)
LEAVE_TYPES = MappingProxyType({leave_type.code: leave_type for leave_type in _ALL})


def leave_type(code: str) -> LeaveType:
    """Answer the type with this code; raises Refused naming the types there are."""
    if code not in LEAVE_TYPES:
        known = ", ".join(each.code for each in _ALL)
        problem = Problem(path="type", code="unknown_type", message=f"Choose a type of leave: {known}.")
        raise Refused([problem])
    return LEAVE_TYPES[code]
