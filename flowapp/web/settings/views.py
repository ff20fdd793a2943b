"""The page of settings: where each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, url_for

from flowapp.accounts.can import can
from flowapp.accounts.people import Person
from flowapp.http.access import allow, person
from flowapp.web.page import show

bp = Blueprint("settings", __name__, url_prefix="/settings")


@dataclass(frozen=True, kw_only=True)
class Way:
    """One of the settings."""

    title: str
    sentence: str
    href: str


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """All settings that somebody may see."""

    ways: tuple[Way, ...]


@bp.get("/")
@allow("home.view")
def index() -> Response:
    """Show which settings there are."""
    return show("settings/index.html", SettingsPage(ways=tuple(_ways(person()))))


def _ways(who: Person) -> Iterator[Way]:
    yield Way(
        title="Times closed to leave",
        sentence="When nobody can be away, such as the weeks around Christmas.",
        href=url_for("embargoes.index"),
    )
    yield Way(
        title="Bank holidays",
        sentence="The bank holidays of each home, with the local days it keeps.",
        href=url_for("bank_holidays.index"),
    )
    if can(who, "staff.edit"):
        yield Way(
            title="Import a list",
            sentence="Bring in staff, shifts or leave from a spreadsheet.",
            href=url_for("exchange.new_import"),
        )
    if can(who, "rota.view_all"):
        yield Way(
            title="Export a list",
            sentence="Take out staff, shifts or leave as a spreadsheet.",
            href=url_for("export.index"),
        )
