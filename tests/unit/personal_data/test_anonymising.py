"""Taking out of the database who somebody was, once they have left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Text, func, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from flowapp.accounts.audit import AuditEntry, verify_chain
from flowapp.accounts.sign_in_links import make
from flowapp.bootstrap import Flow
from flowapp.http.tables import metadata
from flowapp.kernel.errors import Conflict, NotFound
from flowapp.messaging.outbox import Mail, MailStatus
from flowapp.rota.leave import LeaveRequest
from flowapp.rota.personal_data.anonymising import Anonymised, anonymise
from flowapp.rota.shifts import Shift
from flowapp.rota.staff import Staff, StaffStatus
from tests.cast import Cast
from tests.factories import cause_of
from tests.unit.personal_data.conftest import Canary

TOLD = ("canary", "zebedee", "back pain")


def left(flow: Flow, cast: Cast, canary: Canary) -> None:
    """Make a leaver of somebody."""
    flow.database.write(
        lambda session: (
            session.execute(update(Staff).where(Staff.id == canary.staff_id).values(status=StaffStatus.LEAVER)) and None
        )
    )


def forget(flow: Flow, cast: Cast, canary: Canary) -> Anonymised:
    """Take somebody out, as HR does."""
    cause = cause_of(cast.hana, flow.clock.now())
    return anonymise(flow.database, metadata(), cause, canary.staff_id)


def everything(flow: Flow) -> Iterator[tuple[str, str]]:
    """Go through every value of every row of every table, as text; no list of ours says where to look."""
    with flow.database.read() as session:
        for table in metadata().sorted_tables:
            query = select(*(type_coerce(column, Text).label(column.name) for column in table.columns))
            for row in session.execute(query).mappings():
                yield from ((f"{table.name}.{name}", str(value)) for name, value in row.items())


def told(flow: Flow) -> set[str]:
    return {place for place, value in everything(flow) for word in TOLD if word in value.lower()}


def test_nothing_is_left_of_somebody_in_any_column_of_any_table(flow: Flow, cast: Cast, canary: Canary) -> None:
    left(flow, cast, canary)
    before = told(flow)
    assert {"staff.name", "user.email", "event.context", "execution.context", "audit_entry.actor_name"} <= before
    assert {"mail.to", "mail.body", "notification.message", "step_execution.input", "execution.reason"} <= before
    found = forget(flow, cast, canary)
    assert told(flow) == {"workflow_version.document"}  # a published version cannot be changed, and is told of
    assert len(found.versions) == 1
    assert found.changed["audit_entry"] > 0


def test_what_somebody_did_stays_as_the_work_of_a_former_member_of_staff(
    flow: Flow, cast: Cast, canary: Canary
) -> None:
    left(flow, cast, canary)
    forget(flow, cast, canary)
    with flow.database.read() as session:
        found = session.get_one(Staff, canary.staff_id)
        assert (found.name, found.email) == (f"Former staff {found.id}", f"former-{found.id}@removed.invalid")
        assert session.scalars(select(Shift.staff_id)).all() == [canary.staff_id]
        request = session.scalars(select(LeaveRequest)).one()
        assert (request.staff_id, request.days) == (canary.staff_id, 1)
        assert (
            session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)).one()
            == "staff.anonymise"
        )


def test_the_audit_holds_together_and_still_shows_what_others_change_in_it(
    flow: Flow, cast: Cast, canary: Canary
) -> None:
    left(flow, cast, canary)
    forget(flow, cast, canary)
    with flow.database.read() as session:
        assert verify_chain(session) is None
        redacted = set(session.scalars(select(AuditEntry.id).where(AuditEntry.redacted_at.is_not(None))))
        entries = session.scalar(select(func.count()).select_from(AuditEntry))
    assert 0 < len(redacted) < (entries or 0)
    with pytest.raises(IntegrityError, match="only added to"):
        flow.database.write(lambda session: session.execute(update(AuditEntry).values(reason="")) and None)


def test_a_letter_that_waits_is_not_sent_to_the_address_that_took_its_place(
    flow: Flow, cast: Cast, canary: Canary
) -> None:
    flow.database.write(lambda session: session.execute(update(Mail).values(status=MailStatus.QUEUED)) and None)
    left(flow, cast, canary)
    forget(flow, cast, canary)
    with flow.database.read() as session:
        assert {(mail.status, mail.body) for mail in session.scalars(select(Mail))} == {
            (MailStatus.KEPT, "This was removed with the personal data of somebody who has left.")
        }


def test_somebody_who_has_not_left_keeps_everything(flow: Flow, cast: Cast, canary: Canary) -> None:
    with pytest.raises(Conflict, match="has not left"):
        forget(flow, cast, canary)
    assert "staff.name" in told(flow)


def test_nobody_is_forgotten_twice(flow: Flow, cast: Cast, canary: Canary) -> None:
    left(flow, cast, canary)
    forget(flow, cast, canary)
    with pytest.raises(Conflict, match="already"):
        forget(flow, cast, canary)


def test_nobody_by_that_number(flow: Flow, cast: Cast) -> None:
    with pytest.raises(NotFound):
        anonymise(flow.database, metadata(), cause_of(cast.hana, flow.clock.now()), 999_999)


def test_what_stopped_half_way_is_finished_when_it_is_asked_for_again(
    flow: Flow, cast: Cast, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(flow, cast, canary)
    real, seen = flow.database.write, []

    def dies(fn: object, **given: object) -> object:
        seen.append(fn)
        if len(seen) == 9:
            raise KeyboardInterrupt
        return real(fn, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(flow.database, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        forget(flow, cast, canary)
    monkeypatch.setattr(flow.database, "write", real)
    assert "staff.name" in told(flow)  # whom to look for is known still
    forget(flow, cast, canary)
    assert told(flow) == {"workflow_version.document"}


def test_links_to_sign_in_with_end(flow: Flow, cast: Cast, canary: Canary) -> None:
    at = flow.clock.now()
    flow.database.write(lambda session: make(session, cause_of(cast.ada, at), canary.person.user_id))
    left(flow, cast, canary)
    found = forget(flow, cast, canary)
    assert found.changed["sign_in_link"] == 1
