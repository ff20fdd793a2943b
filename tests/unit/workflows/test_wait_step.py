"""A step that waits for events: what is refused, what may be read in it and after it, what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowapp.bootstrap import registries
from flowapp.events.catalogue import catalogue
from flowapp.kernel.errors import Refused
from flowapp.workflows.check import DocumentCheck
from flowapp.workflows.reading import read_document
from flowapp.workflows.sentences import plain_words, step_sentence
from flowapp.workflows.steps.wait import WaitStep
from tests.factories import a_document, notify
from tests.unit.workflows.test_check import checked
from tests.unit.workflows.test_step_types import LAST, reading


def wait(*events: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Answer a step that waits for these events."""
    return {"id": "s", "type": "wait", "for_events": list(events), **given}


def approved(match: str | None = None, event: str = "leave_approved") -> dict[str, Any]:
    """Answer one of the events that are waited for."""
    return {"event": event} | ({"match": match} if match else {})


SAME = "${event.leave_request_id} == ${context.leave_request_id}"
OTHER = {"event": "leave_rejected"}
SHIFT = {"event": "shift_created"}
TWO_DAYS = {"timeout": {"days": 2}}
MATCH = "steps[0].for_events[0].match"
NAME = "steps.s.event.context.staff.name"
READS = [
    # the step, what is read after it, what is found
    (wait(approved(SAME)), NAME, []),
    (wait(approved()), "steps.s.event.at", []),
    (wait(approved()), "steps.s.timed_out", []),
    (wait(approved()), "steps.s.event.context.stff", [(LAST, "unknown_name")]),
    (wait(approved(), **TWO_DAYS), NAME, [(LAST, "may_be_missing")]),  # it may not have come
    (wait(approved(), **TWO_DAYS), f"default({NAME}, '')", []),
    (wait(approved(), OTHER), "steps.s.event.context.days", []),  # both bring it
    (wait(approved(), SHIFT), "steps.s.event.context.shift_id", [(LAST, "may_be_missing")]),
    (wait(approved()), "event.days", [(LAST, "unknown_name")]),  # a name inside match alone
    (wait(approved("${event.dayz} > 1")), "context.days", [(MATCH, "unknown_name")]),
    (wait(approved("${context.dayz} > 1")), "context.days", [(MATCH, "unknown_name")]),
    (wait(approved("${steps.s.timed_out}")), "context.days", [(MATCH, "unknown_name")]),
    (wait(approved("${event.days}")), "context.days", [(MATCH, "not_boolean")]),
    (wait(approved(), timed_out=[notify("x")]), "context.days", [("steps[0].timed_out", "never_reached")]),
    (wait(approved(), then=[notify("x", f"${{{NAME}}}")], **TWO_DAYS), "context.days", []),  # there it has come
    (wait(approved(), timed_out=[notify("x", f"${{{NAME}}}")], **TWO_DAYS), "context.days",
     [("steps[0].timed_out[0].with.message", "wrong_type")]),
    (wait(approved(), then=[notify("x")]), "text(length(steps.x.notification_ids))", [(LAST, "may_not_have_run")]),
    (wait(approved(), retry={}), "context.days", [("steps[0].retry", "not_an_action")]),
]  # fmt: skip


@pytest.mark.parametrize(("step", "after", "found"), READS)
def test_what_may_be_read_in_and_after_a_wait(step: dict[str, Any], after: str, found: Any) -> None:
    assert reading(after, step) == found


def test_what_a_list_gives_that_ends_with_a_wait_is_what_its_way_gave() -> None:
    """So nothing can be said of it beforehand, as behind a condition."""
    way = {"name": "left", "steps": [wait(approved(), then=[{"id": "v", "type": "set", "values": {"n": 1}}])]}
    step = {"id": "b", "type": "branch", "branches": [way]}
    assert reading("steps.b.left.n", step) == reading("steps.b.left.m", step) == [(LAST, "unknown_name")]
    assert checked(step, notify("last", "${steps.b.left.n}")).problems == ()


