"""Handing over what is held about somebody, and taking it out of everything, over the API."""

from __future__ import annotations

from sqlalchemy import update

from flowapp.bootstrap import Flow
from flowapp.rota.staff import Staff, StaffStatus
from tests.cast import Cast
from tests.factories import leave_asked
from tests.support.visitors import Api


def test_somebody_is_handed_their_leave_and_no_secret(api: Api, flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan)
    answer = api.call("GET", f"/staff/{cast.dan.staff_id}/personal-data", cast.dan)
    assert answer.status_code == 200
    found = {each["what"]: each["entries"] for each in answer.json["sections"]}
    assert [each["staff_id"] for each in found["Leave you asked for"]] == [cast.dan.staff_id]
    assert "What happened, as it was written down" in found
    assert "hash" not in found["Your account"][0]
    assert "password_hash" not in answer.text
    assert "token_hash" not in answer.text


def test_nobody_is_handed_what_is_held_about_a_colleague(api: Api, cast: Cast) -> None:
    assert api.call("GET", f"/staff/{cast.dan.staff_id}/personal-data", cast.vic).status_code == 404
    assert api.call("GET", f"/staff/{cast.dan.staff_id}/personal-data", cast.maya).status_code == 403
    assert api.call("GET", f"/staff/{cast.dan.staff_id}/personal-data", cast.hana).status_code == 200


def test_a_leaver_is_taken_out_once(api: Api, flow: Flow, cast: Cast) -> None:
    address = f"/staff/{cast.dan.staff_id}/anonymise"
    assert api.call("POST", address, cast.hana, {}).status_code == 409
    flow.database.write(
        lambda session: (
            session.execute(update(Staff).where(Staff.id == cast.dan.staff_id).values(status=StaffStatus.LEAVER))
            and None
        )
    )
    answer = api.call("POST", address, cast.hana, {})
    assert answer.status_code == 200
    assert answer.json["still_named_in_workflows"] == []
    assert api.call("GET", f"/staff/{cast.dan.staff_id}", cast.hana).json["name"] == f"Former staff {cast.dan.staff_id}"
    assert api.call("POST", address, cast.hana, {}).status_code == 409
    assert api.call("POST", address, cast.maya, {}).status_code == 403
