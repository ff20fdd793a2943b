"""What another program's answer means for the step."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from flowapp.messaging.answer import Answer
from flowapp.messaging.outgoing_errors import OutgoingFailed, OutgoingRefused


def answered(status: int, **headers: str) -> Answer:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(host="hooks.example.org", status=status, headers=told, body=b"")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_an_answer_in_the_two_hundreds_is_a_success(status: int, now: datetime) -> None:
    assert answered(status).accepted(now).status == status


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_some_answers_are_worth_another_attempt(status: int, now: datetime) -> None:
    with pytest.raises(OutgoingFailed, match=f"hooks.example.org answered with status {status}"):
        answered(status).accepted(now)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 410, 413, 422, 425])
def test_other_answers_are_final(status: int, now: datetime) -> None:
    with pytest.raises(OutgoingRefused):
        answered(status).accepted(now)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Mon, 02 Mar 2026 09:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0),  # over already
        ("999999999", 86400),  # a day at most
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("soon", None),
        ("-5", None),
        ("٣", None),  # a digit, but not one of HTTP
        ("9" * 5000, None),
        ("", None),
    ],
)
def test_the_wait_that_was_asked_for_is_read(text: str, seconds: int | None, now: datetime) -> None:
    with pytest.raises(OutgoingFailed) as failed:
        answered(503, retry_after=text).accepted(now)
    assert failed.value.retry_after == (None if seconds is None else timedelta(seconds=seconds))
