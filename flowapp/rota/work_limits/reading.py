"""What the rules of working time know of many people at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.rota.staff import Staff
from flowapp.rota.work_limits.limits import Restriction, WorkLimits


def limits_by(session: Session, staff_ids: Collection[int]) -> Mapping[int, WorkLimits]:
    """Answer what the rules know of each of these people, by their numbers, in one query.

    What occupational health wrote is not read: no rule asks for it.
    """
    query = select(
        *(Staff.id, Staff.born, Staff.opted_out_on, Staff.opt_out_notice_days, Staff.night_assessed_on),
        *(Staff.most_days_in_a_row, Staff.most_week_hours, Staff.wants_extra, Staff.restrictions),
    ).where(Staff.id.in_(staff_ids))
    return {
        staff_id: WorkLimits(
            born=born,
            opted_out_on=signed,
            opt_out_notice_days=notice,
            night_assessed_on=assessed,
            most_days_in_a_row=days,
            most_week_hours=hours,
            wants_extra=extra,
            restrictions=tuple(Restriction(code) for code in codes),
        )
        for staff_id, born, signed, notice, assessed, days, hours, extra, codes in session.execute(query)
    }
