"""What has happened how often since the database was made: numbers that only grow, kept where it happens.

Counting the runs themselves would take longer with each of them, and forget those that are removed at night.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base
from flowapp.kernel.prepared import Prepared

NO_WORKFLOW = 0  # for what is counted of all of them together
LEASES_LOST = "leases_lost"


class Tally(Base):
    """How often one thing has happened; `what` is how a run ended, or one of the names above."""

    __tablename__ = "tally"

    workflow_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[int]


_MORE: Prepared[Any] = Prepared(
    update(Tally)
    .where(Tally.workflow_id == bindparam("of_workflow"), Tally.what == bindparam("of_what"))
    .values(number=Tally.number + bindparam("more"))
)
_FIRST: Prepared[Any] = Prepared(insert(Tally), columns=("workflow_id", "what", "number"))


def count(session: Session, what: str, more: int, *, workflow_id: int = NO_WORKFLOW) -> None:
    """Count something; in the transaction in which it happens, so that both stand or fall together."""
    if not _MORE.run(session, of_workflow=workflow_id, of_what=what, more=more):
        _FIRST.run(session, workflow_id=workflow_id, what=what, number=more)


def tallies(session: Session) -> dict[tuple[int, str], int]:
    """Answer every number, by the workflow and by what was counted."""
    rows = session.execute(select(Tally.workflow_id, Tally.what, Tally.number))
    return {(workflow_id, what): number for workflow_id, what, number in rows}
