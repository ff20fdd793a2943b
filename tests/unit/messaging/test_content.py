"""What calls and answers carry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from flowapp.messaging.content import DEEPEST, Content, content_of, value_of


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (None, Content()),
        ("Grüße", Content(data="Grüße".encode(), type="text/plain; charset=utf-8")),
        ("", Content(type="text/plain; charset=utf-8")),
        ({"days": Decimal("2.50")}, Content(data=b'{"days":2.50}', type="application/json")),
        ([1, None], Content(data=b"[1,null]", type="application/json")),
        (False, Content(data=b"false", type="application/json")),
    ],
)
def test_a_value_is_sent_as_what_it_is(value: Any, content: Content) -> None:
    assert content_of(value) == content


@pytest.mark.parametrize("type_", ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"])
def test_json_is_read_as_plain_data_with_exact_numbers(type_: str) -> None:
    assert value_of(b'{"hours": 7.10, "to": ["a"]}', type_) == {"hours": Decimal("7.10"), "to": ["a"]}


@pytest.mark.parametrize(
    ("data", "type_", "value"),
    [
        (b'{"a": 1}', "text/plain", '{"a": 1}'),  # the other side says what it is
        (b'{"a": 1}', "", '{"a": 1}'),
        (b"<html>", "application/json", "<html>"),  # or says it wrongly
        (b"NaN", "application/json", "NaN"),
        (b'"\\ud800"', "application/json", '"\\ud800"'),  # half a sign
        (b'"\xff"', "application/json", '"�"'),
        (b"1e99999999999999999999", "application/json", "1e99999999999999999999"),
        (b"caf\xe9", "text/plain", "caf�"),
        (b"", "application/json", None),
        (b"", "", None),
    ],
)
def test_what_is_no_json_is_text(data: bytes, type_: str, value: Any) -> None:
    assert value_of(data, type_) == value


@pytest.mark.parametrize("levels", [DEEPEST + 1, 900, 200_000])
def test_what_is_nested_too_deep_is_text(levels: int) -> None:
    data = b"[" * levels + b"]" * levels
    assert value_of(data, "application/json") == data.decode()


def test_what_is_nested_as_deep_as_can_be_read_is_data() -> None:
    assert isinstance(value_of(b"[" * DEEPEST + b"]" * DEEPEST, "application/json"), list)
