"""Two people decide on the same request at the same moment: exactly one of them does."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.kernel.errors import Conflict
from flowapp.rota.leave import LeaveRequest, LeaveStatus
from flowapp.rota.leave_decisions import approve, reject, take_back
from tests.cast import Cast
from tests.engine.patience import in_threads
from tests.engine.test_leave_operations import act, audited, balance, ledger, request, told
from tests.factories import a_document, a_workflow, leave_asked
from tests.factories import approve as approve_step

ROUNDS = 20
WORKDAYS = [day for day in (date(2026, 12, 1) + timedelta(days=n) for n in range(60)) if day.weekday() < 4]


def test_of_two_who_decide_at_once_exactly_one_does(flow: Flow, cast: Cast) -> None:
    taken = Decimal(0)
    for number, day in zip(range(ROUNDS), WORKDAYS[3:], strict=False):
        leave_id = leave_asked(flow, cast.dan, start=day)
        before = len(ledger(flow)), len(told(flow)), len(audited(flow))

        def decide(index: int, leave_id: int = leave_id, number: int = number) -> None:
            if (index + number) % 2:
                act(flow, approve, cast.maya, leave_id)
            else:
                act(flow, reject, cast.hana, leave_id, reason="No")

        raised = in_threads(2, decide)
        assert [type(error) for error in raised] == [Conflict]
        found = request(flow, leave_id)
        approved = found.status == LeaveStatus.APPROVED
        assert found.decided_by == ("Maya" if approved else "Hana")
        assert found.version == 2
        taken += found.hours if approved else 0
        after = len(ledger(flow)), len(told(flow)), len(audited(flow))
        assert after == (before[0] + int(approved), before[1] + 1, before[2] + 1)
    assert sum((-hours for _, hours, _ in ledger(flow)), Decimal(0)) == taken
    assert Decimal(210) - taken == balance(flow, cast.dan, WORKDAYS[0])


def test_a_decision_and_a_withdrawal_at_once_leave_one_of_the_two(flow: Flow, cast: Cast) -> None:
    for day in WORKDAYS[3:9]:
        leave_id = leave_asked(flow, cast.dan, start=day)

        def both(index: int, leave_id: int = leave_id) -> None:
            if index:
                act(flow, reject, cast.maya, leave_id, reason="No")
            else:
                act(flow, take_back, cast.dan, leave_id)

        assert [type(error) for error in in_threads(2, both)] == [Conflict]
        assert request(flow, leave_id).status in (LeaveStatus.REJECTED, LeaveStatus.WITHDRAWN)


def test_a_manager_and_a_workflow_at_once_decide_once(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(approve_step()), home_id=cast.rose)
    for day in WORKDAYS[3:9]:
        leave_id = leave_asked(flow, cast.dan, start=day)

        def both(index: int, leave_id: int = leave_id) -> None:
            if index:
                flow.worker.run_due()
            else:
                act(flow, reject, cast.hana, leave_id, reason="No")

        raised = in_threads(2, both)
        found = request(flow, leave_id)
        assert [type(error) for error in raised] == ([Conflict] if found.status == LeaveStatus.APPROVED else [])
    with flow.database.read() as session:
        approved = session.scalars(select(LeaveRequest).where(LeaveRequest.status == LeaveStatus.APPROVED)).all()
    assert len(ledger(flow)) == len(approved)
