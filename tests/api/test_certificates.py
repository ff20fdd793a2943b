"""Certificates over the API: recorded, confirmed, withdrawn, put right, and those that run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.rota.training.catalogue import write_catalogue
from tests.cast import Cast
from tests.support.visitors import Api

FIRE = {"type": "FIRE", "issued_on": "2025-12-07"}


@pytest.fixture(autouse=True)
def catalogue(flow: Flow) -> None:
    """The types of training that FlowApp brings."""
    flow.database.write(lambda session: write_catalogue(session, Cause(actor=SYSTEM, at=flow.clock.now())))


@pytest.fixture
def dans(api: Api, cast: Cast) -> int:
    """Dan's certificate of Fire safety."""
    return int(api.call("POST", "/certificates", cast.maya, FIRE | {"staff_id": cast.dan.staff_id}).json["id"])


def listed(api: Api, who: Any, path: str = "/certificates") -> list[int]:
    """Answer the numbers of a list."""
    answer = api.call("GET", path, who)
    assert answer.status_code == 200, answer.json
    return [each["id"] for each in answer.json["items"]]


def test_a_certificate_is_recorded_and_read_again(api: Api, cast: Cast) -> None:
    body = FIRE | {"evidence_ref": "Drawer 2"}
    answer = api.call("POST", f"/staff/{cast.dan.staff_id}/certificates", cast.maya, body)

    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.headers["Location"].endswith(f"/certificates/{answer.json['id']}")
    assert {**answer.json, "uid": ""} == {
        "id": answer.json["id"], "uid": "", "staff_id": cast.dan.staff_id, "staff_name": "Dan",
        "care_home_id": cast.rose, "type": "FIRE", "type_name": "Fire safety", "issued_on": "2025-12-07",
        "expires_on": "2026-12-07", "days_left": 14, "status": "due", "holds": True, "competency": "na",
        "evidence_ref": "Drawer 2", "origin": "recorded", "recorded_by": "Maya", "verified_by": None,
        "verified_at": None, "revoked_on": None, "revoke_reason": "", "version": 1,
    }  # fmt: skip
    assert api.call("GET", f"/certificates/{answer.json['id']}", cast.maya).json == answer.json


def test_the_same_key_records_once(api: Api, cast: Cast) -> None:
    body, key = FIRE | {"staff_id": cast.dan.staff_id}, {"Idempotency-Key": "k1"}
    first, second = (api.call("POST", "/certificates", cast.maya, body, **key) for _ in range(2))
    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert len(listed(api, cast.maya)) == 1


def test_ones_own_is_sent_in_and_confirmed(api: Api, cast: Cast) -> None:
    sent = api.call("POST", f"/staff/{cast.dan.staff_id}/certificates", cast.dan, FIRE).json
    assert (sent["status"], sent["holds"], sent["origin"]) == ("waiting", False, "sent_in")
    path = f"/certificates/{sent['id']}/verify"
    assert [api.call("POST", path, who, {}).status_code for who in (cast.dan, cast.maya, cast.erin)] == [403, 403, 403]
    answer = api.call("POST", path, cast.hana, {}, **{"If-Match": "1"})
    assert (answer.status_code, answer.json["status"], answer.json["verified_by"]) == (200, "due", "Hana")
    assert api.call("POST", path, cast.hana, {}).status_code == 409


def test_a_certificate_is_put_right_withdrawn_and_judged(api: Api, cast: Cast, dans: int) -> None:
    path, hidden = f"/certificates/{dans}", api.call("GET", f"/certificates/{dans}", cast.sorcha).json
    assert "revoke_reason" not in hidden
    assert api.call("PATCH", path, cast.maya, {"evidence_ref": "x"}).status_code == 428
    changed = api.call("PATCH", path, cast.maya, {"expires_on": "2027-01-31"}, **{"If-Match": "1"})
    assert (changed.status_code, changed.json["expires_on"], changed.json["status"]) == (200, "2027-01-31", "valid")
    assert api.call("PATCH", path, cast.maya, {"evidence_ref": "x"}, **{"If-Match": "1"}).status_code == 409
    judged = api.call("POST", f"{path}/competency", cast.maya, {"competency": "not_yet"})
    assert (judged.status_code, judged.json["status"]) == (200, "pending")
    withdrawn = api.call("POST", f"{path}/revoke", cast.maya, {"reason": "Not accredited"})
    assert (withdrawn.json["status"], withdrawn.json["revoked_on"], withdrawn.json["revoke_reason"]) == (
        "revoked", "2026-11-23", "Not accredited")  # fmt: skip


