"""The whole table of who may do what, written out once more and compared."""

from __future__ import annotations

import pytest

from flowapp.accounts.permissions import NOT_BY_WORKFLOW, NOT_OWN, PERMISSIONS, reach_of
from flowapp.accounts.roles import Reach, Role, role_of

NO, OWN, HOME, ORG = Reach.NONE, Reach.OWN, Reach.HOME, Reach.ORG

# The rows of the matrix of the rota reference, section 1.4: staff, senior, manager, HR, regional, admin.
MATRIX = {
    "rota.view": (HOME, HOME, HOME, ORG, HOME, ORG),  # see rota
    "rota.view_all": (NO, HOME, HOME, ORG, HOME, ORG),  # staff: own unit, published
    "shift.edit": (NO, NO, HOME, NO, HOME, ORG),  # create, edit, cancel shift
    "shift.cover": (NO, HOME, HOME, NO, HOME, ORG),  # senior: same-day swaps and cover
    "rota.publish": (NO, NO, HOME, NO, HOME, ORG),
    "shift.assign": (NO, HOME, HOME, NO, HOME, ORG),
    "shift.override": (NO, NO, HOME, NO, HOME, ORG),  # override a warning
    "shift.override_block": (NO, NO, NO, NO, HOME, ORG),
    "shift.claim": (OWN, OWN, HOME, NO, HOME, ORG),  # claim, drop, swap
    "swap.decide": (NO, NO, HOME, NO, HOME, ORG),
    "leave.view": (OWN, HOME, HOME, ORG, HOME, ORG),
    "leave.request": (OWN, HOME, HOME, ORG, HOME, ORG),
    "leave.recommend": (NO, HOME, HOME, ORG, HOME, ORG),
    "leave.decide": (NO, NO, HOME, ORG, HOME, ORG),
    "leave.balance": (OWN, OWN, HOME, ORG, HOME, ORG),  # senior: dates only
    "leave.reason": (OWN, OWN, HOME, ORG, OWN, OWN),  # regional and admin: no health text but their own
    "leave.adjust": (NO, NO, NO, ORG, NO, ORG),
    "staff.view": (OWN, HOME, HOME, ORG, HOME, ORG),
    "staff.edit": (NO, NO, HOME, ORG, HOME, ORG),
    "staff.private": (OWN, OWN, HOME, ORG, OWN, OWN),  # date of birth
    "certificate.view": (OWN, HOME, HOME, ORG, HOME, ORG),
    "certificate.upload": (OWN, OWN, HOME, ORG, OWN, OWN),
    "certificate.record": (NO, NO, HOME, ORG, NO, NO),
    "certificate.verify": (NO, NO, NO, ORG, NO, ORG),
    "violation.view": (NO, HOME, HOME, ORG, HOME, ORG),
    "violation.note": (NO, HOME, HOME, ORG, HOME, ORG),
    "violation.resolve": (NO, NO, HOME, NO, HOME, ORG),
    "violation.training": (NO, NO, HOME, ORG, HOME, ORG),  # HR: training ones
    "violation.accept": (NO, NO, NO, NO, HOME, ORG),  # accept the risk
    "task.view": (OWN, HOME, HOME, OWN, HOME, ORG),
    "task.hr": (NO, HOME, HOME, ORG, HOME, ORG),  # HR: hr queue
    "pay.rates": (NO, NO, NO, ORG, HOME, ORG),
    "pay.totals": (NO, NO, HOME, ORG, HOME, ORG),  # manager: home total
    "workflow.view": (HOME, HOME, HOME, ORG, HOME, ORG),
    "workflow.edit": (NO, NO, HOME, NO, HOME, ORG),
    "workflow.edit_hr": (NO, NO, HOME, ORG, HOME, ORG),  # HR: hr workflows
    "workflow.run": (NO, NO, HOME, NO, HOME, ORG),
    "workflow.run_marked": (NO, HOME, HOME, ORG, HOME, ORG),  # senior: run marked
    "approval.decide": (NO, HOME, HOME, ORG, HOME, ORG),
    "execution.view": (HOME, HOME, HOME, ORG, HOME, ORG),  # everybody sees the runs of their homes
    "execution.data": (OWN, HOME, HOME, ORG, HOME, ORG),  # other people's data are masked for staff
    "execution.trace": (NO, NO, NO, NO, NO, ORG),
    "event.post": (NO, NO, NO, NO, NO, ORG),
    "account.manage": (NO, NO, NO, NO, NO, ORG),  # users, roles
    "token.manage": (NO, NO, NO, NO, NO, ORG),  # keys
    "secret.edit": (NO, NO, NO, NO, NO, ORG),
    "audit.view": (NO, NO, NO, NO, HOME, ORG),
    "audit.view_hr": (NO, NO, NO, ORG, HOME, ORG),  # HR: read audit for HR
    "audit.export": (NO, NO, NO, NO, NO, ORG),
    "notification.view": (OWN, OWN, OWN, OWN, OWN, OWN),
    "settings.edit": (NO, NO, NO, NO, NO, ORG),
}


@pytest.mark.parametrize("name", MATRIX)
def test_each_permission_reaches_as_far_as_the_matrix_says(name: str) -> None:
    assert tuple(reach_of(role, name) for role in Role) == MATRIX[name]


@pytest.mark.parametrize("permission", PERMISSIONS.values(), ids=lambda permission: permission.name)
def test_each_permission_says_what_it_is_and_by_what_it_is_seen(permission) -> None:  # type: ignore[no-untyped-def]
    assert permission.description[0].isupper()
    assert not permission.description.endswith(".")
    assert set(permission.reaches) == set(Role)
    assert permission.seen_by in PERMISSIONS or not any_view_of(permission.name)


def any_view_of(name: str) -> bool:
    """Say whether the permission's family has something that can be seen at all."""
    return f"{name.partition('.')[0]}.view" in PERMISSIONS


def test_an_unknown_permission_reaches_nothing_for_anybody() -> None:
    assert all(reach_of(role, "rota.sell") is NO for role in Role)


def test_an_unknown_role_is_nobody() -> None:
    assert role_of("owner") is None
    assert role_of("Manager") is None
    assert role_of("manager") is Role.MANAGER


def test_roles_are_called_as_people_call_them() -> None:
    assert [role.label for role in Role] == ["Staff", "Senior", "Manager", "HR", "Regional", "Admin"]


def test_rules_about_oneself_and_about_workflows_name_permissions_that_exist() -> None:
    assert {"leave.decide", "swap.decide", "timesheet.decide"} <= NOT_OWN <= PERMISSIONS.keys()
    assert {"shift.override", "shift.override_block"} <= NOT_BY_WORKFLOW <= PERMISSIONS.keys()
