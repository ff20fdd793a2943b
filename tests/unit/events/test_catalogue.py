"""Every kind of event is found by its name, with words for each of its facts."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.events import leave
from flowapp.events.catalogue import catalogue, context_schema
from flowapp.events.event import Event, Facts
from flowapp.events.leave import LeaveRequested
from flowapp.kernel.registry import BadRegistration

KINDS = sorted(catalogue())


def test_the_events_about_leave_are_there() -> None:
    assert {"leave_requested", "leave_approved", "leave_rejected", "leave_cancelled"} <= set(catalogue())


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalogue()["tea_poured"] = Event  # type: ignore[index]


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_says_what_happened_in_the_past_and_about_what(kind: str) -> None:
    event = catalogue()[kind]
    assert event.type == kind
    assert event.label
    assert event.subject_type
    assert issubclass(event.Context, Facts)
    assert event.__doc__


def without_words(schema: dict[str, Any], place: str) -> list[str]:
    """Name the fields of a schema that do not say what they are."""
    found = []
    for name, field in schema.get("properties", {}).items():
        if "description" not in field and "$ref" not in field:
            found.append(f"{place}.{name}")
    for name, inside in schema.get("$defs", {}).items():
        found += without_words(inside, f"{place}.{name}")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_of_an_event_says_what_it_is(kind: str) -> None:
    assert without_words(dict(context_schema(kind)), kind) == []


def test_two_events_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class PouredElsewhere(LeaveRequested):
        """The same name again."""

    catalogue.cache_clear()
    monkeypatch.setattr(leave, "PouredElsewhere", PouredElsewhere, raising=False)
    with pytest.raises(BadRegistration, match="leave_requested"):
        catalogue()
    catalogue.cache_clear()
