"""People for the tests; each says only what matters."""

from __future__ import annotations

from sqlalchemy.orm import Session

from flowapp.accounts.passwords import CHEAP, hash_password
from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user, person_of
from flowapp.events.cause import Cause
from flowapp.kernel.db import Database

PASSWORD = "warm porridge at seven"


def a_person(role: Role = Role.STAFF, *, homes: tuple[int, ...] = (1,), staff_id: int | None = 10,
             all_homes: bool = False, active: bool = True) -> Person:  # fmt: skip
    """Make a person without a database."""
    return Person(
        user_id=100, name="Maya", email="maya@example.org", role=role, staff_id=staff_id,
        home_ids=frozenset(homes), all_homes=all_homes, active=active,
    )  # fmt: skip


def an_account(
    database: Database,
    cause: Cause,
    email: str = "maya@example.org",
    *,
    role: Role = Role.MANAGER,
    homes: tuple[int, ...] = (1,),
    staff_id: int | None = None,
    name: str = "Maya",
) -> Person:
    """Open an account that signs in with PASSWORD."""
    kept = hash_password(PASSWORD, CHEAP)

    def write(session: Session) -> Person | None:
        user_id = create_user(
            session, cause, email=email, name=name, role=role, home_ids=homes, staff_id=staff_id,
            password_hash=kept,
        )  # fmt: skip
        return person_of(session, user_id)

    person = database.write(write)
    assert person is not None
    return person
