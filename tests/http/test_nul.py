"""NUL, which no text may hold: refused in words in addresses, forms and JSON, on either database."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import Api

WORDS = "NUL character, which no text may hold"


@pytest.mark.parametrize(
    "address",
    [
        "/staff/?q=%00",
        "/workflows/executions/?q=a%00b",
        "/workflows/?status=%00",
        "/leave/calendar/?home=%00",
        "/?%00=1",  # a name
    ],
)
def test_an_address_with_nul_is_refused_in_words(as_maya: PageClient, address: str) -> None:
    as_maya.get(address, status=422)
    assert WORDS in as_maya.text


@pytest.mark.parametrize("address", ["/workflows/%00/", "/sign-in-links/%00/"])
def test_there_is_no_page_whose_name_has_nul(as_maya: PageClient, address: str) -> None:
    as_maya.get(address, status=404)


def test_a_form_with_nul_is_refused_in_words(as_dan: PageClient) -> None:
    as_dan.get("/leave/")
    as_dan.post("/leave/", {"reason": "a\x00b"}, status=422)
    assert WORDS in as_dan.text


def test_signing_in_with_nul_is_refused_in_words(page: PageClient) -> None:
    page.get("/sign-in")
    page.post("/sign-in", {"email": "dan\x00@example.org", "password": "x"}, status=422)
    assert WORDS in page.text


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"reason": "a\x00"}, "reason"),
        ({"context": {"names": ["a", "\x00"]}}, "context.names[1]"),
        ({"context": {"\x00": 1}}, "context"),
        ({"\x00": 1}, ""),
    ],
)
def test_json_with_nul_is_refused_with_its_place(cast: Cast, api: Api, body: dict[str, Any], place: str) -> None:
    answer = api.call("POST", "/leave-requests", cast.dan, body)
    assert answer.status_code == 422
    assert answer.json is not None
    [problem] = answer.json["problems"]
    assert (problem["path"], problem["code"]) == (place, "nul")
    assert WORDS in problem["message"]


def test_a_search_of_the_api_with_nul_is_refused(cast: Cast, api: Api) -> None:
    answer = api.call("GET", "/executions?q=%00", cast.maya)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_nul_in_a_file_that_is_sent_is_for_whoever_reads_the_file(app: Flask) -> None:
    answer = app.test_client().post("/api/v1/leave-requests", data=b"\x00", content_type="application/json")
    assert answer.status_code in (400, 401)
