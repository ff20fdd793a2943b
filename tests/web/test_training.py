"""The pages of training: a home at a glance, certificates, and the types of training."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock
from flowapp.rota.training import changes
from flowapp.rota.training.certificates import Certificate
from flowapp.rota.training.requirements import requirements
from flowapp.rota.training.types import TrainingType
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import sign_in
from tests.unit.rota_training.records import TODAY, Records


@pytest.fixture
def records(flow: Flow, cast: Cast, clock: FrozenClock) -> Records:
    """The records of training, with Dan's of Fire safety, which runs out in a fortnight."""
    made = Records(flow, cast, clock)
    made.record()
    return made


@pytest.fixture
def as_hana(app: Flask, cast: Cast, flow: Flow) -> PageClient:
    """Hana's browser: HR."""
    return sign_in(app, flow, cast.hana)


def words(page: PageClient) -> str:
    """Answer what the page says."""
    return " ".join(page.soup.select_one("main").get_text(" ").split())


def names(page: PageClient) -> list[str]:
    """Answer whose rows the table has."""
    return [each.get_text(strip=True) for each in page.soup.select(".training tbody .training__who a")]


def token(page: PageClient) -> str:
    """Answer the token of the page's forms."""
    return str(page.soup.select_one("input[name=csrf_token]")["value"])


def send(page: PageClient, url: str, *, status: int = 303, **fields: str) -> None:
    """Send a form from the page that is open."""
    page.post(url, {"csrf_token": token(page), **fields}, status=status)


def test_a_manager_sees_how_everybody_of_the_home_stands(records: Records, as_maya: PageClient) -> None:
    as_maya.get("/training/")
    assert names(as_maya) == ["Dan", "Maya", "Sorcha"]
    told = words(as_maya)
    assert "Training at Rose House" in told
    assert "Due soon to 7 Dec 2026" in told
    assert "Missing" in told
    assert "Vic" not in told


def test_the_list_is_narrowed_by_role_and_by_what_needs_doing(records: Records, as_maya: PageClient) -> None:
    as_maya.get("/training/?role=COOK")
    assert "Nobody matches" in words(as_maya)
    as_maya.get("/training/?show=attention&role=SCW")
    assert names(as_maya) == ["Dan", "Maya", "Sorcha"]
    as_maya.get("/training/?role=nonsense&show=nonsense")
    assert names(as_maya) == ["Dan", "Maya", "Sorcha"]


def test_a_carer_sees_their_own_training_alone(records: Records, as_dan: PageClient) -> None:
    as_dan.get("/training/")
    assert names(as_dan) == ["Dan"]
    assert "Your training" in words(as_dan)
    as_dan.get("/training/?home=ELM", status=404)


def test_hr_looks_at_each_home(records: Records, as_hana: PageClient) -> None:
    as_hana.get("/training/?home=ELM")
    assert names(as_hana) == ["Erin", "Vic"]
    as_hana.get("/training/?home=NOWHERE", status=404)


def test_without_any_types_the_page_says_what_to_do_next(flow: Flow, as_hana: PageClient, as_maya: PageClient) -> None:
    as_hana.get("/training/")
    assert "Say first which training people need" in words(as_hana)
    as_maya.get("/training/")
    assert "HR says which training people need" in words(as_maya)
    as_hana.get("/training/types/")
    assert "Add the first one" in words(as_hana)


def test_a_certificate_is_recorded_from_the_cell_that_misses_it(records: Records, as_maya: PageClient) -> None:
    ipc = records.kind("IPC")
    as_maya.get("/training/")
    url = f"/training/staff/{records.cast.dan.staff_id}/record/"
    assert as_maya.soup.select_one(f'a[href="{url}?type={ipc}"]')
    as_maya.get(f"{url}?type={ipc}")
    assert as_maya.soup.select_one("#type option[selected]").get_text() == "Infection prevention and control"

    send(as_maya, url, type=str(ipc), issued_on="2026-11-02", nonce="n1")

    as_maya.get("/training/certificates/2/")
    assert "It lasts for 344 more days." in words(as_maya)
    send(as_maya, url, type=str(ipc), issued_on="2026-11-02", nonce="n1")  # pressed twice
    assert len(records.audit()) == 2


def test_what_is_wrong_with_it_is_said_beside_the_field(records: Records, as_maya: PageClient) -> None:
    url = f"/training/staff/{records.cast.dan.staff_id}/record/"
    as_maya.get(url)
    send(as_maya, url, status=422, issued_on="", expires_on="soon")
    assert "Enter the first day" in words(as_maya)
    send(as_maya, url, status=422, issued_on="2026-11-02")
    assert "Choose what the certificate is for." in words(as_maya)
    send(as_maya, url, status=422, type="999999", issued_on="2026-11-02")
    assert "There is no such type of training." in words(as_maya)
    send(as_maya, url, status=422, type=str(records.kind()), issued_on="2025-12-07")
    assert "is there already" in words(as_maya)


def test_somebody_sends_their_own_in_and_hr_checks_it(
    records: Records, as_dan: PageClient, as_hana: PageClient, as_maya: PageClient
) -> None:
    url = f"/training/staff/{records.cast.dan.staff_id}/record/"
    as_dan.get(url)
    assert "It counts once HR has checked it." in words(as_dan)
    assert not as_dan.soup.select("[name=competency]")
    send(as_dan, url, type=str(records.kind("HS")), issued_on="2026-11-02")
    as_dan.get("/training/certificates/2/")
    assert "Waits for a check" in words(as_dan)
    assert not as_dan.soup.select("main form")  # nobody vouches for themselves
    as_maya.get("/training/")
    assert "1 Waiting for a check" in words(as_maya)

    as_hana.get("/training/certificates/2/")
    send(as_hana, "/training/certificates/2/verify", rev="1")

    as_dan.get("/training/certificates/2/")
    assert "In date" in words(as_dan)
    assert "Hana on 23 November 2026" in words(as_dan)


