"""Giving approved leave back: who cancels at once, who has to ask, and what the answers write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict, FlowError, NotAllowed, NotFound, Refused
from flowapp.messaging.in_app import Notification, notify
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_decisions import approve, reject, take_back
from flowapp.rota.leave_giving_back import keep, let_cancel
from tests.cast import Cast
from tests.engine.patience import in_threads
from tests.engine.test_leave_operations import act, asked, audited, balance, ledger, request, told, user
from tests.factories import leave_asked

MONDAY = date(2026, 12, 7)


def granted(flow: Flow, cast: Cast, who: Person) -> int:
    """Ask for Monday, have it approved by HR, and answer the number."""
    leave_id = leave_asked(flow, who, start=MONDAY)
    act(flow, approve, cast.hana, leave_id)
    return leave_id


@pytest.fixture
def dans(flow: Flow, cast: Cast) -> int:
    """Dan's approved leave, which he asks to give back."""
    leave_id = granted(flow, cast, cast.dan)
    act(flow, take_back, cast.dan, leave_id, reason="Plans changed")
    return leave_id


def notices(flow: Flow) -> list[tuple[int, str, str, str | None]]:
    """Read who was told what."""
    with flow.database.read() as session:
        rows = session.scalars(select(Notification).order_by(Notification.id))
        return [(each.user_id, each.title, each.message, each.link) for each in rows]


def test_a_carer_asks_to_give_leave_back_and_it_counts_until_there_is_an_answer(
    flow: Flow, cast: Cast, dans: int
) -> None:
    assert request(flow, dans).status is LeaveStatus.CANCEL_REQUESTED
    assert request(flow, dans).decided_by == "Hana"
    assert balance(flow, cast.dan) == Decimal("202.5")
    assert told(flow)[2:] == [("leave_cancel_requested", [("approved", "cancel_requested")])]
    assert audited(flow)[2:] == [("leave.cancel_requested", user(cast.dan), "Plans changed")]
    with pytest.raises(Refused) as raised:
        asked(flow, cast.dan, start=MONDAY)
    assert "is approved" in raised.value.problems[0].message


WHO_ASKS = [("dan", LeaveStatus.CANCEL_REQUESTED), ("sorcha", LeaveStatus.CANCEL_REQUESTED)]


@pytest.mark.parametrize(("name", "stands"), [*WHO_ASKS, ("maya", LeaveStatus.CANCELLED)])
def test_who_decides_on_leave_cancels_their_own_at_once_and_others_ask(
    flow: Flow, cast: Cast, name: str, stands: LeaveStatus
) -> None:
    who = getattr(cast, name)
    assert act(flow, take_back, who, granted(flow, cast, who)) is stands


@pytest.mark.parametrize(
    ("name", "stands"), [("maya", LeaveStatus.CANCELLED), ("sorcha", LeaveStatus.CANCEL_REQUESTED)]
)
def test_so_it_is_with_the_leave_of_others(flow: Flow, cast: Cast, name: str, stands: LeaveStatus) -> None:
    assert act(flow, take_back, getattr(cast, name), granted(flow, cast, cast.dan)) is stands


def test_what_is_asked_already_is_not_asked_again(flow: Flow, cast: Cast, dans: int) -> None:
    with pytest.raises(Conflict, match="asked already"):
        act(flow, take_back, cast.dan, dans)
    for again, given in ((approve, {}), (reject, {"reason": "No"})):
        with pytest.raises(Conflict, match="already approved by Hana"):
            act(flow, again, cast.maya, dans, **given)


def test_letting_somebody_cancel_gives_the_hours_back_and_tells_them(flow: Flow, cast: Cast, dans: int) -> None:
    act(flow, let_cancel, cast.maya, dans, tell=notify, reason="As you like")
    assert request(flow, dans).status is LeaveStatus.CANCELLED
    assert [(kind, hours) for kind, hours, _ in ledger(flow)] == [("take", Decimal("-7.5")), ("refund", Decimal("7.5"))]
    assert balance(flow, cast.dan) == 210
    assert told(flow)[3:] == [("leave_cancelled", [("cancel_requested", "cancelled")])]
    assert audited(flow)[3:] == [("leave.cancelled", user(cast.maya), "As you like")]
    words = (
        "Maya has cancelled your leave on 7 December 2026, as you asked. You have its hours again. "
        "The reason: As you like"
    )
    assert notices(flow) == [(cast.dan.user_id, "Your leave is cancelled", words, f"/leave/{dans}/")]


