"""The description of the API says what is so: every call, what it takes, what it answers, who may."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import CodeType
from typing import Any

import pytest
from flask import Blueprint, Flask
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from flowapp.accounts.tokens import Scope
from flowapp.api.openapi import Undocumented, document
from flowapp.api.openapi_call import Call, call_of
from flowapp.bootstrap import Flow
from flowapp.http.access import public
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, condition, leave_asked, run_all
from tests.support.page import PageClient
from tests.support.visitors import Api

EVERY_SCOPE = tuple(scope.value for scope in Scope)
SHIFT = {"role": "SCW", "date": "2026-12-08", "start": "08:00", "end": "20:00"}


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    """The document, as a stranger is sent it."""
    answer = app.test_client().get("/api/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return dict(answer.get_json())


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Answer each method, path and what the document says about them."""
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def views(app: Flask) -> Iterator[tuple[str, Any, Call]]:
    """Answer the name of each call, its view and what is noted on it."""
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("api."):
            call = call_of(view)
            assert call is not None, endpoint
            yield endpoint, inspect.unwrap(view), call


def names_in(code: CodeType) -> set[str]:
    """Answer the names that a function and those inside it use."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return {*code.co_names, *(name for each in inner for name in names_in(each))}


def names_of(view: Any) -> set[str]:
    """Answer the names that a view uses, itself or in the private functions it calls."""
    found = names_in(view.__code__)
    called = [view.__globals__.get(name) for name in found if name.startswith("_")]
    return found.union(*(names_in(each.__code__) for each in called if inspect.isfunction(each)))


def test_the_document_keeps_to_the_rules_of_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert [str(error) for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_every_address_of_the_api_is_in_the_document(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        (method, rule.rule.replace("<int:", "{").replace("<string:", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(method, path) for method, path, _ in operations(described)}
    assert len(routes) > 25


def test_every_call_is_introduced_and_says_who_may(described: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in described["tags"]}
    seen = set()
    for method, path, operation in operations(described):
        assert operation["summary"], (method, path)
        assert operation["tags"][0] in tags
        assert operation["security"][0]["token"][0] in EVERY_SCOPE, (method, path)
        assert "Needs a token with the scope" in operation["description"]
        assert all(parameter["description"] for parameter in operation["parameters"]), (method, path)
        seen.add(operation["operationId"])
    assert len(seen) == len(list(operations(described)))


def test_a_call_that_does_not_say_what_it_answers_is_named() -> None:
    app, bp = Flask(__name__), Blueprint("api", __name__)

    @public
    def forgotten() -> str:
        return ""

    bp.add_url_rule("/forgotten", view_func=forgotten)
    app.register_blueprint(bp)
    with pytest.raises(Undocumented, match=r"test_openapi\.forgotten"):
        document(app)


def test_what_a_view_reads_is_what_its_note_says(app: Flask) -> None:
    for endpoint, view, call in views(app):
        names = names_of(view)
        assert ("body_as" in names) is (call.body is not None), endpoint
        assert call.body is None or call.body.__name__ in names, endpoint
        assert ("once" in names or "_once" in names) is call.once, endpoint
        assert ("needed_version" in names) is (call.if_match == "must"), endpoint
        assert ("seen_version" in names) is (call.if_match == "may"), endpoint


def test_every_example_fits_its_schema(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        contents = [each["content"] for each in operation["responses"].values() if "content" in each]
        contents += [operation["requestBody"]["content"]] if "requestBody" in operation else []
        for content in contents:
            (media,) = content.values()
            assert faults(media["example"], media["schema"], described) == [], (method, path)


def faults(value: Any, schema: dict[str, Any], described: dict[str, Any], *, tight: bool = False) -> list[str]:
    """Say where a value does not fit a schema of the document; `tight` also finds fields that it does not know."""
    schemas = described["components"]["schemas"]
    if tight:
        schemas = {name: {"additionalProperties": False} | each if "properties" in each else each
                   for name, each in schemas.items()}  # fmt: skip
    whole = schema | {"components": {"schemas": schemas}}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@pytest.fixture
def something_of_everything(flow: Flow, cast: Cast, api: Api) -> None:
    """A workflow that ran, one that failed, leave that is decided and leave that is not, a shift."""
    a_workflow(
        flow, cast.maya, a_document(condition("short", "${context.days} <= 3", then=[approve()])), home_id=cast.rose
    )
    a_workflow(flow, cast.sorcha, a_document(approve()), home_id=cast.rose)  # she may not decide
    leave_asked(flow, cast.dan)
    run_all(flow)
    api.call("POST", "/shifts", cast.maya, SHIFT | {"care_home_id": cast.rose, "staff_id": cast.dan.staff_id})


READING = [
    "/catalogue/actions", "/catalogue/events", "/catalogue/functions", "/catalogue/triggers", "/events", "/executions",
    "/executions/1", "/executions/2", "/homes", "/homes/1", "/leave-requests", "/leave-requests/1",
    "/leave-requests/1/checks", "/shifts", "/shifts/1", "/staff", "/staff/2", "/workflows", "/workflows/1",
    "/workflows/1/versions", "/workflows/1/versions/1",
]  # fmt: skip


@pytest.mark.usefixtures("something_of_everything")
@pytest.mark.parametrize("name", ["dan", "maya", "ada"])
def test_what_is_read_is_what_the_document_says(cast: Cast, api: Api, described: dict[str, Any], name: str) -> None:
    for path in READING:
        answer = api.call("GET", path, getattr(cast, name))
        if name != "dan" or answer.status_code == 200:
            assert answer.status_code == 200, path
            fits(answer, "GET", path, described)


@pytest.mark.usefixtures("something_of_everything")
def test_what_a_change_answers_is_what_the_document_says(cast: Cast, api: Api, described: dict[str, Any]) -> None:
    leave = {"type": "ANNUAL", "start_date": "2027-02-01", "end_date": "2027-02-01"}
    changes: list[tuple[str, str, Any, Any]] = [
        ("POST", "/leave-requests", cast.dan, leave),
        ("POST", "/leave-requests/2/reject", cast.maya, {"reason": "Nobody is left"}),
        ("POST", "/leave-requests/1/cancel", cast.dan, {}),
        ("POST", "/leave-requests", cast.dan, leave),
        ("POST", "/leave-requests/3/approve", cast.maya, {}),
        ("POST", "/workflows/1/execute", cast.maya, {"context": {"days": 2}}),
        ("POST", "/shifts", cast.maya, SHIFT | {"care_home_id": cast.rose}),
        ("POST", "/shifts/2/assign", cast.maya, {"staff_id": cast.sorcha.staff_id}),
        ("POST", "/shifts/2/unassign", cast.maya, {}),
        ("POST", "/shifts/2/publish", cast.maya, {}),
        ("POST", "/shifts/2/cancel", cast.maya, {"reason": "Not needed"}),
        ("DELETE", "/shifts/1", cast.maya, None),
        ("POST", "/expressions/evaluate", cast.maya, {"expression": "1 + 1"}),
        ("POST", "/templates/render", cast.maya, {"template": "Dear ${1}"}),
    ]
    for method, path, person, body in changes:
        answer = api.call(method, path, person, body)
        assert answer.status_code < 300, (path, answer.text)
        fits(answer, method, path, described)


@pytest.mark.usefixtures("something_of_everything")
@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/expressions/evaluate", {"expression": "1 +"}, 422),
        ("GET", "/shifts/99", None, 404),
        ("POST", "/leave-requests/1/approve", {}, 409),
        ("PATCH", "/shifts/1", {}, 428),
        ("GET", "/executions?status=done", None, 422),
        ("POST", "/events", {}, 403),
    ],
)
def test_what_is_refused_is_answered_as_the_document_says(
    cast: Cast, api: Api, described: dict[str, Any], method: str, path: str, body: Any, status: int
) -> None:
    answer = api.call(method, path, cast.maya, body)
    assert answer.status_code == status
    fits(answer, method, path, described)


def fits(answer: Any, method: str, path: str, described: dict[str, Any]) -> None:
    """Make sure that an answer is one that the document foresees."""
    parts = f"/api/v1{path.partition('?')[0]}".split("/")
    known = next(
        found
        for place, item in described["paths"].items()
        if len(names := place.split("/")) == len(parts)
        and all(
            part == name or (name.startswith("{") and part.isdecimal()) for part, name in zip(parts, names, strict=True)
        )
        and (found := item.get(method.lower()))
    )
    response = known["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = described["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"][answer.mimetype]["schema"]
    assert faults(answer.get_json(), schema, described, tight=True) == [], path


def test_every_call_needs_the_scope_that_the_document_names(cast: Cast, api: Api, described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        (scope,) = operation["security"][0]["token"]
        address = path.removeprefix("/api/v1").replace("{", "").replace("}", "")
        address = "/".join("1" if part.endswith("_id") or part == "number" else part for part in address.split("/"))
        others = tuple(each for each in EVERY_SCOPE if each != scope)
        answer = api.call(method, address, cast.ada, {} if method != "GET" else None, scopes=others)
        assert answer.status_code == 403, (method, path)
        assert f"needs the scope '{scope}'" in answer.get_json()["detail"]


def test_the_page_about_the_api_tells_of_every_call(page: PageClient, described: dict[str, Any]) -> None:
    page.get("/api/docs")
    for method, path, operation in operations(described):
        (card,) = page.soup.select(f"#{operation['operationId'].replace('_', '-')}")
        words = " ".join(card.get_text(" ").split())
        assert f"{method} {path}" in words
        assert operation["summary"] in words
        assert f"scope {operation['security'][0]['token'][0]}" in words
        assert all(parameter["name"] in words for parameter in operation["parameters"])
        assert all(status in words for status in operation["responses"])
    asking = page.soup.select("#create-leave-request pre")[0]
    assert '"start_date": "2026-12-07"' in asking.get_text()


def test_links_on_the_page_about_the_api_lead_somewhere(page: PageClient) -> None:
    page.get("/api/docs")
    ids = {str(tag["id"]) for tag in page.soup.find_all(id=True)}
    links = {str(tag["href"]).removeprefix("#") for tag in page.soup.select("main a[href^='#']")}
    assert len(links) > 40
    assert links <= ids


def test_whoever_is_signed_in_keeps_their_frame_on_the_page_about_the_api(as_maya: PageClient) -> None:
    as_maya.get("/api/docs")
    assert as_maya.soup.select_one("nav.places") is not None
    assert "Maya" in as_maya.text
