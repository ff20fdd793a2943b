"""Accounts: opening, finding, changing and closing them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from flowapp.accounts.people import On
from flowapp.accounts.roles import Role
from flowapp.accounts.user_changes import activate, change_role, deactivate, set_password
from flowapp.accounts.users import (
    USERS,
    active_people,
    create_user,
    find_by_email,
    people_with,
    person_by_email,
    person_of,
    person_of_staff,
)
from flowapp.events.cause import Cause
from flowapp.kernel.db import Database
from flowapp.kernel.errors import Conflict, NotFound, Refused
from tests.unit.accounts.people_made import an_account

GOOD: dict[str, Any] = {"email": "dan@example.org", "name": "Dan Reid", "role": "staff", "home_ids": [1]}


def test_an_account_stands_for_a_person_with_role_and_homes(database: Database, cause: Cause) -> None:
    made = an_account(database, cause, role=Role.MANAGER, homes=(2, 1), staff_id=5)
    with database.read() as session:
        person = person_of(session, made.user_id)
    assert person is not None
    assert (person.role, person.home_ids, person.staff_id) == (Role.MANAGER, frozenset({1, 2}), 5)
    assert person.active
    assert not person.all_homes


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"email": "dan"}, "email", "no_address"),
        ({"email": "dan@localhost"}, "email", "no_address"),  # no dot in the domain
        ({"email": "dan@example.org\nBcc: x@example.org"}, "email", "no_address"),  # would end a header
        ({"email": "dan@example.org, x@example.org"}, "email", "no_address"),  # two addresses
        ({"email": "d" * 65 + "@example.org"}, "email", "no_address"),  # RFC 5321: 64 before the @
        ({"name": "  "}, "name", "missing"),
        ({"name": "D" * 121}, "name", "too_long"),
        ({"name": "Dan\r\nReid"}, "name", "not_printable"),
        ({"name": "Dan\u202eReid"}, "name", "not_printable"),  # would turn the text round
        ({"role": "owner"}, "role", "unknown_role"),
        ({"home_ids": []}, "home_ids", "no_home"),
        ({"all_homes": True}, "home_ids", "too_many_homes"),  # only regional, HR and admin
    ],
)
def test_particulars_that_make_no_sense_are_refused(
    database: Database, cause: Cause, changed: dict[str, Any], path: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        database.write(lambda session: create_user(session, cause, **(GOOD | changed)))
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [(path, code)]


def test_all_that_is_wrong_is_said_at_once(database: Database, cause: Cause) -> None:
    with pytest.raises(Refused) as refused:
        database.write(lambda session: create_user(session, cause, email="", name="", role="", home_ids=[]))
    assert [problem.path for problem in refused.value.problems] == ["email", "name", "role"]


def test_an_address_has_one_account_however_it_is_written(database: Database, cause: Cause) -> None:
    made = an_account(database, cause, "Maya@Example.ORG")
    assert made.email == "maya@example.org"
    with database.read() as session:
        found = find_by_email(session, " MAYA@example.org ")
    assert found is not None
    assert found.id == made.user_id
    with pytest.raises(Refused, match="already an account"):
        an_account(database, cause, "mAYA@example.org")


def test_a_member_of_staff_has_one_account(database: Database, cause: Cause) -> None:
    an_account(database, cause, staff_id=5)
    with pytest.raises(Refused, match="already has an account"):
        an_account(database, cause, "second@example.org", staff_id=5)


@pytest.mark.parametrize("role", [Role.HR, Role.ADMIN])
def test_hr_and_administrators_see_every_home(database: Database, cause: Cause, role: Role) -> None:
    assert an_account(database, cause, role=role, homes=()).all_homes


def test_a_role_that_does_not_exist_is_nobody(database: Database, cause: Cause) -> None:
    made = an_account(database, cause)
    database.write(lambda session: session.execute(update(USERS).values(role="owner")) and None)
    with database.read() as session:
        assert person_of(session, made.user_id) is None
        assert people_with(session, "rota.view") == []


def test_those_who_may_do_something_are_found_the_nearest_role_first(database: Database, cause: Cause) -> None:
    an_account(database, cause, "admin@example.org", role=Role.ADMIN, homes=(), name="Ada")
    an_account(database, cause, "regional@example.org", role=Role.REGIONAL, homes=(3, 4), name="Rob")
    an_account(database, cause, "manager@example.org", role=Role.MANAGER, homes=(3,), staff_id=7, name="Maya")
    an_account(database, cause, "other@example.org", role=Role.MANAGER, homes=(4,), name="Olu")
    an_account(database, cause, "carer@example.org", role=Role.STAFF, homes=(3,), staff_id=8, name="Dan")
    gone = an_account(database, cause, "gone@example.org", role=Role.MANAGER, homes=(3,), name="Gil")
    database.write(lambda session: deactivate(session, cause, gone.user_id))
    with database.read() as session:
        assert [p.name for p in people_with(session, "leave.decide", On(home_id=3, staff_id=8))] == [
            "Maya", "Rob", "Ada",
        ]  # fmt: skip
        # not the manager about herself
        assert [p.name for p in people_with(session, "leave.decide", On(home_id=3, staff_id=7))] == [
            "Rob",
            "Ada",
        ]
        # the person it is about sees it too, though responsible for another home
        assert "Dan" in [p.name for p in people_with(session, "leave.view", On(home_id=9, staff_id=8))]
        assert [p.name for p in people_with(session, "event.post", On(home_id=None))] == ["Ada"]
        assert people_with(session, "rota.sell") == []


def test_people_of_a_role_are_those_responsible_for_the_home(database: Database, cause: Cause) -> None:
    an_account(database, cause, "manager@example.org", homes=(3,), name="Maya")
    an_account(database, cause, "other@example.org", homes=(4,), name="Olu")
    an_account(database, cause, "hr@example.org", role=Role.HR, homes=(), name="Hana")
    with database.read() as session:
        assert [p.name for p in active_people(session, role=Role.MANAGER, home_id=3)] == ["Maya"]
        assert [p.name for p in active_people(session, role=Role.MANAGER)] == ["Maya", "Olu"]
        assert [p.name for p in active_people(session, role=Role.HR, home_id=3)] == ["Hana"]


def test_whoever_is_written_to_has_an_open_account(database: Database, cause: Cause) -> None:
    made = an_account(database, cause, staff_id=5)
    with database.read() as session:
        assert person_by_email(session, "MAYA@example.org") == made
        assert person_of_staff(session, 5) == made
        assert person_of_staff(session, 6) is None
    an_account(database, cause, "admin@example.org", role=Role.ADMIN, homes=())
    database.write(lambda session: deactivate(session, cause, made.user_id))
    with database.read() as session:
        assert person_by_email(session, "maya@example.org") is None
        assert person_of_staff(session, 5) is None
        closed = person_of(session, made.user_id)
    assert closed is not None
    assert not closed.active


def test_another_role_brings_other_homes(database: Database, cause: Cause) -> None:
    made = an_account(database, cause, homes=(1, 2))
    database.write(lambda session: change_role(session, cause, made.user_id, role="senior", home_ids=[3]))
    with database.read() as session:
        person = person_of(session, made.user_id)
    assert person is not None
    assert (person.role, person.home_ids) == (Role.SENIOR, frozenset({3}))


def test_the_last_administrator_stays(database: Database, cause: Cause) -> None:
    admin = an_account(database, cause, role=Role.ADMIN, homes=())
    with pytest.raises(Conflict, match="last administrator"):
        database.write(lambda session: deactivate(session, cause, admin.user_id))
    with pytest.raises(Conflict, match="last administrator"):
        database.write(lambda session: change_role(session, cause, admin.user_id, role="hr"))
    an_account(database, cause, "second@example.org", role=Role.ADMIN, homes=())
    database.write(lambda session: deactivate(session, cause, admin.user_id))


def test_a_closed_account_can_be_opened_again(database: Database, cause: Cause) -> None:
    made = an_account(database, cause)
    database.write(lambda session: deactivate(session, cause, made.user_id))
    database.write(lambda session: activate(session, cause, made.user_id))
    with database.read() as session:
        assert person_of(session, made.user_id) == made


def test_an_account_that_does_not_exist_cannot_be_changed(database: Database, cause: Cause) -> None:
    with pytest.raises(NotFound):
        database.write(lambda session: set_password(session, cause, 99, "hash"))
    with pytest.raises(NotFound):
        database.write(lambda session: deactivate(session, cause, 99))