def test_keeping_the_leave_takes_it_back_to_approved_and_tells_why(flow: Flow, cast: Cast, dans: int) -> None:
    act(flow, keep, cast.maya, dans, tell=notify, reason="The rota is out")
    found = request(flow, dans)
    assert (found.status, found.decided_by) == (LeaveStatus.APPROVED, "Hana")
    assert balance(flow, cast.dan) == Decimal("202.5")
    assert audited(flow)[3:] == [("leave.kept", user(cast.maya), "The rota is out")]
    ((who, title, words, _),) = notices(flow)
    assert (who, title) == (cast.dan.user_id, "Your leave stays approved")
    assert "Maya could not cancel it, so it stays approved. The reason: The rota is out" in words
    assert act(flow, take_back, cast.dan, dans) is LeaveStatus.CANCEL_REQUESTED  # circumstances change


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_keeping_without_a_reason_is_refused(flow: Flow, cast: Cast, dans: int, reason: str) -> None:
    with pytest.raises(Refused, match="Say why") as raised:
        act(flow, keep, cast.maya, dans, tell=notify, reason=reason)
    assert raised.value.problems[0].path == "reason"
    assert request(flow, dans).status is LeaveStatus.CANCEL_REQUESTED


ANSWERS: list[tuple[Any, dict[str, str]]] = [(let_cancel, {}), (keep, {"reason": "No"})]
WHO_MAY_NOT: list[tuple[str, type[FlowError]]] = [
    ("dan", NotAllowed),  # it is his own
    ("sorcha", NotAllowed),  # leads the home, and may not decide
    ("erin", NotFound),  # of another home: there is no such request
]


@pytest.mark.parametrize(("answer", "given"), ANSWERS, ids=["let", "keep"])
@pytest.mark.parametrize(("name", "error"), WHO_MAY_NOT, ids=[name for name, _ in WHO_MAY_NOT])
def test_who_may_not_answer(
    flow: Flow, cast: Cast, dans: int, name: str, error: type[FlowError], answer: Any, given: dict[str, str]
) -> None:
    with pytest.raises(error):
        act(flow, answer, getattr(cast, name), dans, tell=notify, **given)
    assert request(flow, dans).status is LeaveStatus.CANCEL_REQUESTED


@pytest.mark.parametrize(("answer", "given"), ANSWERS, ids=["let", "keep"])
def test_what_nobody_asks_is_not_answered(flow: Flow, cast: Cast, answer: Any, given: dict[str, str]) -> None:
    leave_id = granted(flow, cast, cast.dan)
    with pytest.raises(Conflict, match="Nobody asks to cancel"):
        act(flow, answer, cast.maya, leave_id, tell=notify, **given)
    with pytest.raises(NotFound):
        act(flow, answer, cast.maya, 999, tell=notify, **given)


def test_leave_that_has_begun_is_neither_cancelled_nor_asked_back(
    flow: Flow, cast: Cast, clock: FrozenClock, dans: int
) -> None:
    sorchas = granted(flow, cast, cast.sorcha)
    clock.advance(days=14)
    with pytest.raises(Conflict, match="has begun"):
        act(flow, let_cancel, cast.maya, dans, tell=notify)
    for who in (cast.sorcha, cast.maya):
        with pytest.raises(Conflict, match="has begun"):
            act(flow, take_back, who, sorchas)
    assert balance(flow, cast.dan) == Decimal("202.5")


def test_somebody_whose_leave_a_manager_cancels_unasked_is_told_if_there_is_a_way(flow: Flow, cast: Cast) -> None:
    act(flow, take_back, cast.maya, granted(flow, cast, cast.dan), tell=notify, reason="The home is short")
    ((who, _, words, _),) = notices(flow)
    assert who == cast.dan.user_id
    assert "as you asked" not in words
    own = granted(flow, cast, cast.maya)
    act(flow, take_back, cast.maya, own, tell=notify)
    assert len(notices(flow)) == 1  # nobody is told what they did themselves


def test_of_two_who_answer_at_once_exactly_one_does(flow: Flow, cast: Cast, dans: int) -> None:
    def answer(index: int) -> None:
        if index:
            act(flow, let_cancel, cast.maya, dans, tell=notify)
        else:
            act(flow, keep, cast.hana, dans, tell=notify, reason="No")

    assert [type(error) for error in in_threads(2, answer)] == [Conflict]
    cancelled = request(flow, dans).status is LeaveStatus.CANCELLED
    assert balance(flow, cast.dan) == (Decimal(210) if cancelled else Decimal("202.5"))
    assert len(notices(flow)) == 1
