"""Events over the API: following them, and telling of what happened elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.events.catalogue import catalogue
from flowapp.events.outbox import EventRecord
from tests.api.problems import places
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked, notify, run_all, runs
from tests.support.visitors import Api

ADMIN = ("read", "admin")


@pytest.fixture
def facts(api: Api, cast: Cast) -> dict[str, Any]:
    """The facts of Dan's asking for two and a half days: the catalogue's example, filled in as programs do."""
    listed = api.call("GET", "/catalogue/events", cast.ada, scopes=ADMIN).json
    assert listed is not None
    (example,) = next(item["examples"] for item in listed["items"] if item["name"] == "leave_requested")
    amounts = {"days": 2.5, "hours": 18.75}
    about = {"leave_request_id": 12, "staff_id": cast.dan.staff_id, "care_home_id": cast.rose}
    leave = example["leave"] | amounts | {"reason": "Surgery"}
    return without(example, "user", "user_id") | amounts | about | {"leave": leave}


@pytest.fixture
def post(api: Api, cast: Cast, facts: dict[str, Any]) -> Any:
    """Tell of an event as Ada's program does."""

    def posted(name: str = "leave_requested", **given: Any) -> Any:
        headers = given.pop("headers", {})
        return api.call("POST", "/events", cast.ada, {"name": name, "context": facts} | given, scopes=ADMIN, **headers)

    return posted


def listed(api: Api, person: Any, query: str = "") -> list[dict[str, Any]]:
    """Answer the events that somebody is shown."""
    answer = api.call("GET", f"/events{query}", person)
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])  # type: ignore[index]


def records(flow: Flow) -> list[EventRecord]:
    """Read every event."""
    with flow.database.read() as session:
        return list(session.scalars(select(EventRecord).order_by(EventRecord.seq)))


def test_events_come_with_everything_about_them_the_oldest_first(flow: Flow, cast: Cast, api: Api) -> None:
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.dan, start=date(2026, 12, 9))
    first, second = listed(api, cast.maya)
    kept = records(flow)[0]
    assert (first["id"], first["seq"], second["seq"]) == (kept.uid, 1, 2)
    assert (first["type"], first["version"], first["occurred_at"]) == ("leave_requested", 1, "2026-11-23T09:00:00Z")
    assert first["care_home_id"] == cast.rose
    assert first["actor"] == {"kind": "user", "id": cast.dan.user_id, "name": "Dan", "execution_id": None}
    assert first["subject"] == {"type": "leave_request", "id": 1}
    assert first["changes"] == []
    assert (first["context"]["days"], first["context"]["staff"]["name"]) == (1, "Dan")
    assert (first["correlation_id"], first["causation_id"]) == (first["id"], None)


def test_what_a_workflow_does_names_what_led_to_it(flow: Flow, cast: Cast, api: Api) -> None:
    step = {"id": "yes", "type": "action", "action": "approve_leave",
            "with": {"leave_request_id": "${context.leave_request_id}"}}  # fmt: skip
    a_workflow(flow, cast.maya, a_document(step), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    run_all(flow)
    asked, approved = listed(api, cast.maya)
    assert approved["type"] == "leave_approved"
    assert (approved["correlation_id"], approved["causation_id"]) == (asked["id"], asked["id"])
    assert (approved["actor"]["kind"], approved["actor"]["execution_id"]) == ("workflow", 1)


def test_a_program_follows_what_happens(flow: Flow, cast: Cast, api: Api) -> None:
    for day in (7, 8, 9):
        leave_asked(flow, cast.dan, start=date(2026, 12, day))
    leave_asked(flow, cast.vic)
    assert [event["seq"] for event in listed(api, cast.hana, "?after_seq=1")] == [2, 3, 4]
    answer = api.call("GET", "/events?after_seq=1&limit=2", cast.hana).json
    assert answer is not None
    assert ([event["seq"] for event in answer["items"]], answer["next"]) == ([2, 3], "3")
    assert [event["seq"] for event in listed(api, cast.hana, f"?after_seq=1&cursor={answer['next']}")] == [4]
    assert listed(api, cast.hana, "?after_seq=4") == []
    assert listed(api, cast.hana, "?name=leave_approved") == []
    assert len(listed(api, cast.hana, "?name=leave_requested")) == 4


def test_one_sees_the_events_of_ones_homes(flow: Flow, cast: Cast, api: Api) -> None:
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.vic)
    seen = {
        name: [event["seq"] for event in listed(api, getattr(cast, name))] for name in ("maya", "erin", "hana", "ada")
    }
    assert seen == {"maya": [1], "erin": [2], "hana": [1, 2], "ada": [1, 2]}
    assert api.call("GET", "/events", cast.dan).status_code == 403
    assert api.call("GET", "/events", cast.maya, scopes=("rota",)).status_code == 403


