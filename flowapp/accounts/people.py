"""A person as every check sees them, and what a check is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flowapp.accounts.roles import Role


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account, as they are at this moment."""

    user_id: int
    name: str
    email: str
    role: Role
    staff_id: int | None  # their record as a member of staff, if they have one
    home_ids: frozenset[int]  # the homes they are responsible for
    all_homes: bool  # every home, those opened later too
    active: bool
    by_workflow: bool = False  # a workflow acts with this person's rights

    def as_workflow(self) -> Person:
        """Answer the same rights as a workflow of this person has them."""
        return replace(self, by_workflow=True)


@dataclass(frozen=True, kw_only=True)
class On:
    """What something is done to: which home it belongs to (None: the organisation), and whose it is."""

    home_id: int | None
    staff_id: int | None = None
    user_id: int | None = None  # for what belongs to an account, not to a member of staff
