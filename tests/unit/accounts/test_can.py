"""Who may do what to what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flowapp.accounts.can import ALL, can, homes_of, require
from flowapp.accounts.people import On, Person
from flowapp.accounts.permissions import NOT_OWN, PERMISSIONS
from flowapp.accounts.roles import Reach, Role
from flowapp.kernel.errors import NotAllowed, NotFound
from tests.unit.accounts.people_made import a_person

OWN_RECORD = On(home_id=9, staff_id=10)  # in a home that is not one's own
HERE = On(home_id=1, staff_id=77)
ELSEWHERE = On(home_id=2, staff_id=77)
ORGANISATION = On(home_id=None)
CELLS = [(permission, role) for permission in PERMISSIONS for role in Role]
ROWS = {
    #             own record, here,  elsewhere, the organisation
    Reach.NONE: (False, False, False, False),
    Reach.OWN: (True, False, False, False),
    Reach.HOME: (True, True, False, False),
    Reach.ORG: (True, True, True, True),
}


@pytest.mark.parametrize(("permission", "role"), CELLS)
def test_a_reach_covers_what_it_says_and_no_more(permission: str, role: Role) -> None:
    person = a_person(role)
    own, here, elsewhere, organisation = ROWS[PERMISSIONS[permission].reaches[role]]
    assert can(person, permission, OWN_RECORD) is (own and permission not in NOT_OWN)
    assert can(person, permission, HERE) is here
    assert can(person, permission, ELSEWHERE) is elsewhere
    assert can(person, permission, ORGANISATION) is organisation


@pytest.mark.parametrize(
    ("person", "permission", "able"),
    [
        (a_person(Role.MANAGER), "workflow.edit", True),  # for some home
        (a_person(Role.MANAGER, homes=()), "workflow.edit", False),  # for no home
        (a_person(Role.STAFF), "leave.request", True),  # for oneself
        (a_person(Role.STAFF), "leave.decide", False),
        (a_person(Role.ADMIN, homes=()), "leave.decide", True),
        (a_person(Role.REGIONAL, homes=(), all_homes=True), "shift.edit", True),
        (a_person(Role.ADMIN, active=False), "rota.view", False),  # a closed account
        (a_person(Role.ADMIN), "rota.sell", False),  # no such permission
    ],
)
def test_without_a_thing_it_is_asked_whether_anything_may_be_done(person: Person, permission: str, able: bool) -> None:
    assert can(person, permission) is able


@pytest.mark.parametrize("permission", sorted(NOT_OWN))
@pytest.mark.parametrize("role", Role)
def test_nobody_decides_about_themselves(permission: str, role: Role) -> None:
    assert not can(a_person(role, homes=(1, 2)), permission, On(home_id=1, staff_id=10))


def test_a_manager_decides_on_leave_in_their_own_home_only() -> None:
    manager = a_person(Role.MANAGER, homes=(3,))
    assert can(manager, "leave.decide", On(home_id=3, staff_id=77))
    assert not can(manager, "leave.decide", On(home_id=4, staff_id=77))


def test_what_belongs_to_an_account_is_known_by_its_user() -> None:
    admin = a_person(Role.ADMIN, staff_id=None)
    assert can(admin, "notification.view", On(home_id=None, user_id=100))
    assert not can(admin, "notification.view", On(home_id=None, user_id=101))


def test_two_people_without_a_staff_record_are_not_the_same_person() -> None:
    manager = a_person(Role.MANAGER, staff_id=None)
    assert can(manager, "leave.decide", On(home_id=1, staff_id=None))
    assert not can(a_person(Role.STAFF, staff_id=None), "leave.view", On(home_id=1, staff_id=None))


def test_a_regional_manager_of_every_home_reaches_homes_opened_later_too() -> None:
    regional = a_person(Role.REGIONAL, homes=(), all_homes=True)
    assert can(regional, "shift.edit", On(home_id=412))
    assert homes_of(regional, "shift.edit") is ALL


def test_a_workflow_never_overrides_a_rule_even_for_an_administrator() -> None:
    admin = a_person(Role.ADMIN)
    assert can(admin, "shift.override", HERE)
    assert not can(admin.as_workflow(), "shift.override", HERE)
    assert can(admin.as_workflow(), "shift.assign", HERE)


def test_a_workflow_of_a_manager_may_not_approve_the_managers_own_leave() -> None:
    owner = a_person(Role.MANAGER, staff_id=10).as_workflow()
    assert not can(owner, "leave.decide", On(home_id=1, staff_id=10))
    assert can(owner, "leave.decide", On(home_id=1, staff_id=11))


@pytest.mark.parametrize(
    ("role", "permission", "on", "error"),
    [
        (Role.STAFF, "leave.decide", HERE, NotFound),  # a colleague's leave is none of their business
        (Role.SENIOR, "leave.decide", HERE, NotAllowed),  # seen, not decided
        (Role.SENIOR, "leave.decide", ELSEWHERE, NotFound),
        (Role.MANAGER, "rota.view", ELSEWHERE, NotFound),
        (Role.STAFF, "shift.edit", HERE, NotAllowed),  # the rota of one's home is seen
        (Role.STAFF, "workflow.edit", HERE, NotAllowed),
        (Role.MANAGER, "workflow.edit", ORGANISATION, NotFound),
        (Role.MANAGER, "token.manage", None, NotFound),  # nothing to be seen there
        (Role.ADMIN, "rota.sell", HERE, NotFound),  # no such permission
    ],
)
def test_what_one_may_not_see_does_not_exist(
    role: Role, permission: str, on: On | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        require(a_person(role), permission, on)


def test_whoever_may_passes() -> None:
    require(a_person(Role.MANAGER), "leave.decide", HERE)


def test_a_decision_about_oneself_is_refused_with_the_reason() -> None:
    with pytest.raises(NotAllowed, match="about you"):
        require(a_person(Role.MANAGER), "leave.decide", On(home_id=1, staff_id=10))


@pytest.mark.parametrize(
    ("person", "permission", "homes"),
    [
        (a_person(Role.MANAGER, homes=(1, 2)), "leave.view", frozenset({1, 2})),
        (a_person(Role.STAFF, homes=(1,)), "leave.view", frozenset()),  # only one's own
        (a_person(Role.STAFF, homes=(1,)), "execution.view", frozenset({1})),
        (a_person(Role.HR), "leave.view", ALL),
        (a_person(Role.HR), "shift.edit", frozenset()),
        (a_person(Role.HR), "rota.sell", frozenset()),
        (replace(a_person(Role.ADMIN), active=False), "leave.view", frozenset()),
    ],
)
def test_lists_are_of_the_homes_a_permission_covers(
    person: Person, permission: str, homes: frozenset[int] | None
) -> None:
    assert homes_of(person, permission) == homes
