"""What must be right before FlowApp can be set up, page by page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flowapp.accounts.mail_address import as_kept
from flowapp.accounts.passwords import check_password
from flowapp.accounts.roles import Role
from flowapp.accounts.user_rules import LONGEST_NAME, problems_of
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.bank_holidays import Nation
from flowapp.web.setup.form import SetupForm, Step
from flowapp.web.setup.staff_lines import StaffLine, read_staff
from flowapp.web.setup.unit_lines import UnitLine, read_units
from flowapp.workflows.library import READY_MADE

CODE = re.compile(r"[A-Z0-9]{2,8}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that is written when FlowApp is set up."""

    home_name: str
    code: str
    nation: Nation
    timezone: str
    units: tuple[UnitLine, ...]
    staff: tuple[StaffLine, ...]
    workflows: tuple[dict[str, Any], ...]
    name: str
    email: str


def check_step(form: SetupForm, *, password: str = "") -> None:
    """Pass what was typed on the form's own page; raises Refused with everything that is wrong there."""
    problems: list[Problem] = []
    if form.step is Step.HOME:
        problems = [*_home(form), *_wrong(read_units, form.units)]
    elif form.step is Step.STAFF:
        problems = _wrong(read_staff, form.people)
    elif form.step is Step.YOU:
        problems = _administrator(form, password)
    if problems:
        raise Refused(problems)


def plan_of(form: SetupForm) -> Plan:
    """Answer what is to be written; raises Refused where an earlier page was not right after all."""
    return Plan(
        home_name=form.home_name,
        code=form.code,
        nation=Nation(form.nation),
        timezone=form.timezone,
        units=read_units(form.units),
        staff=read_staff(form.people),
        workflows=tuple(READY_MADE[name] for name in form.workflows),
        name=form.name,
        email=as_kept(form.email),
    )


def _home(form: SetupForm) -> list[Problem]:
    found = []
    if not 0 < len(form.home_name) <= LONGEST_NAME or not form.home_name.isprintable():
        found.append(_problem("home_name", f"Write the home's name, in {LONGEST_NAME} characters at most."))
    if not CODE.fullmatch(form.code):
        found.append(_problem("code", "Write a short code of 2 to 8 letters and digits, such as ROSE."))
    if form.nation not in set(Nation):
        found.append(_problem("nation", "Choose the nation; it decides the bank holidays."))
    if not _is_zone(form.timezone):
        found.append(_problem("timezone", "Write a time zone such as Europe/London."))
    return found


def _administrator(form: SetupForm, password: str) -> list[Problem]:
    found = problems_of(
        email=as_kept(form.email), name=form.name, role=Role.ADMIN, home_ids=frozenset(), all_homes=True
    )
    try:
        check_password(password, email=form.email)
    except Refused as refused:
        found.extend(refused.problems)
    return found


def _wrong(read: Callable[[str], object], text: str) -> list[Problem]:
    try:
        read(text)
    except Refused as refused:
        return list(refused.problems)
    return []


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _problem(path: str, message: str) -> Problem:
    return Problem(path=path, code="not_right", message=message)
