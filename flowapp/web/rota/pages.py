"""What the page of a week shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.week.week import Week
from flowapp.web.filters import plural
from flowapp.web.rota.asked import Asked
from flowapp.web.rota.grid import Grid, grid

COPIES = (("open", "Open, for somebody to take"), ("same", "With the same people, where they can work them"))


@dataclass(frozen=True, kw_only=True)
class WeekPage:
    """One week of one home."""

    title: str
    sentence: str
    grid: Grid
    week: str
    week_words: str
    home: str
    home_name: str
    homes: tuple[tuple[str, str], ...]
    url: str
    before: tuple[str, str] | None  # its words and its address
    after: tuple[str, str] | None
    this_url: str  # of the present week; empty on it
    publish_url: str
    new_url: str
    copy_url: str
    copies: tuple[tuple[str, str], ...]
    nonce: str
    open_url: str
    needs_url: str
    templates_url: str
    plans: bool
    error: str


def week_page(session: Session, person: Person, asked: Asked, *, day: str, nonce: str) -> WeekPage:
    """Put the page together, with what the reader may do here."""
    found, on = grid(session, person, asked, day), On(home_id=asked.home.id)
    plans, week, code = can(person, "shift.edit", on), asked.week, asked.home.code
    publishes = can(person, "rota.publish", on) and found.to_publish
    here: dict[str, Any] = {"week": week.text, "home": code}
    return WeekPage(
        title=f"Rota, {week.words}",
        sentence=_sentence(asked, found, plans=can(person, "rota.view_all", on)),
        grid=found,
        week=asked.typed,
        week_words=week.words,
        home=code,
        home_name=asked.home.name,
        homes=tuple((each.code, each.name) for each in asked.homes),
        url=url_for("rota.index"),
        before=_link(week.before, code),
        after=_link(week.after, code),
        this_url="" if asked.today in week.days else url_for("rota.index", home=code),
        publish_url=url_for("rota_publishing.look", **here) if publishes else "",
        new_url=url_for("shift_forms.new", home=code, date=found.chosen.text) if plans else "",
        copy_url=url_for("rota.copy") if plans and week.before else "",
        copies=COPIES,
        nonce=nonce,
        open_url=url_for("open_shifts.index"),
        needs_url=url_for("needs.index", home=code),
        templates_url=url_for("shift_templates.index"),
        plans=plans,
        error=asked.error,
    )


def _sentence(asked: Asked, found: Grid, *, plans: bool) -> str:
    if not found.shifts:
        return f"{asked.home.name}. No shifts {'are planned' if plans else 'are published'} in this week."
    parts = [f"{asked.home.name}. {plural(found.shifts, 'shift')}, {found.hours}"]
    parts.append(f"; {found.open} open" if found.open else "; none is open")
    if plans:
        parts.append(f", {found.gaps} gaps" if found.gaps > 1 else ", 1 gap" if found.gaps else "")
        parts.append(f"; {found.to_publish} not published yet" if found.to_publish else "; all published")
    return "".join(parts) + "."


def _link(week: Week | None, code: str) -> tuple[str, str] | None:
    return None if week is None else (week.words, url_for("rota.index", week=week.text, home=code))
