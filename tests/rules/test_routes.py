"""Rules for every address of the application; routes.txt beside this file is the list of known ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask

from tests.support.house import addresses
from tests.support.house.addresses import Route, routes_of

KNOWN = Path(__file__).with_name("routes.txt")
REFRESH = "REFRESH_ROUTES=1 .venv/bin/python -m pytest tests/rules/test_routes.py"
HEADING = f"# Every address there is. After a change that is meant: {REFRESH}\n"


def test_every_view_says_who_may_ask(app: Flask) -> None:
    assert not (found := list(addresses.undeclared(routes_of(app)))), "\n".join(found)


def test_every_parameter_of_an_address_has_a_type(app: Flask) -> None:
    assert not (found := list(addresses.untyped_parameters(routes_of(app)))), "\n".join(found)


def test_paths_are_spelt_as_the_house_spells_them(app: Flask) -> None:
    assert not (found := list(addresses.misspelt_paths(routes_of(app)))), "\n".join(found)


def test_what_changes_something_does_not_answer_get(app: Flask) -> None:
    assert not (found := list(addresses.changes_by_get(routes_of(app)))), "\n".join(found)


def test_no_address_vanishes_or_appears_unnoticed(app: Flask) -> None:
    routes = routes_of(app)
    if os.environ.get("REFRESH_ROUTES"):
        KNOWN.write_text(HEADING + "".join(f"{route}\n" for route in routes), encoding="utf-8")
    changed = addresses.differences(routes, KNOWN.read_text(encoding="utf-8"))
    assert not changed, "\n".join([*changed, "Other programs rely on addresses. If this is meant, run:", REFRESH])


def small_app(*rules: str, methods: tuple[str, ...] = ("GET",), access: object = "signed in") -> list[Route]:
    """Build an application with these rules and no other."""

    def answer() -> str:
        return ""

    if access is not None:
        answer.access = access  # type: ignore[attr-defined]
    app = Flask(__name__, static_folder=None)
    for rule in rules:
        app.add_url_rule(rule, endpoint=rule.replace(".", ""), view_func=answer, methods=list(methods))
    return routes_of(app)


def test_a_view_that_does_not_say_who_may_ask_is_found() -> None:
    found = list(addresses.undeclared(small_app("/leave/", access=None)))
    assert [complaint.split(" (")[0] for complaint in found] == ["GET /leave/"]
    assert not list(addresses.undeclared(small_app("/leave/")))


def test_flasks_own_view_of_static_files_is_not_let_off() -> None:
    assert list(addresses.undeclared(routes_of(Flask(__name__))))


def test_a_parameter_without_a_type_is_found() -> None:
    found = list(addresses.untyped_parameters(small_app("/leave/<request_id>/", "/x/<int:a>/<any(b, c):kind>/")))
    assert [complaint.split(":")[0] for complaint in found] == ["GET /leave/<request_id>/"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/leave_requests/"], "kebab-case"),
        (["/LeaveRequests/"], "kebab-case"),
        (["/leave/<int:id>"], "ends with a slash"),  # a page about one request
        (["/leave", "/leave/<int:id>/"], "it is a collection"),
        (["/api/v1/leave-requests/"], "no slash at the end"),
    ],
)
def test_a_path_spelt_otherwise_is_found(paths: list[str], expected: str) -> None:
    assert [expected in complaint for complaint in addresses.misspelt_paths(small_app(*paths))] == [True]


def test_paths_as_the_house_spells_them_are_let_be() -> None:
    paths = [
        "/",
        "/sign-in",
        "/leave/",
        "/leave/<int:id>/",
        "/workflows/executions/<int:id>/live",
        "/healthz",
    ]
    machines = ["/api/v1/shifts", "/api/v1/shifts/<int:id>", "/api/openapi.json", "/hooks/<string:token>"]
    assert not list(addresses.misspelt_paths(small_app(*paths, *machines)))


@pytest.mark.parametrize(
    "path",
    [
        "/sign-out",
        "/workflows/<int:id>/toggle/",
        "/workflows/<int:id>/steps/<string:step>/delete/",
        "/api/v1/workflows/<int:id>/publish",
    ],
)
def test_a_change_that_answers_get_is_found(path: str) -> None:
    assert len(list(addresses.changes_by_get(small_app(path)))) == 1
    assert not list(addresses.changes_by_get(small_app(path, methods=("POST",))))


def test_a_page_that_asks_before_it_changes_may_answer_get() -> None:
    pages = small_app("/workflows/<int:id>/publish/", "/workflows/<int:id>/delete/", methods=("GET", "POST"))
    assert not list(addresses.changes_by_get(pages))


def test_an_address_that_is_gone_and_one_that_is_new_are_found() -> None:
    routes = small_app("/leave/", "/rota/")
    known = "# remark\nGET /leave/\nGET /staff/\n"
    assert addresses.differences(routes, known) == ["gone: GET /staff/", "new: GET /rota/"]
    assert addresses.differences(routes, "GET /leave/\nGET /rota/") == []