def test_a_certificate_is_put_right_judged_and_withdrawn(records: Records, as_maya: PageClient) -> None:
    number = records.record(code="MOVING_HANDLING")
    url = f"/training/certificates/{number}"
    as_maya.get(f"{url}/")
    assert "It counts once somebody has seen them do it." in words(as_maya)
    send(as_maya, f"{url}/judge", competency="competent", rev="1")
    as_maya.get(f"{url}/")
    assert "Was watched, and can do it" in words(as_maya)
    send(as_maya, f"{url}/change", issued_on="2025-12-01", expires_on="2026-12-01", evidence_ref="Folder 3", rev="2")
    as_maya.get(f"{url}/")
    assert "Folder 3" in words(as_maya)
    send(as_maya, f"{url}/withdraw", reason="The course was not accredited", rev="3")
    as_maya.get(f"{url}/")
    assert "Withdrawn from 23 November 2026 on: The course was not accredited." in words(as_maya)
    assert not as_maya.soup.select("main form")


def test_two_people_do_not_undo_each_others_changes(records: Records, as_maya: PageClient) -> None:
    records.act(changes.correct, 1, evidence_ref="Folder 3")
    as_maya.get("/training/certificates/1/")
    send(as_maya, "/training/certificates/1/change", status=409, issued_on="2025-12-01", rev="1")
    assert "Somebody changed this before you did." in words(as_maya)
    assert as_maya.soup.select_one("#evidence_ref")["value"] == "Folder 3"
    assert records.held(1).version == 2


def test_the_page_of_a_person_lists_certificates_and_what_is_missing(records: Records, as_maya: PageClient) -> None:
    as_maya.get(f"/staff/{records.cast.dan.staff_id}/")
    section = " ".join(as_maya.soup.select_one("#training").get_text(" ").split())
    assert "Fire safety 7 December 2025 7 December 2026 Due soon" in section
    assert "Not there yet: Basic life support," in section
    assert "Record a certificate" in section


def test_hr_adds_a_type_changes_it_and_says_who_needs_it(records: Records, as_hana: PageClient) -> None:
    as_hana.get("/training/types/new/")
    fields = {"name": "PEG feeding", "code": "peg", "category": "clinical", "validity_months": "24"}
    send(as_hana, "/training/types/new/", **fields, reminder_days="30, 7", applies_to_roles="RN", nonce="n1")
    peg = records.kind("PEG")
    as_hana.get("/training/types/")
    assert "PEG feeding For care tasks 24 months Nobody by rule In use" in words(as_hana)
    as_hana.get(f"/training/types/{peg}/")
    send(as_hana, f"/training/types/{peg}/", **fields | {"validity_months": ""}, reminder_days="30", rev="1",
         is_active="yes", nations="wales")  # fmt: skip
    as_hana.get(f"/training/types/{peg}/")
    send(as_hana, f"/training/types/{peg}/needed", home=str(records.cast.rose), role="RN", grace_days="28")
    as_hana.get(f"/training/types/{peg}/")
    assert "Every nurse at Rose House In the first 28 days" in words(as_hana)
    with records.flow.database.read() as session:
        found = session.get_one(TrainingType, peg)
        assert (found.validity_months, found.reminder_days, found.applies_to_roles, found.nations) == (
            None, [30], [], ["wales"])  # fmt: skip
        (asked,) = requirements(session, type_id=peg)
    send(as_hana, f"/training/types/requirements/{asked.id}/drop")
    as_hana.get(f"/training/types/{peg}/")
    assert "Nobody needs it by rule" in words(as_hana)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"validity_months": "many"}, "Write a number of months"),
        ({"validity_months": "²"}, "Write a number of months"),
        ({"validity_months": "9" * 50}, "Write a number of months"),
        ({"reminder_days": "30; 7"}, "Write numbers of days"),
        ({"category": "fun"}, "Choose why people"),
        ({"code": "FIRE"}, "has the code FIRE"),
        ({"name": ""}, "Write the name"),
    ],
)
def test_a_type_without_sense_is_told_by_its_field(
    records: Records, as_hana: PageClient, given: dict[str, str], told: str
) -> None:
    as_hana.get("/training/types/new/")
    fields = {"name": "PEG feeding", "code": "PEG", "category": "clinical"}
    send(as_hana, "/training/types/new/", status=422, **fields | given)
    assert told in words(as_hana)


def test_a_type_that_somebody_else_changed_meanwhile_is_shown_as_it_is(records: Records, as_hana: PageClient) -> None:
    number = records.kind()
    as_hana.get(f"/training/types/{number}/")
    fields = {"name": "Fires", "code": "FIRE", "category": "statutory", "is_active": "yes"}
    send(as_hana, f"/training/types/{number}/", **fields, rev="1")
    as_hana.get(f"/training/types/{number}/")
    send(as_hana, f"/training/types/{number}/", status=409, **fields | {"name": "Flames"}, rev="1")
    assert "Somebody changed this before you did." in words(as_hana)
    assert as_hana.soup.select_one("#name")["value"] == "Fires"


def test_a_certificate_of_another_home_is_not_there(records: Records, as_vic: PageClient) -> None:
    as_vic.get("/training/certificates/1/", status=404)
    as_vic.get(f"/training/staff/{records.cast.dan.staff_id}/record/", status=404)
    as_vic.get("/training/")
    assert names(as_vic) == ["Vic"]
    with records.flow.database.read() as session:
        assert session.scalars(select(Certificate.issued_on)).all() == [date(2025, 12, 7)]
    assert records.held(1).standing_on(TODAY).label == "Due soon"
