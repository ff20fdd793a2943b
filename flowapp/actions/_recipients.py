"""Whom a message is for: a role in the home, a member of staff, an address, or several of these."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import active_people, person_by_email, person_of_staff
from flowapp.workflows.kinds import StepFailed

ROLES = {role.value: role for role in Role if role is not Role.STAFF}
WORDS = {
    "manager": "the manager",
    "senior": "the seniors",
    "hr": "HR",
    "regional": "the regional manager",
    "admin": "the administrator",
}


def recipients(session: Session, to: str | int | list[str | int], *, home_id: int | None) -> list[Person]:
    """Answer the people meant, each once; raises StepFailed for somebody who does not exist."""
    found: dict[int, Person] = {}
    for each in to if isinstance(to, list) else [to]:
        for person in _one(session, each, home_id):
            found.setdefault(person.user_id, person)
    return list(found.values())


def _one(session: Session, to: str | int, home_id: int | None) -> list[Person]:
    if isinstance(to, str) and to in ROLES:
        return active_people(session, role=ROLES[to], home_id=home_id)
    person = person_by_email(session, to) if isinstance(to, str) else person_of_staff(session, to)
    if person is None:
        raise StepFailed(
            "unknown_recipient", f"{to!r} has no account here. Choose a person, or a role such as manager."
        )
    return [person]


def recipients_words(to: Any) -> str:
    """Say who is meant: `the manager`, `the person` for the one a run is about."""
    if isinstance(to, list):
        return " and ".join(recipients_words(each) for each in to)
    if isinstance(to, str) and "${" in to:
        return "the person" if "staff" in to or "user" in to else "somebody"
    return WORDS.get(str(to), str(to) if to else "nobody yet")