def test_why_somebody_is_off_is_left_out_for_those_who_may_not_know_it(cast: Cast, api: Api, post: Any) -> None:
    post()
    assert listed(api, cast.maya)[0]["context"]["leave"]["reason"] == "Surgery"
    assert listed(api, cast.hana)[0]["context"]["leave"]["reason"] == "Surgery"
    (event,) = listed(api, cast.ada)
    assert "reason" not in event["context"]["leave"]
    assert event["context"]["leave"]["type"] == "ANNUAL"


@pytest.mark.parametrize("query", ["?after_seq=x", "?after_seq=-1", "?limit=0", "?limit=201", "?name=leave_asked"])
def test_a_senseless_question_is_told(api: Api, cast: Cast, query: str) -> None:
    assert places(api.call("GET", f"/events{query}", cast.maya)) == [query[1:].partition("=")[0]]


def test_an_event_that_is_told_of_starts_workflows(flow: Flow, cast: Cast, api: Api, post: Any) -> None:
    told = a_workflow(flow, cast.maya, a_document(notify("tell", "${context.user.name}, ${context.days} days")),
                      home_id=cast.rose)  # fmt: skip
    a_workflow(flow, cast.erin, home_id=cast.elm)  # of another home
    answer = post()
    assert answer.status_code == 202, answer.text
    run_all(flow)
    (kept,), (run,) = records(flow), runs(flow)
    assert answer.json == {"event_id": kept.uid, "seq": 1, "executions": [run.id]}
    assert (run.workflow_id, run.status, run.started_by, run.event_seq) == (told, "completed", "Ada", 1)
    assert (kept.actor["kind"], kept.subject_type, kept.subject_id) == ("api", "leave_request", 12)
    assert kept.context["user"] == {"id": cast.ada.user_id, "name": "Ada", "role": "Admin"}
    detail = api.call("GET", f"/executions/{run.id}", cast.maya).json
    assert detail is not None
    assert detail["steps"][0]["input"]["message"] == "Ada, 2.5 days"


def test_who_did_it_elsewhere_may_be_told(flow: Flow, cast: Cast, post: Any, facts: dict[str, Any]) -> None:
    user = {"id": None, "name": "Payroll", "role": "Robot"}
    assert post(context=facts | {"user_id": None, "user": user}).status_code == 202
    assert records(flow)[0].context["user"] == user
    assert records(flow)[0].actor["name"] == "Ada"


def test_telling_of_an_event_is_in_the_audit(flow: Flow, cast: Cast, post: Any) -> None:
    post(dedupe_key="k1")
    with flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "event.post")).one()
    assert (entry.actor, entry.entity, entry.entity_id, entry.home_id) == (
        f"api:{cast.ada.user_id}",
        "event",
        1,
        cast.rose,
    )
    assert entry.after == {"name": "leave_requested", "dedupe_key": "k1"}


def test_the_same_key_answers_the_first_event_and_starts_nothing(
    flow: Flow, cast: Cast, post: Any, facts: dict[str, Any]
) -> None:
    a_workflow(flow, cast.maya, home_id=cast.rose)
    first, again = post(dedupe_key="k1"), post(dedupe_key="k1", context=facts | {"days": 9})
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json == first.json
    assert first.json["executions"] == [1]
    assert (len(records(flow)), len(runs(flow))) == (1, 1)
    assert post(dedupe_key="k2").json["executions"] == [2]


