"""A workflow that starts at set times."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import registries
from flowapp.workflows.check import check_document
from flowapp.workflows.kinds import Times
from flowapp.workflows.reading import read_document
from flowapp.workflows.sentences import summary
from flowapp.workflows.workflow import CatchUp
from tests.factories import a_document, notify

SCHEDULE = registries().triggers["schedule"]


def fields(**given: Any) -> Any:
    """Read the trigger's own fields."""
    return SCHEDULE.Fields.model_validate({"cron": "0 6 * * MON", **given})


def checked(*steps: dict[str, Any], **given: Any) -> list[tuple[str, str]]:
    """Answer what is wrong with a workflow that goes by the clock: where, and in which words."""
    trigger = {"id": "weekly", "type": "schedule", "cron": "0 6 * * MON", **given}
    document = read_document(a_document(*steps, triggers=[trigger]))
    found = check_document(document, actions=registries().actions, triggers=registries().triggers)
    return [(each.path, each.message) for each in found.problems]


def test_it_goes_by_the_homes_clock_and_makes_the_last_time_good_unless_told_otherwise() -> None:
    assert SCHEDULE.times(fields()) == Times(cron="0 6 * * MON", timezone=None, catch_up=CatchUp.LAST)
    told = fields(timezone="Europe/Riga", catch_up="none")
    assert SCHEDULE.times(told) == Times(cron="0 6 * * MON", timezone="Europe/Riga", catch_up=CatchUp.NONE)
    assert SCHEDULE.listens_to(fields()) is None


@pytest.mark.parametrize("timezone", ["", "  ", None])
def test_an_empty_time_zone_is_the_homes(timezone: str | None) -> None:
    assert fields(timezone=timezone).timezone is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Every Monday at 06:00"),
        ({"cron": "@daily"}, "Every day at 00:00"),
        ({"timezone": "Europe/London"}, "Every Monday at 06:00 (Europe/London time)"),
    ],
)
def test_its_sentence(given: dict[str, Any], sentence: str) -> None:
    assert SCHEDULE.sentence(fields(**given)) == sentence


def test_the_summary_of_a_workflow_begins_with_it() -> None:
    trigger = {"id": "weekly", "type": "schedule", "cron": "0 6 * * MON"}
    document = read_document(a_document(triggers=[trigger]))
    found = summary(document, registries().actions, registries().triggers)
    assert found.startswith("Every Monday at 06:00: ")


def test_steps_may_read_the_time_that_was_meant_and_the_home() -> None:
    assert checked(notify("a", "Due ${context.scheduled_for} in ${context.care_home_id}")) == []
    assert [place for place, _ in checked(notify("a", "${context.leave_request_id}"))] == ["steps[0].with.message"]


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ({"cron": "60 * * * *"}, "cron", "the minute cannot be “60”. Write a number from 0 to 59"),
        ({"cron": ""}, "cron", "such as 0 6 * * MON"),
        ({"cron": "0 0 30 2 *"}, "cron", "no day fits"),
        ({"cron": "0 6 * * * *"}, "cron", "Leave the seconds out"),
        ({"cron": 5}, "cron", ""),
        ({"cron": "x" * 201}, "cron", "200"),
        ({"timezone": "Europe/Lodnon"}, "timezone", "there is no time zone called “Europe/Lodnon”"),
        ({"timezone": "../etc/passwd"}, "timezone", "there is no time zone"),
        ({"timezone": "Europe"}, "timezone", "there is no time zone"),
        ({"timezone": "Mars\x00"}, "timezone", "there is no time zone"),
        ({"timezone": "x" * 41}, "timezone", "40"),
        ({"catch_up": "some"}, "catch_up", "'last', 'none' or 'all'"),
    ],
)
def test_what_is_wrong_is_told_before_publishing(given: dict[str, Any], place: str, words: str) -> None:
    [(found, message)] = checked(**given)
    assert found == f"triggers[0].{place}"
    assert words in message
    assert message.endswith(".")
    assert not message.endswith("..")


def test_a_field_that_is_not_known_is_told_with_the_nearest() -> None:
    assert checked(corn="0 6 * * *") == [("triggers[0].corn", "triggers[0].corn is not known. Did you mean 'cron'?")]


def test_without_times_it_is_refused() -> None:
    with pytest.raises(ValidationError):
        SCHEDULE.Fields.model_validate({})
