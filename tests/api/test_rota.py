"""A week of a home over the API: what publishing would show, publishing it, and saying that one has seen a shift."""

from __future__ import annotations

from datetime import date

from flowapp.bootstrap import Flow
from tests.api.problems import places
from tests.cast import Cast
from tests.factories import a_shift
from tests.support.visitors import Api

NIGHT = {
    "name": "night", "role": "SCW", "weekdays": ["tue", "mon"], "start": "20:00", "end": "08:00", "fewest": 2,
    "valid_from": "2026-12-01",
}  # fmt: skip
EVENING = {"code": "eve", "name": " Evening  shift ", "start": "16:00", "end": "22:00", "colour": "red"}
SEEN = {"If-Match": "1"}


def test_a_week_tells_what_is_not_published_and_where_people_are_missing(api: Api, cast: Cast, flow: Flow) -> None:
    api.call("POST", "/needs", cast.maya, NIGHT | {"care_home_id": cast.rose})
    shift = a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 8))
    found = api.call("GET", f"/homes/{cast.rose}/rota/2026-W50", cast.sorcha).json
    assert (found["first_day"], found["last_day"], found["to_publish"], found["open"]) == (
        "2026-12-07", "2026-12-13", [shift], 1)  # fmt: skip
    assert [(each["date"], each["planned"], each["needed"], each["text"]) for each in found["gaps"]] == [
        ("2026-12-07", 0, 2, "Needs 2 more carers for the night"),
        ("2026-12-08", 0, 2, "Needs 2 more carers for the night"),
    ]


def test_a_week_is_published_once_for_each_key(api: Api, cast: Cast, flow: Flow) -> None:
    a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 8), staff=cast.dan)
    url = f"/homes/{cast.rose}/rota/2026-W50/publish"
    first = api.call("POST", url, cast.maya, {}, **{"Idempotency-Key": "a"})
    assert (first.status_code, first.json["published"], first.json["to_publish"]) == (200, 1, [])
    assert api.call("POST", url, cast.maya, {}, **{"Idempotency-Key": "a"}).json == first.json
    assert places(api.call("POST", url, cast.maya, {"why": "x"})) == ["why"]
    assert places(api.call("POST", f"/homes/{cast.rose}/rota/2026-W99/publish", cast.maya, {})) == ["week"]
    for who, status in ((cast.dan, 403), (cast.sorcha, 403), (cast.erin, 404)):
        assert api.call("POST", url, who, {}).status_code == status


def test_whoever_has_a_shift_says_that_they_have_seen_it(api: Api, cast: Cast, flow: Flow) -> None:
    shift = a_shift(flow, cast.maya, cast.rose, day=date(2026, 12, 8), staff=cast.dan, published=True)
    assert api.call("POST", f"/shifts/{shift}/acknowledge", cast.maya, {}).status_code == 403
    assert api.call("POST", f"/shifts/{shift}/acknowledge", cast.vic, {}).status_code == 404
    assert api.call("POST", f"/shifts/{shift}/acknowledge", cast.dan, {}, **{"If-Match": "1"}).status_code == 409
    answer = api.call("POST", f"/shifts/{shift}/acknowledge", cast.dan, {}, **{"If-Match": "2"})
    assert (answer.status_code, answer.json["acknowledged_at"]) == (200, "2026-11-23T09:00:00Z")


def test_what_a_home_needs_is_said_changed_and_ended(api: Api, cast: Cast) -> None:
    made = api.call("POST", "/needs", cast.maya, NIGHT | {"care_home_id": cast.rose})
    assert (made.status_code, made.json["weekdays"], made.headers["ETag"]) == (201, ["mon", "tue"], '"1"')
    url = f"/needs/{made.json['id']}"
    assert api.call("PATCH", url, cast.maya, {"fewest": 3}).status_code == 428
    changed = api.call("PATCH", url, cast.maya, {"fewest": 3, "valid_to": "2026-12-31"}, **SEEN).json
    assert (changed["fewest"], changed["valid_to"], changed["version"]) == (3, "2026-12-31", 2)
    assert api.call("PATCH", url, cast.maya, {"fewest": 4}, **SEEN).status_code == 409
    assert [each["id"] for each in api.call("GET", "/needs?home=ROSE", cast.hana).json["items"]] == [made.json["id"]]
    for who, status in ((cast.dan, 403), (cast.erin, 404)):
        assert api.call("GET", url, who).status_code == status
        assert api.call("PATCH", url, who, {"fewest": 4}, **SEEN).status_code == status
    assert api.call("GET", "/needs", cast.erin).json["items"] == []


