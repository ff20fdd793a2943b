"""Schedules over the API: what they mean, and when they are due next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.support.visitors import Api

CASES = json.loads((Path(__file__).parents[1] / "data" / "cron_cases.json").read_text())


def preview(api: Api, cast: Cast, cron: Any, timezone: Any = "Europe/London", **given: Any) -> Any:
    """Look at a schedule as Maya's program does."""
    return api.call("POST", "/schedules/preview", cast.maya, {"cron": cron, "timezone": timezone} | given)


def test_a_schedule_is_told_in_words_with_its_next_five_times(api: Api, cast: Cast) -> None:
    answer = preview(api, cast, "0 6 * * MON")
    assert answer.status_code == 200, answer.text
    assert answer.json == {
        "words": "Every Monday at 06:00",
        "next": [f"2026-{day}T06:00:00+00:00" for day in ("11-30", "12-07", "12-14", "12-21", "12-28")],
    }


def test_the_times_begin_when_and_are_as_many_as_asked_for(api: Api, cast: Cast, clock: FrozenClock) -> None:
    assert len(preview(api, cast, "* * * * *", count=50).json["next"]) == 50
    found = preview(api, cast, "0 1 * * *", after="2026-03-28T12:00:00Z", count=2).json["next"]
    assert found == ["2026-03-29T02:00:00+01:00", "2026-03-30T01:00:00+01:00"]  # the clocks skip one in the morning


def test_a_start_without_an_offset_is_by_the_clock_of_the_time_zone(api: Api, cast: Cast) -> None:
    found = preview(api, cast, "0 9 * * *", "America/New_York", after="2026-07-01T08:59:00", count=1).json["next"]
    assert found == ["2026-07-01T09:00:00-04:00"]


@pytest.mark.parametrize("kind", ["dst", "standard", "extension", "invalid", "never"])
def test_the_times_are_those_of_the_table(api: Api, cast: Cast, kind: str) -> None:
    for case in [each for each in CASES if each["kind"] == kind]:
        answer = preview(api, cast, case["expr"], case["tz"], after=case["start"])
        if isinstance(case["expected_next"], str):
            assert answer.status_code == 422, case
        else:
            assert answer.json["next"] == case["expected_next"], case


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ({"cron": "60 * * * *"}, "cron", "The minute cannot be “60”. Write a number from 0 to 59"),
        ({"cron": "0 0 30 2 *"}, "cron", "Choose a day that the month has"),
        ({"cron": 5}, "cron", "string"),
        ({"cron": None}, "cron", "string"),
        ({"timezone": "Europe/Lodnon"}, "timezone", "Britain has Europe/London"),
        ({"timezone": "Mars\x00"}, "timezone", "NUL"),
        ({"timezone": "../.."}, "timezone", "Britain has Europe/London"),
        ({"timezone": "x" * 5000}, "timezone", "40"),
        ({"after": "yesterday"}, "after", "date"),
        ({"after": "9999-12-31T23:59:59-12:00"}, "after", "Ask from a day nearer to today"),
        ({"after": "9999-12-30T00:00:00Z"}, "after", "Ask from a day nearer to today"),
        ({"count": 0}, "count", "1"),
        ({"count": 51}, "count", "50"),
        ({"crno": "0 6 * * *"}, "crno", "not known"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_by_its_field(api: Api, cast: Cast, body: dict[str, Any], path: str, words: str) -> None:
    answer = preview(api, cast, **({"cron": "0 6 * * *"} | body))
    assert answer.status_code == 422, answer.text
    assert [each["path"] for each in answer.json["problems"]] == [path]
    assert words in answer.json["problems"][0]["message"]


@pytest.mark.parametrize("after", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00"])
@pytest.mark.parametrize("timezone", ["Pacific/Apia", "America/New_York", "UTC"])
def test_the_beginning_of_the_calendar_does_no_harm(api: Api, cast: Cast, after: str, timezone: str) -> None:
    assert preview(api, cast, "0 6 * * *", timezone, after=after).status_code in (200, 422)


def test_both_fields_are_needed(api: Api, cast: Cast) -> None:
    answer = api.call("POST", "/schedules/preview", cast.maya, {})
    assert (answer.status_code, [each["path"] for each in answer.json["problems"]]) == (422, ["cron", "timezone"])


def test_looking_needs_a_token_that_may_read_and_no_more(api: Api, cast: Cast) -> None:
    body = {"cron": "@daily", "timezone": "Europe/London"}
    assert api.call("POST", "/schedules/preview", cast.dan, body, scopes=("read",)).status_code == 200
    assert api.call("POST", "/schedules/preview", cast.dan, body, scopes=("run", "rota")).status_code == 403
