"""Whom a message is for: a role in the home, a member of staff, an address, or several of these."""

from __future__ import annotations

from typing import Any

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import active_people, person_by_email, person_of_staff
from flowapp.kernel.errors import NotFound
from flowapp.rota.employment import Employment, employment
from flowapp.workflows.kinds import Run, StepFailed

ROLES = {role.value: role for role in Role if role is not Role.STAFF}
WORDS = {
    "manager": "the manager",
    "senior": "the seniors",
    "hr": "HR",
    "regional": "the regional manager",
    "admin": "the administrator",
}


def recipients(run: Run, to: str | int | list[str | int]) -> list[Person]:
    """Answer the people with an account who are meant, each once; raises StepFailed for somebody who has none."""
    found: dict[int, Person] = {}
    for each in to if isinstance(to, list) else [to]:
        for person in _people(run, each):
            found.setdefault(person.user_id, person)
    return list(found.values())


def addresses(run: Run, to: str | int | list[str | int]) -> list[str]:
    """Answer the email addresses meant, each once; raises StepFailed for somebody who does not exist."""
    found: list[str] = []
    for each in to if isinstance(to, list) else [to]:
        found += _addresses(run, each)
    return list(dict.fromkeys(found))


def _people(run: Run, to: str | int) -> list[Person]:
    if isinstance(to, str) and to in ROLES:
        return active_people(run.session, role=ROLES[to], home_id=run.home_id)
    person = person_by_email(run.session, to) if isinstance(to, str) else _person_of(run, to)
    if person is None:
        words = f"{to!r} has no account here. Choose a person, or a role such as manager."
        raise StepFailed("unknown_recipient", words)
    return [person]


def _addresses(run: Run, to: str | int) -> list[str]:
    if isinstance(to, int):
        return [_member(run, to).email]
    if to in ROLES:
        return [person.email for person in active_people(run.session, role=ROLES[to], home_id=run.home_id)]
    return [to]


def _person_of(run: Run, staff_id: int) -> Person | None:
    _member(run, staff_id)
    return person_of_staff(run.session, staff_id)


def _member(run: Run, staff_id: int) -> Employment:
    """Answer a member of staff whom the workflow's owner may see; others are as good as not there."""
    try:
        found = employment(run.session, staff_id)
    except NotFound:
        found = None
    if found is None or not can(run.owner, "staff.view", On(home_id=found.home_id, staff_id=staff_id)):
        raise StepFailed("unknown_recipient", f"There is no member of staff number {staff_id} to tell.")
    return found


def recipients_words(to: Any) -> str:
    """Say who is meant: `the manager`, `the person` for the one a run is about."""
    if isinstance(to, list):
        return " and ".join(recipients_words(each) for each in to)
    if isinstance(to, str) and "${" in to:
        return "the person" if "staff" in to or "user" in to else "somebody"
    return WORDS.get(str(to), str(to) if to else "nobody yet")
