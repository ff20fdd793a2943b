"""What follows when somebody leaves: shifts they had are open again, their account is closed, their tokens end."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts import audit
from flowapp.accounts.tokens import ApiToken
from flowapp.accounts.user_changes import deactivate
from flowapp.accounts.users import USERS
from flowapp.events.cause import Cause
from flowapp.events.shift import StaffUnassigned
from flowapp.rota.shift_events import tell
from flowapp.rota.shift_reading import PlannedShift, planned_shifts
from flowapp.rota.shift_writing import move, note
from flowapp.rota.shifts import Shift, ShiftStatus

REASON = "Has left"


def leave(session: Session, cause: Cause, staff_id: int) -> None:
    """Open every shift of a leaver that has not begun, in whichever home, close their account and revoke their tokens.

    Whoever may make somebody a leaver need not be one who plans shifts: none can stay with somebody who is gone.
    Raises Conflict when nobody would be an administrator any more.
    """
    for shift in _to_come(session, cause, staff_id):
        _open(session, cause, shift)
    _revoke_tokens(session, cause, staff_id)
    _close_account(session, cause, staff_id)


def _to_come(session: Session, cause: Cause, staff_id: int) -> list[PlannedShift]:
    query = planned_shifts().where(
        Shift.staff_id == staff_id, Shift.status == ShiftStatus.ASSIGNED, Shift.starts_at > cause.at
    )
    return [PlannedShift(*row) for row in session.execute(query.order_by(Shift.starts_at, Shift.id))]


def _open(session: Session, cause: Cause, shift: PlannedShift) -> None:
    after = move(session, cause, shift, status=ShiftStatus.OPEN, staff_id=None)
    published = shift.published_at is not None
    before = {"status": shift.status, "staff_id": shift.staff_id, "published": published}
    now = {"status": after.status, "staff_id": None, "published": published}
    note(session, cause, after, "unassign", before=before, after=now, reason=REASON)
    own = {"previous_staff_id": shift.staff_id, "reason": REASON}
    tell(session, cause, StaffUnassigned, after, about=shift.staff_facts, own=own)


def _close_account(session: Session, cause: Cause, staff_id: int) -> None:
    theirs = select(USERS.c.id).where(USERS.c.staff_id == staff_id, USERS.c.is_active)
    for user_id in list(session.scalars(theirs)):
        deactivate(session, cause, user_id, reason=REASON)


def _revoke_tokens(session: Session, cause: Cause, staff_id: int) -> None:
    theirs = ApiToken.user_id.in_(select(USERS.c.id).where(USERS.c.staff_id == staff_id))
    ended = update(ApiToken).where(theirs, ApiToken.revoked_at.is_(None)).values(revoked_at=cause.at)
    for token_id in sorted(session.scalars(ended.returning(ApiToken.id))):
        audit.write(session, cause, action="token.revoke", entity="api_token", entity_id=token_id, reason=REASON)
