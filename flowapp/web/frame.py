"""The frame around every page: where one can go, who one is, and what just happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from flask import get_flashed_messages, request, url_for
from flask_login import current_user

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.engine import queries
from flowapp.http.csrf import csrf_token
from flowapp.http.running import reading
from flowapp.messaging.in_app import unread_count
from flowapp.rota.homes import homes

PEOPLE, WORK, MORE = "People", "Hours and care", "More"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somewhere one can go."""

    label: str
    href: str
    icon: str
    current: bool = False
    count: int = 0
    group: str = ""  # under which heading


@dataclass(frozen=True, kw_only=True)
class HomeChoice:
    """A home in the list of homes."""

    name: str
    href: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the frame shows."""

    signed_in: bool
    person_name: str = ""
    role_label: str = ""
    home_name: str = ""
    homes: tuple[HomeChoice, ...] = ()
    nav: tuple[Place, ...] = ()
    bottom: tuple[Place, ...] = ()
    flashes: tuple[tuple[str, str], ...] = ()
    csrf_token: str = ""
    sign_out_url: str = ""
    account_url: str = ""


def frame() -> Frame:
    """Put the frame together for whoever is asking."""
    flashes = tuple(cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True)))
    if not current_user.is_authenticated:
        return Frame(signed_in=False, csrf_token=csrf_token(), flashes=flashes)
    person: Person = current_user.person
    nav = _places(person)
    more = Place(label="More", href="#places", icon="menu")
    return Frame(
        signed_in=True,
        person_name=person.name,
        role_label=person.role.label,
        home_name=_home_name(person),
        nav=nav,
        bottom=(*nav[:4], more),
        flashes=flashes,
        csrf_token=csrf_token(),
        sign_out_url=url_for("account.sign_out"),
        account_url=url_for("account.account"),
    )


def _places(person: Person) -> tuple[Place, ...]:
    unread = unread_count(reading(), person.user_id)
    failed = queries.count_attention(reading(), person) if _may_run(person) else 0
    absences = (_place("Absence", "absences.index", "calendar-off"),) if can(person, "absence.record") else ()
    mails = (_place("Outbox", "outbox.index", "mail"),) if can(person, "mail.view") else ()
    compliance = (_place("Compliance", "compliance.index", "shield-check"),) if can(person, "violation.view") else ()
    handovers = (_place("Handovers", "handovers.index", "message-square"),) if can(person, "handover.view") else ()
    settings = (_place("Settings", "settings.index", "settings"),) if can(person, "rota.view_all") else ()
    return (
        _place("Today", "today.today", "house"),
        _place("Rota", "rota.index", "calendar-days"),
        _place("Leave", "leave.index", "plane"),
        _place("Tasks", "tasks.index", "clipboard-check"),
        _place("Workflows", "workflows.index", "workflow"),
        _place("Runs", "executions.index", "activity", failed),
        *_in(
            PEOPLE,
            _place("Staff", "staff.index", "users"),
            *absences,
            _place("Training", "training.index", "graduation-cap"),
        ),
        *_in(WORK, _place("Timesheets", "timesheets.index", "clock"), *handovers, *compliance),
        *_in(MORE, _place("Notifications", "notifications.index", "bell", unread), *mails, *settings),
    )


def _in(group: str, *places: Place) -> tuple[Place, ...]:
    return tuple(replace(each, group=group) for each in places)


def _may_run(person: Person) -> bool:
    return can(person, "workflow.run") or any(
        can(person, "workflow.run", On(home_id=h, staff_id=None)) for h in person.home_ids
    )


def _place(label: str, endpoint: str, icon: str, count: int = 0) -> Place:
    href = url_for(endpoint)
    here = request.path == href or (href != "/" and request.path.startswith(href))
    if endpoint == "rota.index" and request.path.startswith("/shifts/"):
        here = True
    if endpoint == "workflows.index" and request.path.startswith(url_for("executions.index")):
        here = False
    return Place(label=label, href=href, icon=icon, current=here, count=count)


def _home_name(person: Person) -> str:
    if person.all_homes:
        return "All homes"
    names = [home.name for home in homes(reading()) if home.id in person.home_ids]
    return names[0] if len(names) == 1 else f"{len(names)} homes" if names else ""
