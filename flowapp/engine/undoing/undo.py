"""How the steps of executions are undone, as it is kept: written before a step has its effect."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, String, Table, Text, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Plain, Word
from flowapp.kernel.plain import plain
from flowapp.kernel.prepared import Prepared
from flowapp.workflows.kinds import Action, ActionOutput, Run


class UndoState(StrEnum):
    """What has become of undoing one step."""

    REGISTERED = "registered"  # can be undone
    UNDONE = "undone"
    REFUSED = "refused"  # tried; a rule, or what somebody did since, forbade it
    NOT_NEEDED = "not_needed"  # the step had no effect


class Undo(Base):
    """How one step of an execution is undone; `note` is what its action remembered."""

    __tablename__ = "undo"
    __table_args__ = (UniqueConstraint("execution_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    execution_id: Mapped[int] = mapped_column(ForeignKey("execution.id"))
    path: Mapped[str] = mapped_column(String(400))
    action: Mapped[str] = mapped_column(String(40))
    note: Mapped[Any] = mapped_column(Plain, nullable=True)
    state: Mapped[StrEnum] = mapped_column(Word(UndoState))
    reason: Mapped[str | None] = mapped_column(Text)  # how things stand now, or why it was refused, in words
    undone_at: Mapped[datetime | None] = mapped_column(Instant)  # when it was tried
    undone_by: Mapped[str | None] = mapped_column(String(160))  # in words, for people


_REGISTER: Prepared[Any] = Prepared(insert(Undo), columns=("execution_id", "path", "action", "note", "state"))


def run_registered(action: Action, fields: Any, run: Run) -> ActionOutput:
    """Do an action of our own; if it can be undone, how is written down beside its effect.

    What must be remembered is taken before the effect; the row is written in the SAVEPOINT of the effect, so there is
    never one without the other.
    """
    if not action.reversible:
        return action.run(fields, run)
    note = plain(action.undo_note(fields, run))
    output = action.run(fields, run)
    note = plain(action.undo_note_afterwards(note, output, run))
    _REGISTER.run(
        run.session,
        execution_id=run.execution_id,
        path=run.path,
        action=action.kind,
        note=note,
        state=UndoState.NOT_NEEDED if note is None else UndoState.REGISTERED,
    )
    return output


class Registered(NamedTuple):
    """What undoing one step looks at."""

    id: int
    execution_id: int
    path: str
    action: str
    note: Any
    state: UndoState


UNDOS: Table = Undo.__table__  # type: ignore[assignment]


def registered(session: Session, execution_ids: Collection[int]) -> list[Registered]:
    """Answer how the steps of executions are undone, in the order in which they had their effects."""
    columns = (UNDOS.c.id, UNDOS.c.execution_id, UNDOS.c.path, UNDOS.c.action, UNDOS.c.note, UNDOS.c.state)
    query = select(*columns).where(UNDOS.c.execution_id.in_(execution_ids)).order_by(UNDOS.c.id)
    return [Registered(*row) for row in session.execute(query)]
