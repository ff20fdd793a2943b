"""What a home needs, and the templates it plans with, on pages."""

from __future__ import annotations

from datetime import time

from flask import Flask
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.cli.demo.presence import empty
from flowapp.rota.demand.need import Demand
from flowapp.rota.shift_templates import changes
from flowapp.rota.shift_templates.changes import TemplateDetails
from flowapp.rota.shift_templates.reading import templates_for
from flowapp.rota.shift_templates.template import ShiftTemplate
from tests.cast import Cast
from tests.factories import cause_of
from tests.support.page import PageClient
from tests.support.visitors import sign_in


def rows(page: PageClient) -> list[list[str]]:
    """Answer the cells of each row of the first table."""
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in page.soup.select("tbody tr")
    ]


def hidden(page: PageClient, action: str) -> dict[str, str]:
    """Answer what a form of the page sends besides what is typed."""
    return {each["name"]: each["value"] for each in page.soup.select(f'form[action="{action}"] input[type=hidden]')}


def test_a_manager_says_what_the_home_needs_with_a_template(as_maya: PageClient, flow: Flow) -> None:
    with flow.database.read() as session:
        night = session.scalars(select(ShiftTemplate.id).filter_by(code="N")).one()
    as_maya.get("/rota/needs/")
    assert "Say with the form below how many people each shift needs" in as_maya.text
    typed = {"template": str(night), "role": "SSCW", "fewest": "1", "weekdays": ["sat", "sun"]}
    as_maya.post("/rota/needs/", hidden(as_maya, "/rota/needs/") | typed, status=303)
    as_maya.get("/rota/needs/")
    assert rows(as_maya) == [
        ["Night", "20:00 to 08:00", "Whole home", "Senior carer", "1 at least", "Sat, Sun", "Always"]
    ]


def test_a_need_ends_with_a_last_day_and_stays_on_the_page(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    typed = {"name": "night", "start": "20:00", "end": "08:00", "role": "SCW", "fewest": "2", "ideal": "3",
             "weekdays": ["mon"]}  # fmt: skip
    as_maya.get("/rota/needs/")
    as_maya.post("/rota/needs/", hidden(as_maya, "/rota/needs/") | typed, status=303)
    as_maya.get("/rota/needs/1/")
    seen = hidden(as_maya, "/rota/needs/1/")
    as_maya.post("/rota/needs/1/", seen | typed | {"valid_to": "2026-11-01"}, status=303)
    as_maya.get("/rota/needs/")
    assert "Not needed any more" in as_maya.text
    assert "2 at least, 3 on a good day" in as_maya.text
    as_maya.post("/rota/needs/1/", seen | typed | {"fewest": "5"}, status=409)
    assert as_maya.soup.select_one("#fewest")["value"] == "5"
    with flow.database.read() as session:
        assert session.get_one(Demand, 1).fewest == 2
        entries = session.scalars(select(AuditEntry).filter_by(entity="demand").order_by(AuditEntry.id)).all()
    assert [(each.action, each.home_id) for each in entries] == [
        ("demand.create", cast.rose), ("demand.update", cast.rose)]  # fmt: skip
    assert (entries[1].before, entries[1].after) == ({"valid_to": None}, {"valid_to": "2026-11-01"})


def test_seniors_see_what_is_needed_and_cannot_change_it(app: Flask, flow: Flow, cast: Cast) -> None:
    page = sign_in(app, flow, cast.sorcha)
    page.get("/rota/needs/")
    assert "Your manager can say here" in page.text
    assert page.soup.select_one("form[action='/rota/needs/'][method=post]") is None


def test_a_managers_template_stands_for_the_one_of_all_homes(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    as_maya.get("/rota/shift-templates/")
    assert [row[1] for row in rows(as_maya)] == ["E", "LD", "TR", "L", "N", "SI"]
    assert as_maya.soup.select("tbody a") == []  # those of all homes are not hers
    typed = {"home": "ROSE", "code": "ld", "name": "Rose day", "start": "07:00", "end": "19:00", "colour": "teal",
             "kind": "regular", "working_time": "full", "unpaid_break_minutes": "60"}  # fmt: skip
    as_maya.post("/rota/shift-templates/", hidden(as_maya, "/rota/shift-templates/") | typed, status=303)
    with flow.database.read() as session:
        assert [each.name for each in templates_for(session, cast.rose) if each.code == "LD"] == ["Rose day"]
        assert [each.name for each in templates_for(session, cast.elm) if each.code == "LD"] == ["Long day"]
    as_maya.get("/shifts/new/?home=ROSE")
    assert "Rose day, 07:00 to 19:00" in as_maya.text
    assert "Long day, 08:00" not in as_maya.text


def test_a_template_that_is_not_offered_is_not_chosen_from(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    details = TemplateDetails(code="EVE", name="Evening", start=time(16), end=time(22))
    cause = cause_of(cast.maya, flow.clock.now())
    number = flow.database.write(
        lambda session: changes.create(session, cause, cast.maya, home_id=cast.rose, details=details)
    )
    url = f"/rota/shift-templates/{number}/"
    as_maya.get(url)
    typed = {"code": "EVE", "name": "Evening", "start": "16:00", "end": "22:00", "colour": "blue", "kind": "regular",
             "working_time": "full", "unpaid_break_minutes": "0"}  # fmt: skip
    as_maya.post(url, hidden(as_maya, url) | typed, status=303)
    as_maya.get("/shifts/new/?home=ROSE")
    assert "Evening" not in as_maya.text


def test_a_database_that_is_emptied_has_the_usual_templates_again(flow: Flow, cast: Cast) -> None:
    def usual() -> list[tuple[object, ...]]:
        with flow.database.read() as session:
            found = session.scalars(select(ShiftTemplate).order_by(ShiftTemplate.id))
            return [
                (each.code, each.name, each.start_local, each.end_local, each.unpaid_break_minutes, each.colour,
                 each.kind, each.working_time, each.role, each.skills, each.is_active) for each in found
            ]  # fmt: skip

    as_migrated = usual()
    flow.database.write(lambda session: empty(session, flow.clock.now()))
    assert usual() == as_migrated
    assert len(as_migrated) == 6
