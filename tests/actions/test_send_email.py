"""Emails that workflows send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import Execution, ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from flowapp.messaging.outbox import Mail, MailStatus
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked

EMAIL = registries().actions["send_email"]


def email(**with_: Any) -> dict[str, Any]:
    """Answer a step that sends an email; what is not said is ordinary."""
    usual = {"to": "${context.staff.email}", "subject": "Your leave", "body": "Dear ${context.staff.name}, thank you."}
    return {"id": "mail", "type": "action", "action": "send_email", "with": usual | with_}


def sent(flow: Flow, cast: Cast, **with_: Any) -> tuple[Execution, list[Mail]]:
    """Run a workflow that sends an email when Dan asks for leave; answer its run and the mails it sent."""
    a_workflow(flow, cast.maya, a_document(email(**with_)), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    flow.worker.run_due()
    with flow.database.read() as session:
        by_the_step = select(Mail).where(Mail.execution_id.is_not(None)).order_by(Mail.id)  # and not by an alert
        return session.scalars(select(Execution)).one(), list(session.scalars(by_the_step))


def test_the_person_gets_a_mail_with_the_values_in_it(flow: Flow, cast: Cast) -> None:
    run, mails = sent(flow, cast)
    assert run.status == ExecutionStatus.COMPLETED
    assert [(mail.to, mail.subject, mail.body) for mail in mails] == [
        (["dan@example.org"], "Your leave", "Dear Dan, thank you.")
    ]
    assert mails[0].execution_id == run.id


@pytest.mark.parametrize(
    ("to", "addresses"),
    [
        ("manager", ["maya@example.org"]),  # a role in the home of the run
        ("${context.staff_id}", ["dan@example.org"]),  # a member of staff by number, with or without an account
        ("family@example.net", ["family@example.net"]),  # anybody by address
        (["manager", "senior", "maya@example.org"], ["maya@example.org", "sorcha@example.org"]),  # each once
    ],
)
def test_whoever_is_meant_gets_a_mail_of_their_own(flow: Flow, cast: Cast, to: Any, addresses: list[str]) -> None:
    _, mails = sent(flow, cast, to=to)
    assert [mail.to for mail in mails] == [[address] for address in addresses]


def test_a_copy_goes_with_the_first_mail_only(flow: Flow, cast: Cast) -> None:
    _, mails = sent(flow, cast, to=["manager", "senior"], cc="hr")
    assert [mail.cc for mail in mails] == [["hana@example.org"], []]


@pytest.mark.parametrize("to", ["nobody at all", "a@b@c", "x\r\nBcc: y@example.net"])
def test_what_is_no_address_fails_the_step_in_words(flow: Flow, cast: Cast, to: str) -> None:
    run, mails = sent(flow, cast, to=to)
    assert run.status == ExecutionStatus.FAILED
    assert "address" in (run.reason or "")
    assert mails == []


def test_staff_of_another_home_are_not_to_be_had_by_number(flow: Flow, cast: Cast) -> None:
    run, mails = sent(flow, cast, to=cast.vic.staff_id)
    assert run.status == ExecutionStatus.FAILED
    assert "no member of staff" in (run.reason or "")
    assert mails == []


def test_without_a_mail_server_it_is_kept_in_the_outbox(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    sent(flow, cast)
    clock.advance(seconds=timedelta(minutes=1).total_seconds())
    flow.post.look().result()
    with flow.database.read() as session:
        assert session.scalars(select(Mail.status)).one() == MailStatus.KEPT


def test_its_sentence_says_to_whom_and_about_what() -> None:
    assert EMAIL.sentence({"to": "manager", "subject": "Leave"}) == "Email **the manager**: Leave"
    assert EMAIL.sentence({}) == "Email **nobody yet**: no subject yet"
