"""The bank holidays and local days of a home over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On
from flowapp.api.bodies import body_as
from flowapp.api.lists import whole
from flowapp.api.openapi_call import Call, documented
from flowapp.api.schemas.bank_holidays import HolidaysAnswer, LocalDayBody, LocalDayRemoval, YearQuery
from flowapp.api.versions import seen_version, tagged
from flowapp.http.access import allow, person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow, reading
from flowapp.rota.bank_holidays import Nation, bank_holidays
from flowapp.rota.homes import CareHome, home
from flowapp.rota.local_days import changes

FIRST_YEAR, LAST_YEAR = 2017, 2035


def add_to(bp: Blueprint) -> None:
    """Add the calls about bank holidays."""
    bp.add_url_rule("/homes/<int:home_id>/bank-holidays", view_func=list_bank_holidays, methods=["GET"])
    bp.add_url_rule("/homes/<int:home_id>/local-days", view_func=add_local_day, methods=["POST"])
    bp.add_url_rule("/homes/<int:home_id>/local-days", view_func=remove_local_day, methods=["DELETE"])


@allow("home.view")
@documented(Call(query=YearQuery, answer=HolidaysAnswer))
def list_bank_holidays(home_id: int) -> Response:
    """Answer the days that a home keeps in a year: its nation's, and its own."""
    require(person(), "home.view", On(home_id=home_id))
    found = home(reading(), home_id)
    this_year = flow().clock.now().astimezone(found.zone).year
    year = whole("year", this_year, least=FIRST_YEAR, most=LAST_YEAR) or this_year
    return tagged(jsonify(_as_body(found, year)), found.version)


@allow("home.edit", scope="rota")
@documented(Call(body=LocalDayBody, answer=HolidaysAnswer, if_match="may", conflict=True))
def add_local_day(home_id: int) -> Response:
    """Let a home keep a day, or give the day another name. Sent again, it changes nothing."""
    body, seen, who, cause = body_as(LocalDayBody), seen_version(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        changes.add(session, cause, who, home_id, day=body.day, name=body.name, seen=seen)
        return _as_body(home(session, home_id), body.day.year)

    made = change(write)
    return tagged(jsonify(made), made["version"])


@allow("home.edit", scope="rota")
@documented(Call(body=LocalDayRemoval, answer=HolidaysAnswer, if_match="may", conflict=True))
def remove_local_day(home_id: int) -> Response:
    """Let a home keep a day no more."""
    body, seen, who, cause = body_as(LocalDayRemoval), seen_version(), person(), cause_of()

    def write(session: Session) -> dict[str, Any]:
        changes.remove(session, cause, who, home_id, day=body.day, seen=seen)
        return _as_body(home(session, home_id), body.day.year)

    made = change(write)
    return tagged(jsonify(made), made["version"])


def _as_body(found: CareHome, year: int) -> dict[str, Any]:
    kept = [(day, name, False) for day, name in bank_holidays(Nation(found.nation), year).items()]
    own = ((date.fromisoformat(text), name, True) for text, name in found.local_days.items())
    days = sorted([*kept, *(each for each in own if each[0].year == year)])
    return {
        "care_home_id": found.id,
        "year": year,
        "items": [{"date": day, "name": name, "local": local} for day, name, local in days],
        "version": found.version,
    }