def test_a_key_of_another_kind_of_event_is_a_mistake(flow: Flow, post: Any, facts: dict[str, Any]) -> None:
    post(dedupe_key="k1")
    decided = {"decided_by": "Ada", "auto": False, "decision_reason": ""}
    assert places(post("leave_approved", dedupe_key="k1", context=facts | decided)) == ["dedupe_key"]
    assert len(records(flow)) == 1


def test_an_idempotency_key_tells_of_an_event_once(flow: Flow, post: Any) -> None:
    first, again = (post(headers={"Idempotency-Key": "a"}) for _ in range(2))
    assert first.json == again.json
    assert len(records(flow)) == 1


def without(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    """Answer the facts without some of them."""
    return {name: fact for name, fact in facts.items() if name not in names}


WRONG = [
    (lambda f: without(f, "days", "leave"), ["context.days", "context.leave"]),  # missing
    (lambda f: f | {"dayz": 1}, ["context.dayz"]),  # unknown
    (lambda f: f | {"days": "many"}, ["context.days"]),
    (lambda f: f | {"notice_days": 14.5}, ["context.notice_days"]),
    (lambda f: f | {"staff_id": "12"}, ["context.staff_id"]),  # a number written as text
    (lambda f: f | {"leave": f["leave"] | {"start": "7 December"}}, ["context.leave.start"]),
    (lambda f: f | {"leave": f["leave"] | {"start": 0}}, ["context.leave.start"]),  # no day, though some count so
    (lambda f: f | {"user": {"name": "Anna"}}, ["context.user.id", "context.user.role"]),
    (lambda f: f | {"care_home_id": 99}, ["context.care_home_id"]),
    (lambda f: f | {"care_home_id": 2**70}, ["context.care_home_id"]),
    (lambda f: f | {"leave_request_id": 0}, ["context.leave_request_id"]),
    (lambda f: f | {"leave_request_id": 2**63}, ["context.leave_request_id"]),
]


@pytest.mark.parametrize(("change", "expected"), WRONG)
def test_facts_that_do_not_fit_are_told_by_their_place(
    flow: Flow, post: Any, facts: dict[str, Any], change: Any, expected: list[str]
) -> None:
    assert places(post(context=change(facts))) == expected
    assert records(flow) == []


def test_an_unknown_event_is_told_with_the_nearest_name(post: Any) -> None:
    answer = post("leave_requestet")
    assert places(answer) == ["name"]
    assert answer.json["problems"][0]["suggestion"] == "leave_requested"


@pytest.mark.parametrize("key", ["", "x" * 101, 5])
def test_a_key_without_sense_is_told(post: Any, key: Any) -> None:
    assert places(post(dedupe_key=key)) == ["dedupe_key"]


@pytest.mark.parametrize(
    ("name", "scopes", "status"),
    [
        ("ada", ("admin",), 202),
        ("ada", ("read", "run", "rota", "edit"), 403),  # the scope
        ("hana", ("admin",), 403),  # the right
        ("maya", ("admin",), 403),
    ],
)
def test_only_administrators_programs_may_tell_of_events(
    flow: Flow, cast: Cast, api: Api, facts: dict[str, Any], name: str, scopes: tuple[str, ...], status: int
) -> None:
    body = {"name": "leave_requested", "context": facts}
    assert api.call("POST", "/events", getattr(cast, name), body, scopes=scopes).status_code == status
    assert len(records(flow)) == (status == 202)


def test_every_kind_of_event_names_what_it_happens_to() -> None:
    for name, event in catalogue().items():
        field = event.Context.model_fields.get(f"{event.subject_type}_id")
        assert field is not None, f"{name}: its facts need {event.subject_type}_id, the number of its subject"
        assert field.annotation is int, name