@pytest.mark.parametrize(
    ("event", "offer", "words"),
    [("leave_aproved", "leave_approved", "Did you mean 'leave_approved'?"), ("xyzzy", None, "Known: ")],
)
def test_an_unknown_event_is_named_with_the_nearest_one(event: str, offer: str | None, words: str) -> None:
    match = "${event.anything} == 1"  # nothing is said of what an unknown event brings
    found = checked(wait(SHIFT, approved(match, event)))
    [problem] = found.problems
    assert (problem.path, problem.code, problem.suggestion) == ("steps[0].for_events[1].event", "unknown_event", offer)
    assert f"{event!r}" in problem.message
    assert words in problem.message


def test_steps_for_a_time_out_that_never_comes_say_what_is_missing() -> None:
    [problem] = checked(wait(approved(), timed_out=[notify("x")])).problems
    assert "timeout" in problem.message


REFUSED = [
    # the step, the place, the offer
    (wait(), "steps[0].for_events", None),
    ({"id": "s", "type": "wait"}, "steps[0].for_events", None),
    (wait(*[SHIFT] * 21), "steps[0].for_events", None),
    (wait(SHIFT | {"mach": "true"}), "steps[0].for_events[0].mach", "match"),
    (wait(SHIFT, timedout=[]), "steps[0].timedout", "timed_out"),
    (wait(SHIFT, timed_out=[notify("x") | {"nam": ""}]), "steps[0].timed_out[0].nam", "name"),
    (wait(SHIFT, timeout={"day": 1}), "steps[0].timeout", None),
]


@pytest.mark.parametrize(("step", "place", "offer"), REFUSED)
def test_a_mistake_in_a_wait_is_named_with_its_place(step: dict[str, Any], place: str, offer: str | None) -> None:
    with pytest.raises(Refused) as raised:
        read_document(a_document(step))
    [problem] = raised.value.problems
    assert (problem.path, problem.suggestion) == (place, offer)
    assert problem.message.startswith(place)


SENTENCES = [
    (wait(approved()), "Wait until leave is approved"),
    (wait(approved(), **TWO_DAYS), "Wait until leave is approved, for 2 days at most"),
    (wait(approved(), OTHER, SHIFT), "Wait until leave is approved, leave is turned down or a shift is created"),
    (wait(approved(SAME)), "Wait until leave is approved and its leave request id is leave request id"),
    (wait(approved("${event.staff.name} == 'Dan'")), 'Wait until leave is approved and its staff name is "Dan"'),
    (wait(approved("${event.days} >")), "Wait until leave is approved and ${event.days} >"),
    (wait(approved(event="xyzzy")), "Wait until something happens that FlowApp does not know"),
]


@pytest.mark.parametrize(("step", "words"), SENTENCES)
def test_a_wait_says_what_it_waits_for(step: dict[str, Any], words: str) -> None:
    document = read_document(a_document(step))
    assert plain_words(step_sentence(document.steps[0], registries().actions)) == words


def test_the_example_in_the_document_is_right() -> None:
    text = Path("docs/workflows.md").read_text(encoding="utf-8").split("## Waiting for events")[1]
    example = json.loads(text.split("```json")[1].split("```")[0])
    assert checked(example) == DocumentCheck((), ())


def test_its_ways_have_labels() -> None:
    [step] = read_document(a_document(wait(approved()))).steps
    assert [lane.label for lane in step.lanes()] == ["When it comes", "If it does not come in time"]


@pytest.mark.parametrize("event", list(catalogue()))
def test_every_event_of_the_catalogue_can_be_waited_for(event: str) -> None:
    assert checked(wait({"event": event, "match": "${event.care_home_id} == 1"}, **TWO_DAYS)).problems == ()
    step = WaitStep.model_validate(wait({"event": event}))
    assert step.output({}, {}) is not None
