"""The one answer to whether somebody may do something; a workflow is asked as its owner."""

from __future__ import annotations

from typing import Final

from flowapp.accounts.people import On, Person
from flowapp.accounts.permissions import NOT_BY_WORKFLOW, NOT_OWN, PERMISSIONS, reach_of
from flowapp.accounts.roles import Reach
from flowapp.kernel.errors import NotAllowed, NotFound

ALL: Final = None  # every home, and what belongs to no home


def can(person: Person, permission: str, on: On | None = None) -> bool:
    """Say whether a person may do something to `on`; without it, whether they may do it to anything."""
    reach = _reach(person, permission)
    if reach is Reach.NONE:
        return False
    if on is None:
        return reach is not Reach.HOME or bool(person.home_ids)
    if _is_own(person, on):
        return permission not in NOT_OWN
    if reach is Reach.ORG:
        return True
    return reach is Reach.HOME and on.home_id in person.home_ids


def require(person: Person, permission: str, on: On | None = None) -> None:
    """Pass whoever may; raises NotFound for a thing they may not even see, else NotAllowed."""
    if can(person, permission, on):
        return
    known = PERMISSIONS.get(permission)
    if known is None or not can(person, known.seen_by, on):
        raise NotFound
    if on is not None and _is_own(person, on) and permission in NOT_OWN:
        raise NotAllowed("This is about you, so somebody else has to decide it.")
    raise NotAllowed


def homes_of(person: Person, permission: str) -> frozenset[int] | None:
    """Answer the homes whose lists a person may see: ALL, or some, or none where only one's own counts."""
    reach = _reach(person, permission)
    if reach is Reach.ORG:
        return ALL
    return person.home_ids if reach is Reach.HOME else frozenset()


def _reach(person: Person, permission: str) -> Reach:
    if not person.active or (person.by_workflow and permission in NOT_BY_WORKFLOW):
        return Reach.NONE
    reach = reach_of(person.role, permission)
    return Reach.ORG if reach is Reach.HOME and person.all_homes else reach


def _is_own(person: Person, on: On) -> bool:
    if on.staff_id is not None:
        return on.staff_id == person.staff_id
    return on.user_id is not None and on.user_id == person.user_id