def test_a_need_that_makes_no_sense_is_refused_by_its_fields(api: Api, cast: Cast) -> None:
    def sent(**given: object) -> list[str]:
        return places(api.call("POST", "/needs", cast.maya, NIGHT | {"care_home_id": cast.rose} | given))

    assert sent(name="", fewest=0, weekdays=[]) == ["name", "weekdays", "fewest"]
    assert sent(ideal=1, valid_to="2026-11-01", skills=["no code"]) == ["ideal", "skills", "valid_to"]
    assert sent(start="8 pm") == ["start"]
    assert sent(unit_id=999) == ["unit_id"]
    assert sent(valid_from="3026-01-01", name="x\u0000") == ["name"]
    assert sent(weekdays=["monday"]) == ["weekdays.0"]
    assert api.call("POST", "/needs", cast.maya, NIGHT | {"care_home_id": cast.elm}).status_code == 404


def test_a_template_is_made_for_a_home_and_changed(api: Api, cast: Cast) -> None:
    made = api.call("POST", "/shift-templates", cast.maya, EVENING | {"care_home_id": cast.rose})
    assert (made.status_code, made.json["code"], made.json["name"]) == (201, "EVE", "Evening shift")
    url = f"/shift-templates/{made.json['id']}"
    changed = api.call("PATCH", url, cast.maya, {"start": "15:30", "is_active": False}, **SEEN).json
    assert (changed["start"], changed["is_active"], changed["version"]) == ("15:30", False, 2)
    assert api.call("PATCH", url, cast.maya, {"start": "15:00"}, **SEEN).status_code == 409
    assert api.call("GET", url, cast.dan).status_code == 200
    assert api.call("GET", url, cast.erin).status_code == 404
    assert api.call("PATCH", url, cast.erin, {"start": "15:00"}, **SEEN).status_code == 404


def test_the_usual_templates_are_there_and_only_whoever_looks_after_all_homes_changes_them(
    api: Api, cast: Cast
) -> None:
    found = api.call("GET", "/shift-templates", cast.dan).json["items"]
    assert [(each["code"], each["start"], each["end"], each["unpaid_break_minutes"]) for each in found] == [
        ("LD", "08:00", "20:00", 60), ("N", "20:00", "08:00", 60), ("E", "07:30", "14:30", 30),
        ("L", "14:00", "21:30", 30), ("SI", "22:00", "07:00", 0), ("TR", "09:00", "16:30", 30),
    ]  # fmt: skip
    url = f"/shift-templates/{found[0]['id']}"
    assert api.call("PATCH", url, cast.maya, {"end": "19:30"}, **SEEN).status_code == 403
    assert api.call("POST", "/shift-templates", cast.maya, EVENING).status_code == 403
    assert api.call("PATCH", url, cast.ada, {"end": "19:30"}, **SEEN).json["end"] == "19:30"


def test_a_template_that_makes_no_sense_is_refused_by_its_fields(api: Api, cast: Cast) -> None:
    def sent(**given: object) -> list[str]:
        return places(api.call("POST", "/shift-templates", cast.maya, EVENING | {"care_home_id": cast.rose} | given))

    assert sent(code="L-D", name="") == ["code", "name"]
    assert sent(start="04:00") == ["end"]  # eighteen hours
    assert sent(unpaid_break_minutes=600) == ["unpaid_break_minutes"]
    assert sent(end="late") == ["end"]
    api.call("POST", "/shift-templates", cast.maya, EVENING | {"care_home_id": cast.rose})
    assert sent() == ["code"]  # it is there already
    assert api.call("POST", "/shift-templates", cast.maya, EVENING | {"care_home_id": cast.elm}).status_code == 404
