"""A workflow that starts when something happens."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from flowapp.bootstrap import registries
from flowapp.events.catalogue import catalogue

EVENT = registries().triggers["event"]


def fields(**given: Any) -> Any:
    """Read the trigger's own fields."""
    return EVENT.Fields.model_validate({"event": "leave_requested", **given})


def test_it_waits_for_its_event() -> None:
    assert EVENT.listens_to(fields()) == "leave_requested"
    assert EVENT.listens_to(fields(event="leave_cancelled")) == "leave_cancelled"


def test_a_condition_must_hold_as_well_if_there_is_one() -> None:
    assert EVENT.when(fields()) is None
    assert EVENT.when(fields(when="${context.days} > 3")) == "${context.days} > 3"


@pytest.mark.parametrize("when", ["", "   "])
def test_an_empty_condition_is_none(when: str) -> None:
    assert EVENT.when(fields(when=when)) is None


@pytest.mark.parametrize("event", sorted(catalogue()))
def test_it_brings_what_its_event_brings(event: str) -> None:
    schema = EVENT.context_schema(fields(event=event))
    assert schema == catalogue()[event].Context.model_json_schema()
    assert {"care_home_id", "user"} <= set(schema["properties"])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "When leave is requested"),
        ({"event": "leave_approved"}, "When leave is approved"),
        ({"when": "${context.days} > 3"}, "When leave is requested, if days requested is more than 3"),
        ({"when": "${context.days} >"}, "When leave is requested, if ${context.days} >"),  # not finished yet
    ],
)
def test_its_sentence(given: dict[str, Any], sentence: str) -> None:
    assert EVENT.sentence(fields(**given)).replace("**", "") == sentence


BAD = [
    ({"event": "leave_requestd"}, "there is no event called 'leave_requestd'"),
    ({"event": ""}, "there is no event called ''"),
    ({"event": None}, "string"),
    ({"when": "x" * 2001}, "2000"),
    ({"when": 5}, "string"),
    ({"home": "ROSE"}, "not permitted"),  # the home belongs to the workflow
]


@pytest.mark.parametrize(("given", "words"), BAD, ids=[str(row[0])[:40] for row in BAD])
def test_fields_that_do_not_fit_are_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        fields(**given)


def test_without_an_event_it_waits_for_nothing_and_is_refused() -> None:
    with pytest.raises(ValidationError, match="Field required"):
        EVENT.Fields.model_validate({})