def test_other_homes_are_told_that_there_is_nothing(api: Api, cast: Cast, dans: int) -> None:
    one = f"/certificates/{dans}"
    for who in (cast.erin, cast.vic):
        assert listed(api, who) == listed(api, who, "/certificates/expiring") == []
        assert api.call("GET", one, who).status_code == 404
        assert api.call("GET", f"/staff/{cast.dan.staff_id}/certificates", who).status_code == 404
        assert api.call("POST", "/certificates", who, FIRE | {"staff_id": cast.dan.staff_id}).status_code == 404
        assert listed(api, who, "/certificates?home=ROSE") == []
    assert api.call("POST", f"{one}/revoke", cast.erin, {"reason": "x"}).status_code == 404
    assert api.call("PATCH", one, cast.erin, {"evidence_ref": "x"}, **{"If-Match": "1"}).status_code == 404
    assert api.call("POST", f"{one}/competency", cast.erin, {"competency": "competent"}).status_code == 404


def test_lists_are_narrowed_and_go_on(api: Api, cast: Cast, flow: Flow) -> None:
    today = flow.clock.now().date()
    made = []
    for code, left in (("FIRE", 40), ("IPC", 2), ("HS", -3), ("GDPR", 30)):
        body = {"type": code, "issued_on": "2025-11-01", "expires_on": str(today + timedelta(days=left))}
        made.append(api.call("POST", f"/staff/{cast.dan.staff_id}/certificates", cast.maya, body).json["id"])
    fire, ipc, hs, gdpr = made
    vics = api.call("POST", f"/staff/{cast.vic.staff_id}/certificates", cast.erin, FIRE).json["id"]
    assert listed(api, cast.hana) == [*made, vics]
    assert listed(api, cast.hana, "/certificates?expired=true") == [hs]
    assert listed(api, cast.hana, "/certificates?expired=false&home=ROSE") == [fire, ipc, gdpr]
    assert listed(api, cast.hana, "/certificates?type=fire") == [fire, vics]
    assert listed(api, cast.hana, "/certificates?type=nonsense") == []
    assert listed(api, cast.hana, f"/certificates?staff_id={cast.vic.staff_id}") == [vics]
    assert listed(api, cast.hana, "/certificates/expiring") == [ipc, vics, gdpr]
    assert listed(api, cast.hana, "/certificates/expiring?days=2") == [ipc]
    assert listed(api, cast.hana, "/certificates/expiring?days=0") == []
    first = api.call("GET", "/certificates/expiring?limit=2", cast.hana).json
    assert [each["id"] for each in first["items"]] == [ipc, vics]
    assert listed(api, cast.hana, f"/certificates/expiring?limit=2&cursor={first['next']}") == [gdpr]


@pytest.mark.parametrize(
    ("query", "path"),
    [("days=x", "days"), ("days=-1", "days"), ("days=99999", "days"), ("cursor=999999", "cursor")],
)
def test_a_question_without_sense_is_told(api: Api, cast: Cast, query: str, path: str) -> None:
    answer = api.call("GET", f"/certificates/expiring?{query}", cast.hana)
    assert (answer.status_code, answer.json["problems"][0]["path"]) == (422, path)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"type": "NONSENSE"}, "type"),
        ({"type": None}, "type"),
        ({"issued_on": "tomorrow"}, "issued_on"),
        ({"issued_on": "0001-01-01"}, "issued_on"),
        ({"issued_on": "9999-12-31"}, "issued_on"),
        ({"expires_on": "2020-01-01"}, "expires_on"),
        ({"evidence_ref": "x" * 300}, "evidence_ref"),
        ({"evidence_ref": "a\x00"}, "evidence_ref"),
        ({"competency": "yes"}, "competency"),
        ({"staff_id": 0}, "staff_id"),
        ({"verified_by": "Me"}, "verified_by"),
    ],
)
def test_a_certificate_without_sense_is_told_by_its_field(
    api: Api, cast: Cast, given: dict[str, Any], path: str
) -> None:
    body = FIRE | {"staff_id": cast.dan.staff_id} | given
    answer = api.call("POST", "/certificates", cast.maya, body)
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, [path])


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "x" * 2001}, {"reason": "x", "revoked_on": "2030-01-01"}]
)
def test_withdrawing_needs_a_reason_and_a_day_that_was(api: Api, cast: Cast, dans: int, body: dict[str, Any]) -> None:
    assert api.call("POST", f"/certificates/{dans}/revoke", cast.hana, body).status_code == 422


def test_a_token_for_reading_changes_nothing(api: Api, cast: Cast) -> None:
    body = FIRE | {"staff_id": cast.dan.staff_id}
    assert api.call("POST", "/certificates", cast.maya, body, scopes=("read",)).status_code == 403
