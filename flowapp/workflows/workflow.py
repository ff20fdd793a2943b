"""Workflows as they are kept: the workflow, its versions, and what it listens to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, and_, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.kernel.columns import Base, Instant, Plain, Word, only_where
from flowapp.kernel.errors import NotFound
from flowapp.kernel.prepared import Prepared

EVERY_HOME = 0  # in a subscription: the organisation, not one home


class WorkflowStatus(StrEnum):
    """Whether a workflow may start."""

    DRAFT = "draft"  # never published
    ACTIVE = "active"  # its triggers start it
    PAUSED = "paused"  # it starts nothing; what runs goes on
    ARCHIVED = "archived"  # put away

    @property
    def label(self) -> str:
        """The word people see."""
        return _LABELS[self]


_LABELS = {
    WorkflowStatus.DRAFT: "Draft",
    WorkflowStatus.ACTIVE: "Active",
    WorkflowStatus.PAUSED: "Paused",
    WorkflowStatus.ARCHIVED: "Archived",
}


class CatchUp(StrEnum):
    """What becomes of the times at which FlowApp was away."""

    LAST = "last"  # the last of them is made good, if it is not older than a day
    NONE = "none"  # they are only listed
    ALL = "all"  # each is made good


class Workflow(Base):
    """A workflow: its name, its home (none means every home its owner may act for), its owner.

    It acts with its owner's rights.
    """

    __tablename__ = "workflow"
    __table_args__ = (Index("ix_workflow_failing", "id", **only_where("failures_in_a_row > 0")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(26), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    category: Mapped[str] = mapped_column(String(20))
    status: Mapped[StrEnum] = mapped_column(Word(WorkflowStatus))
    home_id: Mapped[int | None] = mapped_column(index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    current_version: Mapped[int | None]  # the published version's number
    rev: Mapped[int] = mapped_column(default=1)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_reason: Mapped[str | None] = mapped_column(Text)  # by whom and why, in words
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_by: Mapped[str | None] = mapped_column(String(120))
    failing_since: Mapped[datetime | None] = mapped_column(Instant)  # since when no run came to its end
    failures_in_a_row: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Version(Base):
    """One state of a workflow; never changed once published."""

    __tablename__ = "workflow_version"
    __table_args__ = (UniqueConstraint("workflow_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflow.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Plain)
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by_id: Mapped[int | None]


class Subscription(Base):
    """One trigger of an active workflow and what it waits for: an event, or a time.

    Matching looks here by event and home, so that its cost follows the number of workflows that match, not the
    number there are. A schedule without `next_fire_at` is given one at the next tick, from `plan_from` on.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("workflow_id", "trigger_id"),
        Index("ix_subscription_event_home", "event_type", "home_id"),
        Index("ix_subscription_next_fire_at", "next_fire_at", **only_where("cron IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflow.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("workflow_version.id"))
    trigger_id: Mapped[str] = mapped_column(String(40))
    trigger_type: Mapped[str] = mapped_column(String(40))
    event_type: Mapped[str | None] = mapped_column(String(40))
    home_id: Mapped[int]  # EVERY_HOME for all of them
    when: Mapped[str | None] = mapped_column(Text)
    cron: Mapped[str | None] = mapped_column(String(200))
    timezone: Mapped[str | None] = mapped_column(String(40))  # None is the home's
    catch_up: Mapped[StrEnum | None] = mapped_column(Word(CatchUp))
    plan_from: Mapped[datetime | None] = mapped_column(Instant)  # later times count; None is from when it is asked
    next_fire_at: Mapped[datetime | None] = mapped_column(Instant)


NO_SUCH_WORKFLOW = "There is no such workflow."


def workflow(session: Session, workflow_id: int) -> Workflow:
    """Answer the workflow with this number; raises NotFound."""
    found = session.get(Workflow, workflow_id)
    if found is None:
        raise NotFound(NO_SUCH_WORKFLOW)
    return found


class Runnable(NamedTuple):
    """What starting a workflow asks of it; `version_id` is that of the published version."""

    id: int
    name: str
    status: WorkflowStatus
    home_id: int | None
    version_id: int | None


# Asked by every start by hand or by a program, so compiled once.
_RUNNABLE = Prepared(
    select(Workflow.id, Workflow.name, Workflow.status, Workflow.home_id, Version.id)
    .outerjoin(Version, and_(Version.workflow_id == Workflow.id, Version.number == Workflow.current_version))
    .where(Workflow.id == bindparam("workflow_id")),
    Runnable,
)


def runnable(session: Session, workflow_id: int) -> Runnable:
    """Answer what starting this workflow asks of it; raises NotFound."""
    found = _RUNNABLE.first(session, workflow_id=workflow_id)
    if found is None:
        raise NotFound(NO_SUCH_WORKFLOW)
    return found


def version(session: Session, workflow_id: int, number: int) -> Version:
    """Answer one version of a workflow; raises NotFound."""
    query = select(Version).where(Version.workflow_id == workflow_id, Version.number == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"This workflow has no version {number}.")
    return found


def latest_version(session: Session, workflow_id: int) -> Version:
    """Answer the newest version, published or not; every workflow has one."""
    query = select(Version).where(Version.workflow_id == workflow_id).order_by(Version.number.desc()).limit(1)
    return session.scalars(query).one()
