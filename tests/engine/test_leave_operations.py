"""Asking for leave, deciding, taking back: what is written each time, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict, FlowError, NotAllowed, NotFound, Refused
from flowapp.rota.leave import LeaveRequest, LeaveStatus, leave_request
from flowapp.rota.leave_asking import request_leave
from flowapp.rota.leave_balance import LedgerEntry, LedgerKind, balance_on
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.leave_decisions import approve, reject, take_back
from tests.cast import Cast
from tests.factories import cause_of, leave_asked

MONDAY = date(2026, 12, 7)


def act(flow: Flow, operation: Any, who: Person, leave_id: int, **given: Any) -> Any:
    """Decide on a request, or take it back, as a person does."""
    cause = cause_of(who, flow.clock.now())
    return flow.database.write(lambda session: operation(session, cause, who, leave_id, **given))


def asked(flow: Flow, who: Person, type_code: str = "ANNUAL", reason: str = "", **period: Any) -> int:
    """Ask for leave of any type."""
    cause, staff_id = cause_of(who, flow.clock.now()), who.staff_id or 0
    days = LeavePeriod.of(**period)
    return flow.database.write(
        lambda s: request_leave(s, cause, staff_id=staff_id, type_code=type_code, period=days, reason=reason)
    )


def request(flow: Flow, leave_id: int) -> LeaveRequest:
    """Read a request."""
    with flow.database.read() as session:
        return leave_request(session, leave_id)


def balance(flow: Flow, who: Person, day: date = MONDAY) -> Decimal:
    """Read how many hours of annual leave somebody has left."""
    with flow.database.read() as session:
        found = balance_on(session, who.staff_id or 0, "ANNUAL", day)
        assert found is not None
        return found.hours


def ledger(flow: Flow) -> list[tuple[str, Decimal, Decimal]]:
    """Read what was entered about requests: why, how many hours, and what was left."""
    query = select(LedgerEntry).where(LedgerEntry.leave_request_id.is_not(None)).order_by(LedgerEntry.id)
    with flow.database.read() as session:
        return [(each.kind.value, each.hours, each.balance_after) for each in session.scalars(query)]


def told(flow: Flow) -> list[tuple[str, Any]]:
    """Read the kind of each event and what it says changed."""
    with flow.database.read() as session:
        rows = session.scalars(select(EventRecord).order_by(EventRecord.seq))
        return [(each.type, [(c["old"], c["new"]) for c in each.changes]) for each in rows]


def audited(flow: Flow) -> list[tuple[str, str, str]]:
    """Read what the audit tells of leave: what, by whom, why."""
    query = select(AuditEntry).where(AuditEntry.entity == "leave_request").order_by(AuditEntry.id)
    with flow.database.read() as session:
        return [(each.action, each.actor, each.reason) for each in session.scalars(query)]


def user(who: Person) -> str:
    """Answer how the audit calls somebody."""
    return f"user:{who.user_id}"


def test_asking_writes_the_request_its_event_and_the_audit_and_takes_nothing_yet(flow: Flow, cast: Cast) -> None:
    leave_id = asked(flow, cast.dan, reason="A wedding", start=MONDAY, end=date(2026, 12, 8), end_part="am")
    found = request(flow, leave_id)
    assert (found.status, found.staff_id, found.home_id) == (LeaveStatus.REQUESTED, cast.dan.staff_id, cast.rose)
    assert (found.days, found.hours, found.calendar_days) == (Decimal("1.5"), Decimal("11.25"), 2)
    assert (found.reason, found.decided_by, found.version) == ("A wedding", None, 1)
    assert found.requested_at == flow.clock.now()
    assert balance(flow, cast.dan) == 210
    assert ledger(flow) == []
    assert told(flow) == [("leave_requested", [])]
    assert audited(flow) == [("leave.request", user(cast.dan), "")]


def test_the_event_of_asking_carries_everything_a_condition_may_ask_about(flow: Flow, cast: Cast) -> None:
    leave_id = asked(flow, cast.dan, reason="A wedding", start=MONDAY, end=date(2026, 12, 8))
    with flow.database.read() as session:
        context = session.scalars(select(EventRecord)).one().context
    assert context == {
        "leave_request_id": leave_id,
        "staff_id": cast.dan.staff_id,
        "user_id": cast.dan.user_id,
        "care_home_id": cast.rose,
        "leave_type": "ANNUAL",
        "days": 2,
        "hours": 15,
        "calendar_days": 2,
        "notice_days": 14,
        "balance_before": 210,
        "balance_after": 195,
        "estimated": False,
        "overlaps_leave": False,
        "clash_count": 0,
        "clash_shifts": [],
        "embargo": {"hit": False, "message": ""},
        "concurrent": {"count": 1, "pct": 0, "limit": 20},
        "cover": {"shortfall_count": 0},
        "leave": {
            "type": "ANNUAL", "start": "2026-12-07", "start_part": "all", "end": "2026-12-08", "end_part": "all",
            "days": 2, "hours": 15, "calendar_days": 2, "reason": "A wedding",
        },
        "staff": {"id": cast.dan.staff_id, "name": "Dan", "email": "dan@example.org", "role": "Carer"},
        "user": {"id": cast.dan.user_id, "name": "Dan", "role": "Staff"},
    }  # fmt: skip


def test_approving_takes_the_hours_and_tells_everybody(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    leave_id = leave_asked(flow, cast.dan)
    clock.advance(hours=3)
    act(flow, approve, cast.maya, leave_id, reason="Enjoy it")
    found = request(flow, leave_id)
    assert (found.status, found.decided_by, found.decided_by_id) == (LeaveStatus.APPROVED, "Maya", cast.maya.user_id)
    assert (found.decided_at, found.decision_reason) == (clock.now(), "Enjoy it")
    assert not found.auto_decided
    assert found.version == 2
    assert {each["rule"] for each in found.checks} >= {"L01", "L02", "L03", "L10"}
    assert ledger(flow) == [(LedgerKind.TAKE.value, Decimal("-7.5"), Decimal("202.5"))]
    assert balance(flow, cast.dan) == Decimal("202.5")
    assert told(flow) == [("leave_requested", []), ("leave_approved", [("requested", "approved")])]
    assert audited(flow)[1:] == [("leave.approved", user(cast.maya), "Enjoy it")]


def test_leave_that_is_not_taken_from_an_allowance_takes_nothing(flow: Flow, cast: Cast) -> None:
    leave_id = asked(flow, cast.dan, "UNPAID", start=MONDAY)
    act(flow, approve, cast.maya, leave_id)
    assert request(flow, leave_id).status == LeaveStatus.APPROVED
    assert (ledger(flow), balance(flow, cast.dan)) == ([], 210)


def test_turning_down_takes_nothing_and_keeps_the_reason(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan)
    act(flow, reject, cast.maya, leave_id, reason="  Nobody else is there.  ")
    found = request(flow, leave_id)
    assert (found.status, found.decision_reason) == (LeaveStatus.REJECTED, "Nobody else is there.")
    assert (ledger(flow), balance(flow, cast.dan)) == ([], 210)
    assert told(flow)[1:] == [("leave_rejected", [("requested", "rejected")])]
    assert audited(flow)[1:] == [("leave.rejected", user(cast.maya), "Nobody else is there.")]


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_turning_down_without_a_reason_is_refused(flow: Flow, cast: Cast, reason: str) -> None:
    leave_id = leave_asked(flow, cast.dan)
    with pytest.raises(Refused, match="Say why") as raised:
        act(flow, reject, cast.maya, leave_id, reason=reason)
    assert raised.value.problems[0].path == "reason"
    assert request(flow, leave_id).status == LeaveStatus.REQUESTED


def test_a_request_can_be_withdrawn_until_it_is_decided(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan)
    assert act(flow, take_back, cast.dan, leave_id) is LeaveStatus.WITHDRAWN
    assert request(flow, leave_id).status == LeaveStatus.WITHDRAWN
    assert (ledger(flow), balance(flow, cast.dan)) == ([], 210)
    assert audited(flow)[1:] == [("leave.withdrawn", user(cast.dan), "")]


def test_approved_leave_that_is_cancelled_gives_the_hours_back(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan)
    act(flow, approve, cast.maya, leave_id)
    assert act(flow, take_back, cast.maya, leave_id, reason="Plans changed") is LeaveStatus.CANCELLED
    assert request(flow, leave_id).status == LeaveStatus.CANCELLED
    assert [(kind, hours) for kind, hours, _ in ledger(flow)] == [("take", Decimal("-7.5")), ("refund", Decimal("7.5"))]
    assert balance(flow, cast.dan) == 210
    assert told(flow)[2:] == [("leave_cancelled", [("approved", "cancelled")])]
    assert audited(flow)[2:] == [("leave.cancelled", user(cast.maya), "Plans changed")]


@pytest.mark.parametrize("days_later", [14, 15, 100])
def test_leave_that_has_begun_is_not_cancelled_any_more(
    flow: Flow, cast: Cast, clock: FrozenClock, days_later: int
) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    act(flow, approve, cast.maya, leave_id)
    clock.advance(days=days_later)
    with pytest.raises(Conflict, match="has begun"):
        act(flow, take_back, cast.dan, leave_id)
    assert balance(flow, cast.dan) == Decimal("202.5")


def test_the_day_before_it_can_still_be_cancelled(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    act(flow, approve, cast.maya, leave_id)
    clock.advance(days=13)
    assert act(flow, take_back, cast.maya, leave_id) is LeaveStatus.CANCELLED


FINAL = {
    "approved": lambda flow, cast, leave_id: act(flow, approve, cast.maya, leave_id),
    "turned down": lambda flow, cast, leave_id: act(flow, reject, cast.maya, leave_id, reason="No"),
    "withdrawn": lambda flow, cast, leave_id: act(flow, take_back, cast.dan, leave_id),
}


@pytest.mark.parametrize("state", FINAL)
def test_what_is_decided_is_not_decided_again(flow: Flow, cast: Cast, state: str) -> None:
    leave_id = leave_asked(flow, cast.dan)
    FINAL[state](flow, cast, leave_id)
    before = (request(flow, leave_id).version, ledger(flow), told(flow), audited(flow))
    for again, given in ((approve, {}), (reject, {"reason": "No"})):
        with pytest.raises(Conflict, match=f"already {state}"):
            act(flow, again, cast.hana, leave_id, **given)
    assert (request(flow, leave_id).version, ledger(flow), told(flow), audited(flow)) == before


@pytest.mark.parametrize("state", ["turned down", "withdrawn"])
def test_what_is_over_is_not_taken_back(flow: Flow, cast: Cast, state: str) -> None:
    leave_id = leave_asked(flow, cast.dan)
    FINAL[state](flow, cast, leave_id)
    with pytest.raises(Conflict, match="nothing to take back"):
        act(flow, take_back, cast.dan, leave_id)


WHO_DECIDES: list[tuple[str, type[FlowError] | None]] = [
    ("maya", None),
    ("hana", None),
    ("dan", NotAllowed),  # it is his own
    ("sorcha", NotAllowed),  # leads the home, and may not decide
    ("vic", NotFound),  # of another home: there is no such request
    ("erin", NotFound),
    ("ada", None),  # looks after FlowApp, and after what nobody else can do
]


@pytest.mark.parametrize(("name", "error"), WHO_DECIDES, ids=[name for name, _ in WHO_DECIDES])
def test_who_may_decide(flow: Flow, cast: Cast, name: str, error: type[FlowError] | None) -> None:
    leave_id, who = leave_asked(flow, cast.dan), getattr(cast, name)
    if error is None:
        act(flow, approve, who, leave_id)
        assert request(flow, leave_id).status == LeaveStatus.APPROVED
        return
    for operation, given in ((approve, {}), (reject, {"reason": "No"})):
        with pytest.raises(error):
            act(flow, operation, who, leave_id, **given)
    assert request(flow, leave_id).status == LeaveStatus.REQUESTED


@pytest.mark.parametrize(("name", "error"), [("maya", None), ("vic", NotFound), ("erin", NotFound)])
def test_who_may_take_it_back(flow: Flow, cast: Cast, name: str, error: type[FlowError] | None) -> None:
    leave_id = leave_asked(flow, cast.dan)
    if error is None:
        assert act(flow, take_back, getattr(cast, name), leave_id) is LeaveStatus.WITHDRAWN
    else:
        with pytest.raises(error):
            act(flow, take_back, getattr(cast, name), leave_id)


@pytest.mark.parametrize("operation", [approve, reject, take_back])
def test_a_request_that_does_not_exist_is_said_to_be_none(flow: Flow, cast: Cast, operation: Any) -> None:
    given = {"reason": "No"} if operation is reject else {}
    with pytest.raises(NotFound):
        act(flow, operation, cast.maya, 999, **given)


def problems(flow: Flow, who: Person, type_code: str = "ANNUAL", **period: Any) -> list[tuple[str, str]]:
    """Ask for leave that must be refused, and answer by which rules."""
    with pytest.raises(Refused) as raised:
        asked(flow, who, type_code, **period)
    return [(each.path, each.code) for each in raised.value.problems]


def test_days_that_are_asked_for_already_are_not_asked_for_again(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY, end=MONDAY + timedelta(days=2))
    assert problems(flow, cast.dan, start=MONDAY + timedelta(days=2)) == [("start_date", "L02")]
    act(flow, approve, cast.maya, leave_id)
    assert problems(flow, cast.dan, start=MONDAY) == [("start_date", "L02")]
    act(flow, take_back, cast.maya, leave_id)
    assert asked(flow, cast.dan, start=MONDAY)  # given back, so free again


def test_a_morning_and_an_afternoon_of_one_day_are_two_leaves(flow: Flow, cast: Cast) -> None:
    asked(flow, cast.dan, start=MONDAY, start_part="am")
    asked(flow, cast.dan, start=MONDAY, start_part="pm")
    assert problems(flow, cast.dan, start=MONDAY, start_part="am") == [("start_date", "L02")]


def test_somebody_elses_leave_is_no_hindrance(flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan, start=MONDAY)
    assert leave_asked(flow, cast.sorcha, start=MONDAY)


def test_more_than_is_left_is_not_asked_for(flow: Flow, cast: Cast) -> None:
    assert problems(flow, cast.dan, start=date(2026, 12, 1), end=date(2027, 2, 28)) != []


def test_an_unknown_type_of_leave_is_refused_with_those_there_are(flow: Flow, cast: Cast) -> None:
    assert problems(flow, cast.dan, "GARDENING", start=MONDAY) == [("type", "unknown_type")]


def test_two_requests_that_fit_only_one_by_one_are_not_both_approved(flow: Flow, cast: Cast) -> None:
    """210 hours are 28 days: each request fits what is left while the other is not decided."""
    first = asked(flow, cast.dan, start=date(2026, 12, 1), end=date(2026, 12, 22))
    second = asked(flow, cast.dan, start=date(2027, 1, 11), end=date(2027, 2, 5))
    act(flow, approve, cast.maya, first)
    with pytest.raises(Refused) as raised:
        act(flow, approve, cast.maya, second)
    assert [each.code for each in raised.value.problems] == ["L03"]
    assert request(flow, second).status == LeaveStatus.REQUESTED
    assert len(ledger(flow)) == 1
    assert balance(flow, cast.dan) >= 0


def test_a_refused_decision_leaves_nothing_behind(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan)

    def then_fail(session: Session) -> None:
        approve(session, cause_of(cast.maya, flow.clock.now()), cast.maya, leave_id)
        raise ValueError("the page broke")

    before = (told(flow), audited(flow))
    with pytest.raises(ValueError, match="the page broke"):
        flow.database.write(then_fail)
    assert request(flow, leave_id).status == LeaveStatus.REQUESTED
    assert (ledger(flow), told(flow), audited(flow)) == ([], *before)
