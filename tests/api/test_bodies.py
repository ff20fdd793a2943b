"""Bodies are read strictly: what is not JSON, or is ambiguous, is refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from flowapp.bootstrap import Flow
from tests.api.problems import places, refused
from tests.cast import Cast
from tests.factories import a_document, a_workflow
from tests.support.visitors import Api

JSON = "application/json"


class Sender:
    """Sends bytes as they are."""

    def __init__(self, app: Flask, api: Api, cast: Cast) -> None:
        self._client = app.test_client()
        self._token = api.token(cast.dan)

    def send(self, body: bytes, content_type: str | None = JSON) -> TestResponse:
        """Ask for leave with this body."""
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._client.post("/api/v1/leave-requests", data=body, headers=headers, content_type=content_type)


@pytest.fixture
def raw(app: Flask, api: Api, cast: Cast) -> Sender:
    return Sender(app, api, cast)


GOOD = {"type": "ANNUAL", "start_date": "2026-12-07", "end_date": "2026-12-07"}


def deep(levels: int) -> bytes:
    """Write JSON of this many levels."""
    return b'{"a":' * levels + b"1" + b"}" * levels


NO_JSON = {
    "nothing closed": b'{"type": "ANNUAL"',
    "single quotes": b"{'type': 'ANNUAL'}",
    "a comma too many": b'{"type": "ANNUAL",}',
    "a comment": b'{"type": "ANNUAL"} // leave',
    "two values": b"{} {}",
    "NaN": b'{"type": NaN}',
    "Infinity": b'{"type": Infinity}',
    "-Infinity": b'{"a": [-Infinity]}',
    "a key twice": b'{"type": "ANNUAL", "type": "UNPAID"}',
    "a key twice inside": b'{"a": {"b": 1, "b": 2}}',
    "33 levels": deep(33),
    "40 levels of lists": b"[" * 40 + b"]" * 40,
    "a hundred thousand levels": b"[" * 100_000,
    "an endless number": b'{"a": ' + b"9" * 5000 + b"}",
    "no UTF-8": b'{"type": "\xff\xfe"}',
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "half a letter": b'{"reason": "\\ud800"}',
    "a control character": b'{"reason": "\x01"}',
    "a list": b"[]",
    "a list of records": b'[{"type": "ANNUAL"}]',
    "text": b'"ANNUAL"',
    "null": b"null",
    "true": b"true",
    "only spaces": b"   ",
}


@pytest.mark.parametrize("case", NO_JSON)
def test_a_body_that_cannot_be_read_is_refused_in_words(raw: Sender, case: str) -> None:
    words = refused(raw.send(NO_JSON[case]), 400)
    assert "Traceback" not in words
    assert words.endswith(".")


def test_thirty_two_levels_can_be_read(raw: Sender) -> None:
    assert places(raw.send(deep(32))) == ["type", "start_date", "end_date", "a"]


def test_a_body_in_utf_8_with_every_kind_of_letter_is_read(raw: Sender) -> None:
    body = json.dumps(GOOD | {"reason": "Siân’s 你好 🎂"}, ensure_ascii=False).encode()
    answer = raw.send(body)
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["reason"] == "Siân’s 你好 🎂"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", None],
)
def test_a_body_that_says_it_is_something_else_is_not_read(raw: Sender, content_type: str | None) -> None:
    words = refused(raw.send(json.dumps(GOOD).encode(), content_type), 415)
    assert "Content-Type: application/json" in words


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_the_usual_ways_to_say_json_are_understood(raw: Sender, content_type: str) -> None:
    assert raw.send(json.dumps(GOOD).encode(), content_type).status_code == 201


def test_no_body_counts_as_an_empty_one(raw: Sender) -> None:
    assert places(raw.send(b"", None)) == ["type", "start_date", "end_date"]


def test_a_body_that_is_too_large_is_not_read(raw: Sender) -> None:
    refused(raw.send(b'{"reason": "' + b"x" * 3_000_000 + b'"}'), 413)


def test_a_number_beyond_every_number_is_refused(raw: Sender) -> None:
    answer = raw.send(b'{"reason": 1e99999999999999999999}')
    refused(answer, 400)
    assert "beyond every number" in answer.text


NUMBERS = ["0.1", "2.50", "100000000000000000.01", "-7.25"]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_digit_of_a_number_comes_back(app: Flask, flow: Flow, cast: Cast, api: Api, number: str) -> None:
    made = a_workflow(flow, cast.maya, a_document(triggers=[{"id": "m", "type": "manual"}]), home_id=cast.rose)
    headers = {"Authorization": f"Bearer {api.token(cast.maya)}"}
    client = app.test_client()
    body = b'{"context": {"n": ' + number.encode() + b"}}"
    answer = client.post(f"/api/v1/workflows/{made}/execute", data=body, headers=headers, content_type=JSON)
    assert answer.status_code == 202
    shown = client.get(answer.headers["Location"], headers=headers)
    assert f'"n":{number},' in shown.text.replace(": ", ":")


@pytest.mark.parametrize("value", [10**30, -(10**30), "x" * 100_000, [[]] * 1000, {"": {"": ""}}, "🎂" * 1000])
def test_whatever_can_be_read_can_be_kept_and_shown(flow: Flow, cast: Cast, api: Api, value: Any) -> None:
    made = a_workflow(flow, cast.maya, a_document(triggers=[{"id": "m", "type": "manual"}]), home_id=cast.rose)
    answer = api.call("POST", f"/workflows/{made}/execute", cast.maya, {"context": {"it": value}})
    assert answer.status_code == 202
    assert answer.json is not None
    shown = api.call("GET", f"/executions/{answer.json['execution_id']}", cast.maya)
    assert shown.status_code == 200
    assert shown.json is not None
    assert shown.json["context"]["it"] == value
