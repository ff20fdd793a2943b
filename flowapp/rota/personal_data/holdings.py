"""Where FlowApp holds something about a person: which tables, how their rows are known, what becomes of them.

Every table with a column that names a member of staff or an account stands here (a test sees to that). What other
tables say in texts is found by looking for the person's name, addresses and number in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Table

REMOVED = "This was removed with the personal data of somebody who has left."


class Fate(StrEnum):
    """What becomes of rows when the person is forgotten."""

    KEPT = "kept"  # they tell no more about the person than their number; texts are looked through like all
    BLANKED = "blanked"  # what a person wrote, or was written to them, is emptied
    DELETED = "deleted"  # of use to nobody else


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one table holds about people; `by` is the column that says about whom."""

    table: str
    words: str  # what it is, in a list of what is held about you
    by: str
    fate: Fate = Fate.KEPT
    blank: Mapping[str, Any] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()  # columns that are handed to nobody

    @property
    def by_account(self) -> bool:
        """Whether rows are known by the person's account rather than by their staff number."""
        return self.by in _OF_ACCOUNTS

    def of(self, table: Table, staff_id: int, user_ids: Sequence[int]) -> ColumnElement[bool]:
        """Make the condition for the rows about a person."""
        column = table.c[self.by]
        return column.in_(user_ids) if self.by_account else column == staff_id


_OF_ACCOUNTS = frozenset({"user_id", "started_by_id", "decided_by_id", "published_by_id", "owner_id", "assignee_id"})
_HASHES = frozenset({"token_hash", "csrf", "password_hash", "body_sha256", "answer"})
_WRITTEN_TO = {"title": "Removed", "message": REMOVED}

HOLDINGS = (
    Holding(table="staff", words="Your record", by="id"),
    Holding(table="user", words="Your account", by="staff_id", secret=_HASHES),
    Holding(table="user_home", words="The homes your account sees", by="user_id"),
    Holding(
        table="leave_request",
        words="Leave you asked for",
        by="staff_id",
        fate=Fate.BLANKED,
        blank={"reason": "", "decision_reason": None},
    ),
    Holding(table="leave_entitlement", words="Leave you are entitled to", by="staff_id"),
    Holding(
        table="absence",
        words="When you were away ill, late or missing",
        by="staff_id",
        fate=Fate.BLANKED,
        blank={"reason": "", "talk_note": ""},
    ),
    Holding(
        table="certificate",
        words="Your training and certificates",
        by="staff_id",
        fate=Fate.BLANKED,
        blank={"evidence_ref": "", "revoke_reason": ""},
    ),
    Holding(
        table="timesheet",
        words="Hours you worked",
        by="staff_id",
        fate=Fate.BLANKED,
        blank={"note": "", "reason": ""},
    ),
    Holding(table="csv_import", words="Lists you brought in", by="user_id"),
    Holding(
        table="calendar_address", words="Where your calendar is read", by="user_id", fate=Fate.DELETED, secret=_HASHES
    ),
    Holding(table="shift_assignment", words="How shifts came to you", by="staff_id"),
    Holding(table="task", words="Tasks that are yours to do", by="assignee_id"),
    Holding(table="compliance_violation", words="Where a rule was broken over you", by="staff_id"),
    Holding(table="availability_pattern", words="When you can work", by="staff_id", fate=Fate.DELETED),
    Holding(table="availability_exception", words="When you cannot work", by="staff_id", fate=Fate.DELETED),
    Holding(table="staff_home_scope", words="The homes you help out in", by="staff_id"),
    Holding(table="shift", words="Shifts you have or had", by="staff_id"),
    Holding(table="execution", words="What workflows did about you", by="about_staff_id"),
    Holding(
        table="notification", words="Messages to you", by="user_id", fate=Fate.BLANKED, blank=_WRITTEN_TO
    ),
    Holding(table="browser_session", words="Where you are signed in", by="user_id", fate=Fate.DELETED, secret=_HASHES),
    Holding(table="sign_in_link", words="Links to sign in with", by="user_id", fate=Fate.DELETED, secret=_HASHES),
    Holding(table="api_token", words="Programs that act for you", by="user_id", fate=Fate.BLANKED,
            blank={"name": "Removed"}, secret=_HASHES),
    Holding(table="idempotency_key", words="What programs sent for you", by="user_id", fate=Fate.DELETED,
            secret=_HASHES),
)  # fmt: skip
BY_TABLE: Mapping[str, Holding] = MappingProxyType({each.table: each for each in HOLDINGS})
# Published versions cannot be changed; a person who is named in one is told of instead.
NOT_CHANGED = frozenset({"workflow_version"})
RECORDS = frozenset({"staff", "user"})  # the person's own, changed last


@dataclass(frozen=True, kw_only=True)
class Letters:
    """Letters, known only by the address they go to: what those to the person say afterwards."""

    to: str
    blank: Mapping[str, str]
    waiting: str  # the status of one that was not sent yet
    kept_back: str  # and its status afterwards: nobody has that address any more


LETTERS: Mapping[str, Letters] = MappingProxyType(
    {"mail": Letters(to="to", blank={"subject": "Removed", "body": REMOVED}, waiting="queued", kept_back="kept")}
)
# Signs made of random bits or of hashes, in which nobody's name can stand.
SIGNS = frozenset({"uid", "hash", "sha256", "token_hash", "body_sha256", "password_hash", "csrf"})
