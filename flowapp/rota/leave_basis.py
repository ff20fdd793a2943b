"""What is settled before anybody asks for leave: the person's employment and what their home asks of leave."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import exists
from sqlalchemy.orm import Session

from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared
from flowapp.rota.demand.need import Demand
from flowapp.rota.employment import Employment, employments
from flowapp.rota.leave_policy import COLUMNS as POLICY
from flowapp.rota.leave_policy import USUAL, LeavePolicy, Policy
from flowapp.rota.staff import Staff

_OF_EMPLOYMENT = len(Employment._fields)
_OF_POLICY = _OF_EMPLOYMENT + len(Policy._fields)


class Basis(NamedTuple):
    """A person's employment, their home's policy, and whether the home has said how many people it needs."""

    employment: Employment
    policy: Policy
    cover_is_known: bool


def _basis(*columns: Any) -> Basis:
    own = columns[_OF_EMPLOYMENT:_OF_POLICY]
    return Basis(
        employment=Employment(*columns[:_OF_EMPLOYMENT]),
        policy=USUAL if own[0] is None else Policy(*own),
        cover_is_known=bool(columns[_OF_POLICY]),
    )


_BASIS = Prepared(
    employments()
    .add_columns(*POLICY, exists().where(Demand.home_id == Staff.home_id))
    .outerjoin(LeavePolicy, LeavePolicy.home_id == Staff.home_id),
    _basis,
)


def basis_of(session: Session, staff_id: int) -> Basis:
    """Answer what is settled for a member of staff, in one query; raises NotFound."""
    found = _BASIS.first(session, staff_id=staff_id)
    if found is None:
        raise NotFound("There is no such member of staff.")
    return found
