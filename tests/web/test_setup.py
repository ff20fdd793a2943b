"""Setting up a FlowApp of one's own, from the link to the first page."""

from __future__ import annotations

import io
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select

from flowapp.accounts.users import User, create_user, person_by_email
from flowapp.bootstrap import Flow
from flowapp.cli.start import prepare
from flowapp.events.cause import SYSTEM, Cause
from flowapp.factory import create_app
from flowapp.http.first_setup import KEY_FILE, setup_link
from flowapp.kernel.settings import Settings
from flowapp.rota.homes import CareHome
from flowapp.rota.leave_balance import LeaveEntitlement, LedgerEntry
from flowapp.rota.staff import Contract, JobRole, Staff
from flowapp.rota.units import Unit
from flowapp.workflows.workflow import Workflow, WorkflowStatus
from tests.support.page import PageClient

# Bea works when she is asked, and has no hours of her own.
BEA = "\nBea Nurse,bea@example.org,Nurse"
HOME = {"home_name": "Rose House", "code": "rose", "nation": "wales", "timezone": "Europe/London", "units": "Elm"}
PEOPLE = (
    "name,email,role,mon,tue,wed\nAnna Boyd,anna@example.org,Carer,11,11,11\nMaya Reid,maya@example.org,Manager,8,8,8"
)
ADMIN = {"name": "Alex Doyle", "email": "alex@example.org", "password": "four plain words here"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings without the demo."""
    return settings.model_copy(update={"demo": False})


@pytest.fixture
def empty(app: Flask) -> PageClient:
    """A browser at an empty FlowApp."""
    return PageClient(app.test_client())


@pytest.fixture
def key(settings: Settings, flow: Flow) -> str:
    """The key of the link."""
    return setup_link(settings, address="http://127.0.0.1").partition("key=")[2]


def typed(page: PageClient, **given: Any) -> dict[str, Any]:
    """Answer everything the form on the page would send, with what is typed into it now."""
    form = page.soup.select_one("main form")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        if field.get("type") not in ("file", "password"):
            sent.setdefault(str(field["name"]), []).append(_value(field))
    return sent | given


def _value(field: Tag) -> str:
    return field.get_text().removeprefix("\n") if field.name == "textarea" else str(field.get("value", ""))


def go_on(page: PageClient, *, status: int = 200, **given: Any) -> None:
    """Fill in the page and go on."""
    page.post("/setup/", typed(page, **given), status=status)


def filled_in(page: PageClient, key: str, *, people: str = PEOPLE, home: Mapping[str, str] = HOME) -> None:
    """Go to the last page."""
    page.get(f"/setup/?key={key}")
    go_on(page, **home)
    go_on(page, people=people)
    go_on(page)


def test_an_empty_flowapp_leads_to_the_words_that_say_how_to_set_it_up(empty: PageClient) -> None:
    for address in ("/", "/sign-in"):
        assert empty.get(address, status=303).location == "/setup/"
    empty.get("/setup/")
    assert empty.soup.h1.get_text() == "FlowApp is not set up yet"
    assert "It shows a link that ends in a long key." in empty.text
    assert empty.soup.select_one("main form") is None


def test_four_pages_lead_from_the_link_to_a_home_that_works(
    empty: PageClient, key: str, flow: Flow, settings: Settings
) -> None:
    filled_in(empty, key)
    assert "Rose House (ROSE)" in empty.text
    assert "2 people" in empty.text
    go_on(empty, status=303, **ADMIN)
    empty.get("/")
    assert "Rose House is set up. You are signed in as its administrator." in empty.text
    assert "Alex Doyle" in empty.text

    with flow.database.read() as session:
        home = session.scalars(select(CareHome)).one()
        assert (home.code, home.name, home.nation, home.timezone) == ("ROSE", "Rose House", "wales", "Europe/London")
        assert [unit.name for unit in session.scalars(select(Unit))] == ["Elm"]
        anna, maya = session.scalars(select(Staff).order_by(Staff.name))
        assert (anna.role, anna.contracted_hours, maya.role) == (JobRole.CARER, 33, JobRole.MANAGER)
        hours = list(session.scalars(select(LedgerEntry.hours).order_by(LedgerEntry.id)))
        assert [str(each) for each in hours] == ["184.8", "184.8", "134.4", "134.4"]  # 5.6 weeks, two years each
        workflows = list(session.scalars(select(Workflow)))
        assert [each.status for each in workflows] == [WorkflowStatus.ACTIVE] * 3
        admin, manager = person_by_email(session, "alex@example.org"), person_by_email(session, "maya@example.org")
        assert admin is not None
        assert manager is not None
        assert {each.owner_id for each in workflows} == {admin.user_id}
        assert (manager.role, manager.home_ids, manager.staff_id) == ("manager", frozenset({home.id}), maya.id)
        assert session.scalars(select(User.password_hash).where(User.email == "maya@example.org")).one() == ""


def test_once_set_up_every_address_of_it_is_gone(empty: PageClient, key: str, app: Flask, settings: Settings) -> None:
    filled_in(empty, key)
    last = typed(empty, **ADMIN)
    go_on(empty, status=303, **ADMIN)
    assert not (settings.instance_folder / KEY_FILE).exists()
    other = PageClient(app.test_client())
    other.get("/sign-in")
    for address in ("/setup/", f"/setup/?key={key}"):
        other.get(address, status=404)
    empty.get("/")
    token = empty.soup.select_one("input[name=csrf_token]")["value"]
    empty.post("/setup/", last | {"csrf_token": token}, status=404)


def test_an_account_alone_closes_it_too(empty: PageClient, key: str, flow: Flow) -> None:
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    flow.database.write(
        lambda session: create_user(session, cause, email="a@example.org", name="A", role="admin", all_homes=True)
    )
    empty.get(f"/setup/?key={key}", status=404)
    assert empty.get("/", status=303).location == "/sign-in"


def test_with_the_demo_there_is_nothing_to_set_up(flow: Flow, settings: Settings, key: str) -> None:
    demo = Flow(settings.model_copy(update={"demo": True}), clock=flow.clock)
    page = PageClient(create_app(flow=demo).test_client())
    page.get(f"/setup/?key={key}", status=404)
    demo.close()


@pytest.mark.parametrize("wrong", ["x", "é", "0" * 43])
def test_a_wrong_key_leads_nowhere(empty: PageClient, key: str, wrong: str) -> None:
    empty.get(f"/setup/?key={wrong}", status=404)
    empty.get(f"/setup/?key={key}")
    empty.post("/setup/", typed(empty, key=wrong, **HOME), status=404)


def test_without_a_link_ever_made_no_key_is_right(empty: PageClient) -> None:
    empty.get("/setup/?key=", status=200)
    assert empty.soup.select_one("main form") is None
    empty.get("/setup/?key=None", status=404)


def test_nothing_is_kept_before_the_end_and_one_can_go_back(empty: PageClient, key: str, flow: Flow) -> None:
    filled_in(empty, key)
    with flow.database.read() as session:
        assert session.scalars(select(CareHome)).all() == []
    for title in ("Workflows to begin with", "The people who work there", "Your care home"):
        empty.post("/setup/", typed(empty, go="back"), status=200)
        assert empty.soup.h1.get_text() == title
    assert empty.soup.select_one("#home_name")["value"] == "Rose House"
    assert empty.soup.select_one("input[name=people]")["value"].splitlines() == PEOPLE.splitlines()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"home_name": " "}, "home_name", "Write the home's name"),
        ({"code": "R"}, "code", "2 to 8 letters and digits"),
        ({"code": "ROSE HOUSE"}, "code", "2 to 8 letters and digits"),
        ({"nation": ""}, "nation", "Choose the nation"),
        ({"timezone": "Europe/Atlantis"}, "timezone", "such as Europe/London"),
        ({"timezone": ""}, "timezone", "such as Europe/London"),
        ({"timezone": "../etc/passwd"}, "timezone", "such as Europe/London"),
        ({"units": "Elm, castle"}, "units", "Line 1: “castle” is not known."),
    ],
)
def test_what_is_wrong_with_the_home_is_said_in_words(
    empty: PageClient, key: str, given: dict[str, str], field: str, words: str
) -> None:
    empty.get(f"/setup/?key={key}")
    go_on(empty, status=422, **(HOME | given))
    assert words in empty.soup.select_one(f'.error-summary a[href="#{field}"]').get_text()
    assert empty.soup.select_one(f"#{field}") is not None


def test_every_bad_line_of_the_list_is_named_and_nothing_is_lost(empty: PageClient, key: str) -> None:
    empty.get(f"/setup/?key={key}")
    go_on(empty, **HOME)
    go_on(empty, status=422, people="name,email,role,mon\nAnna,anna@example,Carer,8\nBo,bo@example.org,Chef,25")
    told = [each.get_text() for each in empty.soup.select(".error-summary li")]
    assert [words.split(":")[0] for words in told] == ["Line 2", "Line 3", "Line 3"]
    assert "3 things are not right" in empty.soup.select_one("#people-error").get_text()
    assert empty.soup.select_one("#people").get_text().strip().endswith("Bo,bo@example.org,Chef,25")


def test_a_list_may_come_as_a_file(empty: PageClient, key: str) -> None:
    empty.get(f"/setup/?key={key}")
    go_on(empty, **HOME)
    data = "name;email;role;mon\r\nZoë Müller;zoe@example.org;Carer;7,5\r\n".encode("cp1252")
    go_on(empty, people_file=(io.BytesIO(data), "staff.csv"))
    assert "Zoë Müller" in empty.soup.select_one("input[name=people]")["value"]


def test_a_file_that_is_no_text_is_refused(empty: PageClient, key: str) -> None:
    empty.get(f"/setup/?key={key}")
    go_on(empty, **HOME)
    go_on(empty, status=422, people_file=(io.BytesIO(b"PK\x03\x04\x00\x00"), "staff.xlsx"), people="name")
    assert "Save the list from your spreadsheet as CSV" in empty.soup.select_one("#people_file-error").get_text()
    assert empty.soup.select_one("#people").get_text().strip() == "name"


def test_a_weak_password_is_refused_and_never_written_back(empty: PageClient, key: str, flow: Flow) -> None:
    filled_in(empty, key)
    go_on(empty, status=422, **(ADMIN | {"password": "password1", "email": "alex"}))
    assert "Too many people use this password." in empty.text
    assert "Write an email address such as name@example.org." in empty.text
    assert "password1" not in str(empty.soup)
    with flow.database.read() as session:
        assert session.scalars(select(User)).all() == []


def test_the_last_page_checks_the_earlier_ones_again(empty: PageClient, key: str) -> None:
    filled_in(empty, key)
    go_on(empty, status=422, **(ADMIN | {"nation": "narnia"}))
    assert empty.soup.h1.get_text() == "Your care home"
    assert "Choose the nation" in empty.text


def test_workflows_that_are_not_wanted_stay_off(empty: PageClient, key: str, flow: Flow) -> None:
    empty.get(f"/setup/?key={key}")
    go_on(empty, **HOME)
    go_on(empty, people="")
    go_on(empty, workflows=["tell-people-what-was-decided"])
    go_on(empty, status=303, **ADMIN)
    with flow.database.read() as session:
        assert list(session.scalars(select(Workflow.name))) == ["Tell people what was decided"]


def test_an_administrator_who_is_on_the_list_is_that_member_of_staff(empty: PageClient, key: str, flow: Flow) -> None:
    filled_in(empty, key)
    go_on(empty, status=303, **(ADMIN | {"email": "Maya@example.org"}))
    with flow.database.read() as session:
        maya = person_by_email(session, "maya@example.org")
        assert maya is not None
        assert maya.role == "admin"
        assert maya.staff_id == session.scalar(select(Staff.id).where(Staff.email == "maya@example.org"))


def test_people_without_hours_come_from_the_bank_and_earn_their_leave(empty: PageClient, key: str, flow: Flow) -> None:
    filled_in(empty, key, people=PEOPLE + BEA)
    go_on(empty, status=303, **ADMIN)
    with flow.database.read() as session:
        bea = session.scalars(select(Staff).where(Staff.name == "Bea Nurse")).one()
        assert (bea.contract, bea.contracted_hours) == (Contract.BANK, 0)
        assert session.scalar(select(LeaveEntitlement.id).where(LeaveEntitlement.staff_id == bea.id)) is None
        account = person_by_email(session, "bea@example.org")
        assert account is not None
        assert account.role == "staff"


def test_a_form_of_another_site_is_refused(empty: PageClient, key: str) -> None:
    empty.get(f"/setup/?key={key}")
    sent = typed(empty, **HOME) | {"csrf_token": "forged"}
    assert empty.client.post("/setup/", data=sent).status_code == 400


def test_starting_prints_the_link_until_it_is_used(
    bare_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    fresh = settings.model_copy(update={"database_url": bare_url, "instance": str(tmp_path / "new")})
    links = []
    for _ in range(2):
        prepare(fresh, address="http://127.0.0.1:8000")
        links += [line.strip() for line in capsys.readouterr().out.splitlines() if "/setup/" in line]
    assert len(set(links)) == 1
    assert links[0].startswith("http://127.0.0.1:8000/setup/?key=")
    file = tmp_path / "new" / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
