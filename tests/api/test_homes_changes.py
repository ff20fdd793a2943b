"""Opening care homes over the API and changing what is known of them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.support.visitors import Api

ASH = {"code": " ash ", "name": " Ash  House ", "nation": "wales", "timezone": "Europe/London"}
SEEN = {"If-Match": "1"}


def noted(flow: Flow) -> list[AuditEntry]:
    """Read what the audit says of homes."""
    with flow.database.read() as session:
        return list(session.scalars(select(AuditEntry).filter_by(entity="care_home").order_by(AuditEntry.id)))


def test_an_administrator_opens_a_home(api: Api, cast: Cast, flow: Flow) -> None:
    answer = api.call("POST", "/homes", cast.ada, ASH | {"leave_year_start": "01-01"})

    assert answer.status_code == 201, answer.text
    body = answer.json
    assert (answer.headers["Location"], answer.headers["ETag"]) == (f"/api/v1/homes/{body['id']}", '"1"')
    assert len(body["uid"]) == 26
    assert body | {"uid": ""} == {
        "id": body["id"], "uid": "", "code": "ASH", "name": "Ash House", "nation": "wales",
        "timezone": "Europe/London", "leave_year_start": "01-01", "is_active": True, "version": 1, "units": [],
    }  # fmt: skip
    assert api.call("GET", f"/homes/{body['id']}", cast.hana).json == body
    (entry,) = noted(flow)
    assert (entry.action, entry.home_id, entry.actor_name, entry.before, entry.after["code"]) == (
        "home.create", body["id"], "Ada", None, "ASH")  # fmt: skip


def test_what_is_left_out_of_a_new_home_is_what_most_homes_have(api: Api, cast: Cast) -> None:
    made = api.call("POST", "/homes", cast.ada, {"code": "ASH", "name": "Ash House", "nation": "england"}).json
    assert (made["timezone"], made["leave_year_start"]) == ("Europe/London", "04-01")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"code": "A"}, "code"),
    ({"code": "TOOLONGAS"}, "code"),
    ({"code": "A-B"}, "code"),
    ({"code": "1234"}, "code"),  # a list would take it for a number
    ({"code": "elm"}, "code"),  # another home's
    ({"code": None}, "code"),
    ({"name": "  "}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": "Ash\u200bHouse"}, "name"),  # a sign that nobody sees
    ({"nation": "france"}, "nation"),
    ({"timezone": "Mars/Base"}, "timezone"),
    ({"timezone": "Europe"}, "timezone"),  # a folder
    ({"timezone": "../passwd"}, "timezone"),
    ({"timezone": ""}, "timezone"),
    ({"leave_year_start": "4-1"}, "leave_year_start"),
    ({"leave_year_start": "02-29"}, "leave_year_start"),
    ({"leave_year_start": "13-01"}, "leave_year_start"),
    ({"beds": 3}, "beds"),
]


@pytest.mark.parametrize(("given", "path"), WRONG)
def test_what_is_wrong_with_a_home_is_told_by_its_field(
    api: Api, cast: Cast, flow: Flow, given: dict[str, Any], path: str
) -> None:
    assert places(api.call("POST", "/homes", cast.ada, ASH | given)) == [path]
    assert places(api.call("PATCH", f"/homes/{cast.rose}", cast.ada, given, **SEEN)) == [path]
    assert noted(flow) == []


def test_everything_that_is_wrong_is_told_at_once(api: Api, cast: Cast) -> None:
    body = ASH | {"code": "?", "name": "", "timezone": "?", "leave_year_start": "?"}
    assert places(api.call("POST", "/homes", cast.ada, body)) == ["code", "name", "timezone", "leave_year_start"]
    assert places(api.call("POST", "/homes", cast.ada, {})) == ["code", "name", "nation"]


def test_only_whoever_looks_after_every_home_opens_and_closes_one(api: Api, cast: Cast) -> None:
    for who in (cast.dan, cast.sorcha, cast.maya, cast.hana):
        refused(api.call("POST", "/homes", who, ASH), 403)
    assert "Ask an administrator" in refused(api.call("POST", "/homes", cast.maya, ASH), 403)
    closing = {"is_active": False}
    assert "Ask an administrator" in refused(api.call("PATCH", f"/homes/{cast.rose}", cast.maya, closing, **SEEN), 403)
    assert api.call("PATCH", f"/homes/{cast.rose}", cast.ada, closing, **SEEN).json["is_active"] is False


def test_the_same_key_opens_one_home(api: Api, cast: Cast, flow: Flow) -> None:
    first = api.call("POST", "/homes", cast.ada, ASH, **{"Idempotency-Key": "k1"})
    again = api.call("POST", "/homes", cast.ada, ASH, **{"Idempotency-Key": "k1"})
    other = api.call("POST", "/homes", cast.ada, ASH | {"name": "Other"}, **{"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert places(other) == ["Idempotency-Key"]
    assert len(noted(flow)) == 1


def test_a_manager_changes_their_home_and_what_is_left_out_stays(api: Api, cast: Cast, flow: Flow) -> None:
    answer = api.call("PATCH", f"/homes/{cast.rose}", cast.maya, {"name": "Rose Court", "code": "rose"}, **SEEN)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json["name"], answer.json["code"], answer.json["nation"]) == ("Rose Court", "ROSE", "scotland")
    shown = api.call("GET", f"/homes/{cast.rose}", cast.dan)
    assert (shown.json, shown.headers["ETag"]) == (answer.json, '"2"')
    (entry,) = noted(flow)
    assert (entry.action, entry.before, entry.after) == ("home.update", {"name": "Rose House"}, {"name": "Rose Court"})


def test_a_change_of_nothing_leaves_the_version_and_the_audit(api: Api, cast: Cast, flow: Flow) -> None:
    for given in ({}, {"name": "Rose House"}, {"is_active": True}):
        answer = api.call("PATCH", f"/homes/{cast.rose}", cast.maya, given, **SEEN)
        assert (answer.status_code, answer.json["version"]) == (200, 1)
    assert noted(flow) == []


def test_a_change_needs_the_version_that_is_there(api: Api, cast: Cast) -> None:
    def change(name: str, **headers: str) -> Any:
        return api.call("PATCH", f"/homes/{cast.rose}", cast.maya, {"name": name}, **headers)

    assert "If-Match" in refused(change("A"), 428)
    assert [change(f"seen {seen}", **{"If-Match": seen}).status_code for seen in ("1", "1", "7", '"2"')] == [
        200, 409, 409, 200]  # fmt: skip
    assert places(change("A", **{"If-Match": "a"})) == ["If-Match"]


def test_a_change_needs_the_right_the_home_and_the_scope(api: Api, cast: Cast) -> None:
    def status(who: Any, number: int = cast.rose, scopes: tuple[str, ...] = ("read", "rota")) -> int:
        return api.call("PATCH", f"/homes/{number}", who, {"name": "x"}, scopes=scopes, **SEEN).status_code

    assert (status(cast.dan), status(cast.hana)) == (403, 403)
    assert status(cast.erin) == 404  # another home's manager
    assert status(cast.ada, 999) == status(cast.erin, 999) == 404
    assert status(cast.maya, scopes=("read", "run")) == 403
    assert api.call("POST", "/homes", cast.ada, ASH, scopes=("read", "run")).status_code == 403


@pytest.mark.parametrize("value", ["false", 0, None])
def test_whether_a_home_is_open_is_true_or_false(api: Api, cast: Cast, value: Any) -> None:
    assert places(api.call("PATCH", f"/homes/{cast.rose}", cast.ada, {"is_active": value}, **SEEN)) == ["is_active"]


def test_a_home_is_never_deleted(api: Api, cast: Cast) -> None:
    answer = api.call("DELETE", f"/homes/{cast.rose}", cast.ada)
    assert answer.status_code == 405
    assert {"GET", "PATCH"} <= set(answer.headers["Allow"].split(", "))
