"""Shifts, what a home needs, and templates of shifts."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.demand import changes as demand_changes
from flowapp.rota.demand.changes import NeedPlan
from flowapp.rota.shift_templates import changes as template_changes
from flowapp.rota.shift_templates.changes import TemplateDetails
from flowapp.rota.staff import JobRole
from tests.cast import Cast
from tests.factories import a_shift, cause_of


def planning(flow: Flow, cast: Cast) -> dict[str, str]:
    """Plan an open shift and one that Dan has and sees, say what the home needs, and make a template of its own."""
    open_shift = a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 3))
    dans = a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 4), staff=cast.dan, published=True)
    need = NeedPlan(
        unit_id=None, name="long day", role=JobRole.CARER, weekdays=("mon", "fri"), fewest=2,
        start=time(8), end=time(20),
    )  # fmt: skip
    details = TemplateDetails(code="DAY", name="Rose day", start=time(8), end=time(18))
    cause = cause_of(cast.maya, flow.clock.now())

    def write(session: Session) -> tuple[int, int]:
        return (
            demand_changes.create(session, cause, cast.maya, home_id=cast.rose, plan=need),
            template_changes.create(session, cause, cast.maya, home_id=cast.rose, details=details),
        )

    need_id, template_id = flow.database.write(write)
    return {
        "shift_id": str(open_shift), "shift_of_dan": str(dans),
        "need_id": str(need_id), "template_id": str(template_id),
    }  # fmt: skip
