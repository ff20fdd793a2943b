"""The six roles a person can have, and how far a permission can reach."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What somebody is in FlowApp; the nearest to the residents first."""

    STAFF = "staff"  # works shifts
    SENIOR = "senior"  # leads a shift
    MANAGER = "manager"  # answers for a home
    HR = "hr"  # answers for contracts, leave and training
    REGIONAL = "regional"  # answers for several homes
    ADMIN = "admin"  # looks after FlowApp itself

    @property
    def label(self) -> str:
        """The role as people see it: `Manager`, `HR`."""
        return "HR" if self is Role.HR else self.value.capitalize()


def role_of(text: str) -> Role | None:
    """Answer the role with this name, or None: an unknown role may do nothing."""
    return _BY_NAME.get(text)


_BY_NAME = {role.value: role for role in Role}


class Reach(IntEnum):
    """How far a permission reaches; each one includes those before it."""

    NONE = 0  # not at all
    OWN = 1  # one's own record
    HOME = 2  # the homes one is responsible for
    ORG = 3  # every home, and what belongs to the organisation
