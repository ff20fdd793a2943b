"""Taking a decision on leave back: the request waits again, unless something else has happened since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.kernel.errors import Conflict, FlowError, NotAllowed, NotFound
from flowapp.messaging.in_app import notify
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_closing import close_due
from flowapp.rota.leave_decisions import approve, reject, take_back
from flowapp.rota.leave_reopening import before_deciding, reopen
from tests.cast import Cast
from tests.engine.test_leave_operations import act, audited, balance, ledger, request, told, user
from tests.factories import cause_of, leave_asked
from tests.unit.rota.test_leave_giving_back import notices

MONDAY = date(2026, 12, 7)
NAME = "Dan’s leave on 7 December 2026"


def decided(flow: Flow, who: Person, leave_id: int, decide: Callable[..., Any] = approve) -> dict[str, Any]:
    """Let somebody decide, and answer what was remembered before."""
    given = {"reason": "No"} if decide is reject else {}

    def write(session: Session) -> dict[str, Any]:
        before = before_deciding(session, leave_id)
        decide(session, cause_of(who, flow.clock.now()), who, leave_id, **given)
        return before

    return flow.database.write(write)


def reopened(flow: Flow, who: Person, before: dict[str, Any]) -> str:
    """Let somebody take the decision back."""
    cause = cause_of(who, flow.clock.now())
    return flow.database.write(lambda session: reopen(session, cause, who, before, tell=notify))


@pytest.mark.parametrize("decide", [approve, reject])
def test_the_request_waits_as_if_nobody_had_decided(flow: Flow, cast: Cast, decide: Callable[..., Any]) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    asked = request(flow, leave_id)
    before = decided(flow, cast.maya, leave_id, decide)
    assert reopened(flow, cast.maya, before) == f"{NAME} waits for a decision again."
    found = request(flow, leave_id)
    assert found.status is LeaveStatus.REQUESTED
    assert (found.decided_by, found.decided_by_id, found.decided_at, found.decision_reason) == (None,) * 4
    assert (found.days, found.hours, found.per_day, found.checks) == (
        asked.days, asked.hours, asked.per_day, asked.checks,
    )  # fmt: skip
    assert found.version == asked.version + 2  # nobody who saw the decision may write over this
    assert balance(flow, cast.dan) == Decimal(210)
    act(flow, approve, cast.maya, leave_id)  # and it can be decided again


def test_the_hours_come_back_by_an_entry_of_their_own(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    before = decided(flow, cast.maya, leave_id)
    assert balance(flow, cast.dan) == Decimal("202.5")
    entries = len(ledger(flow))
    reopened(flow, cast.maya, before)
    assert len(ledger(flow)) == entries + 1
    assert balance(flow, cast.dan) == Decimal(210)


def test_the_change_is_told_to_workflows_written_in_the_audit_and_to_the_person(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    reopened(flow, cast.maya, decided(flow, cast.maya, leave_id))
    assert told(flow)[-1] == ("leave_reopened", [("approved", "requested")])
    assert audited(flow)[-1][:2] == ("leave.reopened", user(cast.maya))
    [(user_id, title, message, link)] = notices(flow)
    assert (user_id, title, link) == (
        cast.dan.user_id,
        "Your leave waits for a decision again",
        f"/leave/{leave_id}/",
    )
    assert "was approved by a workflow" in message


def _asked_again(flow: Flow, cast: Cast, leave_id: int) -> None:
    leave_asked(flow, cast.dan, start=MONDAY)


def _given_back(flow: Flow, cast: Cast, leave_id: int) -> None:
    act(flow, take_back, cast.maya, leave_id)


def _asked_back(flow: Flow, cast: Cast, leave_id: int) -> None:
    act(flow, take_back, cast.dan, leave_id)


def _begun(flow: Flow, cast: Cast, leave_id: int) -> None:
    flow.clock.advance(days=14)  # type: ignore[attr-defined]


def _taken(flow: Flow, cast: Cast, leave_id: int) -> None:
    flow.clock.advance(days=15)  # type: ignore[attr-defined]
    assert close_due(flow.database, flow.clock.now(), tell=notify) == 1


CHANGED = [
    (approve, _given_back, "was changed since: it is now “Cancelled”"),
    (approve, _asked_back, "was changed since: it is now “Approved, asked to be cancelled”"),
    (approve, _taken, "was changed since: it is now “Taken”"),
    (approve, _begun, "has begun"),
    (reject, _begun, "has begun"),
    (reject, _asked_again, "other leave has been asked for on these days"),
]


@pytest.mark.parametrize(("decide", "happens", "words"), CHANGED)
def test_what_has_happened_since_stands_and_is_said_by_name(
    flow: Flow, cast: Cast, decide: Callable[..., Any], happens: Callable[..., None], words: str
) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    before = decided(flow, cast.maya, leave_id, decide)
    happens(flow, cast, leave_id)
    stands = request(flow, leave_id)
    with pytest.raises(Conflict) as raised:
        reopened(flow, cast.maya, before)
    assert raised.value.message.startswith(NAME)
    assert words in raised.value.message
    found = request(flow, leave_id)
    assert (found.status, found.version, found.decided_by) == (stands.status, stands.version, stands.decided_by)


def test_somebody_elses_decision_since_is_not_taken_back(flow: Flow, cast: Cast) -> None:
    leave_id = leave_asked(flow, cast.dan, start=MONDAY)
    before = decided(flow, cast.maya, leave_id)
    reopened(flow, cast.maya, before)
    act(flow, approve, cast.hana, leave_id)
    with pytest.raises(Conflict, match="it is now “Approved”"):
        reopened(flow, cast.maya, before)
    assert request(flow, leave_id).decided_by == "Hana"


@pytest.mark.parametrize(
    ("name", "error"), [("dan", NotAllowed), ("sorcha", NotAllowed), ("erin", NotFound), ("vic", NotFound)]
)
def test_only_who_decides_on_leave_takes_a_decision_back(
    flow: Flow, cast: Cast, name: str, error: type[FlowError]
) -> None:
    before = decided(flow, cast.maya, leave_asked(flow, cast.dan, start=MONDAY))
    with pytest.raises(error):
        reopened(flow, getattr(cast, name), before)


def test_nobody_takes_the_decision_on_their_own_leave_back(flow: Flow, cast: Cast) -> None:
    before = decided(flow, cast.hana, leave_asked(flow, cast.maya, start=MONDAY))
    with pytest.raises(NotAllowed, match="somebody else"):
        reopened(flow, cast.maya, before)


def test_a_request_that_does_not_exist_is_not_found(flow: Flow) -> None:
    with pytest.raises(NotFound):
        flow.database.write(lambda session: before_deciding(session, 4711))
