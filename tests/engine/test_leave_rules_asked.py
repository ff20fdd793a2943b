"""The leave rules as they are asked in a home: what is looked up, what blocks, what only informs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.errors import Refused
from flowapp.rota.demand.need import Demand
from flowapp.rota.embargo import ClosedOnce, ClosedYearly, Embargo, Place
from flowapp.rota.leave import LeaveRequest
from flowapp.rota.leave_balance import LedgerEntry, LedgerKind
from flowapp.rota.leave_decisions import approve, take_back
from flowapp.rota.leave_embargo import add_embargo
from flowapp.rota.leave_policy import USUAL, set_policy
from flowapp.rota.staff import JobRole
from tests.cast import Cast
from tests.factories import a_shift, cause_of, leave_asked

MONDAY = date(2026, 12, 7)
TUESDAY = date(2026, 12, 8)


def write(flow: Flow, fn: Callable[[Session], Any]) -> Any:
    """Change something in the home."""
    return flow.database.write(fn)


def found(flow: Flow, leave_id: int) -> dict[str, tuple[str, str]]:
    """Answer what each rule said when leave was asked for."""
    with flow.database.read() as session:
        rows = session.get_one(LeaveRequest, leave_id).checks
    return {row["rule"]: (row["outcome"], row["text"]) for row in rows}


def context(flow: Flow) -> dict[str, Any]:
    """Answer what workflows may read of the last event."""
    with flow.database.read() as session:
        last = session.scalars(select(EventRecord).order_by(EventRecord.seq.desc())).first()
    assert last is not None
    return dict(last.context)


def test_too_little_notice_informs_whoever_decides(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=date(2026, 11, 30))
    outcome, text = found(flow, leave_id)["L04"]
    assert outcome == "inform"
    assert text == "This gives 7 days of notice; 14 are asked for."


def test_a_home_may_ask_for_less_notice(flow: Flow, cast: Cast) -> None:
    write(flow, lambda session: set_policy(session, cast.rose, USUAL._replace(notice_days=7)))
    leave_id = leave_asked(flow, cast.dan, start=date(2026, 11, 30))
    assert found(flow, leave_id)["L04"][0] == "pass"


@pytest.mark.parametrize("hard", [False, True])
def test_closed_days_block_when_hard_and_inform_otherwise(flow: Flow, cast: Cast, hard: bool) -> None:
    closed = ClosedYearly(first="12-07", last="01-08")
    embargo = Embargo(closed=closed, message="Christmas cover", hard=hard, place=Place(home_id=cast.rose))
    write(flow, lambda session: add_embargo(session, embargo))
    if hard:
        with pytest.raises(Refused, match="Christmas cover"):
            leave_asked(flow, cast.dan)
    else:
        leave_id = leave_asked(flow, cast.dan)
        assert found(flow, leave_id)["L05"][0] == "inform"
        assert context(flow)["embargo"] == {"hit": True, "message": "Christmas cover"}


@pytest.mark.parametrize(
    "place",
    [
        lambda cast: Place(home_id=cast.elm),  # another home
        lambda cast: Place(home_id=cast.rose, role=JobRole.SENIOR_CARER),  # another role
    ],
)
def test_days_closed_elsewhere_are_open_here(flow: Flow, cast: Cast, place: Callable[[Cast], Place]) -> None:
    closed = ClosedOnce(first=MONDAY, last=TUESDAY)
    write(flow, lambda session: add_embargo(session, Embargo(closed=closed, message="x", hard=True, place=place(cast))))
    assert found(flow, leave_asked(flow, cast.dan))["L05"][0] == "pass"


def test_people_of_the_same_role_who_are_away_are_counted(flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.sorcha, start=MONDAY, end=TUESDAY)  # everybody of the cast is a carer by contract
    outcome, text = found(flow, leave_asked(flow, cast.dan, start=TUESDAY))["L06"]
    assert outcome == "inform"
    assert text == "On 8 December 2026 2 of 3 people of the same role would be away (66.67%); the limit is 20%."
    assert context(flow)["concurrent"] == {"count": 2, "pct": Decimal("66.7"), "limit": 20}


def test_leave_that_adjoins_other_leave_makes_a_longer_run(flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan, start=date(2026, 11, 23), end=date(2026, 12, 4))
    outcome, text = found(flow, leave_asked(flow, cast.dan, start=date(2026, 12, 5), end=TUESDAY))["L08"]
    assert outcome == "inform"
    assert "in a row" in text


def test_cover_is_only_judged_where_the_home_has_said_what_it_needs(flow: Flow, cast: Cast) -> None:
    a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.dan)
    assert "L07" not in found(flow, leave_asked(flow, cast.dan))


def test_leave_that_leaves_too_few_people_is_shown(flow: Flow, cast: Cast) -> None:
    need = Demand(
        home_id=cast.rose, unit_id=None, name="day", role=JobRole.CARER, weekdays="mon,tue", fewest=1,
        start_local="08:00", end_local="20:00",
    )  # fmt: skip
    write(flow, lambda session: session.add(need))
    shift = a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=cast.dan)
    outcome, text = found(flow, leave_asked(flow, cast.dan))["L07"]
    assert outcome == "inform"
    assert "0 of 1 people for the day shift on the whole home on 7 December 2026" in text
    assert context(flow)["cover"] == {"shortfall_count": 1}
    assert context(flow)["clash_shifts"] == [shift]


def test_enough_others_on_the_same_shift_pass(flow: Flow, cast: Cast) -> None:
    need = Demand(
        home_id=cast.rose, unit_id=None, name="day", role=JobRole.CARER, weekdays="mon", fewest=1,
        start_local="08:00", end_local="20:00",
    )  # fmt: skip
    write(flow, lambda session: session.add(need))
    for person in (cast.dan, cast.sorcha):
        a_shift(flow, cast.maya, cast.rose, day=MONDAY, staff=person)
    assert found(flow, leave_asked(flow, cast.dan))["L07"][0] == "pass"


def test_a_published_shift_is_what_leave_is_counted_by(flow: Flow, cast: Cast) -> None:
    a_shift(flow, cast.maya, cast.rose, day=TUESDAY, staff=cast.dan, published=True)
    leave_id = leave_asked(flow, cast.dan, start=MONDAY, end=TUESDAY)
    with flow.database.read() as session:
        request = session.get_one(LeaveRequest, leave_id)
        assert (request.days, request.hours) == (1, 12)  # Monday is free in that week's rota
        assert [day["charge"] for day in request.per_day] == ["day_off", "yes"]


def test_a_week_without_a_published_shift_is_counted_by_the_pattern(flow: Flow, cast: Cast) -> None:
    a_shift(flow, cast.maya, cast.rose, day=TUESDAY + timedelta(weeks=3), staff=cast.dan, published=True)
    leave_id = leave_asked(flow, cast.dan, start=MONDAY, end=TUESDAY)
    with flow.database.read() as session:
        assert session.get_one(LeaveRequest, leave_id).hours == 15


def test_leave_over_the_end_of_a_leave_year_is_taken_from_both(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=date(2027, 3, 30), end=date(2027, 4, 1))  # Tuesday to Thursday
    flow.database.write(lambda s: approve(s, cause_of(cast.maya, flow.clock.now()), cast.maya, leave_id))
    with flow.database.read() as session:
        taken = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == LedgerKind.TAKE)).all()
        assert sorted(entry.hours for entry in taken) == [Decimal(-15), Decimal("-7.5")]
        assert len({entry.entitlement_id for entry in taken}) == 2
    assert "In the leave year to 31 March 2027" in found(flow, leave_id)["L03"][1]

    flow.database.write(lambda s: take_back(s, cause_of(cast.maya, flow.clock.now()), cast.maya, leave_id))
    with flow.database.read() as session:
        last = {entry.entitlement_id: entry.balance_after for entry in session.scalars(select(LedgerEntry))}
        assert [last[entry.entitlement_id] for entry in taken] == [210, 210]


def test_hours_of_one_leave_year_do_not_make_up_for_anothers(flow: Flow, cast: Cast) -> None:
    for week in range(6):  # 225 hours of next year's 210, in requests of 37.5
        start = date(2027, 5, 3) + timedelta(weeks=week)
        if week < 5:
            leave_id = leave_asked(flow, cast.dan, start=start, end=start + timedelta(days=4))
            flow.database.write(
                lambda s, id_=leave_id: approve(s, cause_of(cast.maya, flow.clock.now()), cast.maya, id_)
            )
    with pytest.raises(Refused, match="In the leave year to 31 March 2028") as refused:
        leave_asked(flow, cast.dan, start=date(2027, 3, 29), end=date(2027, 4, 8))
    assert [problem.code for problem in refused.value.problems] == ["L03"]


@pytest.mark.parametrize(("days", "outcome"), [(7, "pass"), (8, "inform")])
def test_a_week_of_sickness_needs_no_evidence_and_longer_does(flow: Flow, cast: Cast, days: int, outcome: str) -> None:
    end = MONDAY + timedelta(days=days - 1)
    assert found(flow, leave_asked(flow, cast.dan, start=MONDAY, end=end, type_code="SICK"))["L09"][0] == outcome


def test_sickness_takes_nothing_from_the_allowance(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, type_code="SICK")
    assert found(flow, leave_id)["L03"][1] == "This type of leave is not taken from an allowance."
    assert context(flow)["balance_after"] is None
