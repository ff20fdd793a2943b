"""What an account must be like before it is opened or changed."""

from __future__ import annotations

from flowapp.accounts.mail_address import is_address
from flowapp.accounts.roles import Role, role_of
from flowapp.kernel.errors import Problem

LONGEST_NAME = 120
EVERYWHERE = frozenset({Role.HR, Role.ADMIN})  # see every home, always
ROLE_WORDS = ", ".join(role.value for role in Role)


def sees_all_homes(role: str, chosen: bool) -> bool:
    """Say whether an account of this role sees every home."""
    return chosen or role in EVERYWHERE


def problems_of(*, email: str, name: str, role: str, home_ids: frozenset[int], all_homes: bool) -> list[Problem]:
    """Answer everything that is wrong with an account's particulars."""
    return [*_email(email), *_name(name), *role_problems(role=role, home_ids=home_ids, all_homes=all_homes)]


def role_problems(*, role: str, home_ids: frozenset[int], all_homes: bool) -> list[Problem]:
    """Answer what is wrong with a role and its homes."""
    known = role_of(role)
    if known is None:
        return [_problem("role", "unknown_role", f"Choose one of these roles: {ROLE_WORDS}.")]
    if all_homes and known not in EVERYWHERE | {Role.REGIONAL}:
        message = f"The role {known.label} is for single homes: choose which, not all of them."
        return [_problem("home_ids", "too_many_homes", message)]
    if not home_ids and not sees_all_homes(role, all_homes):
        return [_problem("home_ids", "no_home", f"The role {known.label} needs a care home.")]
    return []


def _email(email: str) -> list[Problem]:
    if is_address(email):
        return []
    return [_problem("email", "no_address", "Write an email address such as name@example.org.")]


def _name(name: str) -> list[Problem]:
    if not name.strip():
        return [_problem("name", "missing", "Write the person's name.")]
    if len(name.strip()) > LONGEST_NAME:
        return [_problem("name", "too_long", f"Use at most {LONGEST_NAME} characters for the name.")]
    if not name.isprintable():
        message = "The name has signs in it that cannot be shown, such as a line break."
        return [_problem("name", "not_printable", message)]
    return []


def _problem(path: str, code: str, message: str) -> Problem:
    return Problem(path=path, code=code, message=message)
