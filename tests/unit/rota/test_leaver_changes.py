"""What ends when somebody leaves, and what had ended before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts import tokens
from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.tokens import ApiToken
from flowapp.accounts.users import person_of
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.rota import leaver_changes
from tests.cast import Cast
from tests.factories import cause_of


def test_a_token_that_was_revoked_keeps_its_moment(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    now, staff_id = clock.now(), cast.dan.staff_id
    assert staff_id is not None
    first, later = cause_of(cast.maya, now), cause_of(cast.maya, now + timedelta(hours=1))

    def write(session: Session) -> None:
        tokens.create(
            session, first, user_id=cast.dan.user_id, name="a", scopes=["read"], expires_at=now + timedelta(days=1)
        )
        leaver_changes.leave(session, first, staff_id)
        leaver_changes.leave(session, later, staff_id)

    flow.database.write(write)

    with flow.database.read() as session:
        assert session.scalars(select(ApiToken.revoked_at)).all() == [now]
        assert [entry.at for entry in session.scalars(select(AuditEntry).filter_by(action="token.revoke"))] == [now]


def test_whoever_has_left_cannot_sign_in_any_more(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    staff_id = cast.dan.staff_id
    assert staff_id is not None
    flow.database.write(lambda session: leaver_changes.leave(session, cause_of(cast.maya, clock.now()), staff_id))
    with flow.database.read() as session:
        found = person_of(session, cast.dan.user_id)
    assert found is not None
    assert not found.active
