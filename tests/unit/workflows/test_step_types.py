"""The types of step beside actions and conditions: what is refused, what may be read after them, what they say."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import registries
from flowapp.kernel.errors import Refused
from flowapp.workflows.document import walk
from flowapp.workflows.reading import read_document
from flowapp.workflows.sentences import plain_words, step_sentence, summary
from tests.factories import a_document, notify
from tests.unit.workflows.test_check import checked, places


def reading(after: str, *steps: dict[str, Any]) -> list[tuple[str, str]]:
    """Check a message that reads `after` at the end of these steps; answer what is wrong and odd."""
    found = checked(*steps, notify("last", f"${{{after}}}"))
    return [(each.path, each.code) for each in (*found.problems, *found.warnings)]


SET = {"id": "s", "type": "set", "values": {"total": "${context.days + 1}", "word": "x"}}
STOP = {"id": "s", "type": "stop", "outcome": "failed", "message": "No ${context.staff.name}"}
DELAY = {"id": "s", "type": "delay", "for": {"hours": 4}}
UNTIL = {"id": "s", "type": "delay", "until": "${context.leave.start}"}
FAILS = notify("f") | {"on_error": {"steps": [notify("g", "${error.message}")]}}
REPEAT = {"id": "s", "type": "repeat", "until": "${loop.number} > 2 and ${steps.v.n} > 1", "max": 5,
          "steps": [{"id": "v", "type": "set", "values": {"n": "${loop.index}"}}]}  # fmt: skip
LOOP = {"id": "s", "type": "loop", "items": "${[1, 2]}", "as": "day", "stop_when": "${day} > ${steps.v.n}",
        "steps": [{"id": "v", "type": "set", "values": {"n": "${day + loop.count}"}}]}  # fmt: skip
OVER = LOOP | {"stop_when": "${loop.index} > 1"}
WAY = {"name": "left", "steps": [{"id": "v", "type": "set", "values": {"n": "${context.days}"}}]}
BRANCH = {"id": "s", "type": "branch", "branches": [WAY, {"name": "right_way", "if": "${context.days} > 1"}]}
CHILD = {"id": "s", "type": "workflow", "workflow": 12, "with": {"days": "${context.days}"}}
UID = "01KAR1SVSF0000000000000000"
LAST = "steps[1].with.message"
READS = [
    # the step, what is read after it, what is found
    (SET, "steps.s.total", []),
    (SET, "steps.s.totl", [(LAST, "unknown_name")]),
    (SET | {"enabled": False}, "steps.s.total", [(LAST, "may_not_have_run")]),
    (SET | {"values": {"a": "${context.nothing}"}}, "steps.s.a", [("steps[0].values.a", "unknown_name")]),
    (STOP, "context.days", [("steps[1]", "never_reached")]),
    (STOP | {"enabled": False}, "context.days", []),
    (STOP | {"message": "${context.nothing}"}, "context.days",
     [("steps[0].message", "unknown_name"), ("steps[1]", "never_reached")]),
    (DELAY, "steps.s.until", []),
    (FAILS, "context.days", []),
    (BRANCH, "steps.s.left.n", []),
    (BRANCH, "steps.v.n", []),
    (BRANCH, "steps.s.middle", [(LAST, "unknown_name")]),
    (BRANCH | {"merge": "first"}, "steps.v.n", [(LAST, "may_not_have_run")]),
    (BRANCH | {"merge": "first"}, "steps.s.left.n", [(LAST, "may_be_missing")]),
    (LOOP, "length(steps.s)", []),
    (LOOP, "steps.s[0].n", []),
    (LOOP, "steps.s[0].m", [(LAST, "unknown_name")]),
    (LOOP, "steps.v.n", [(LAST, "unknown_name")]),
    (LOOP, "day", [(LAST, "unknown_name")]),
    (OVER | {"items": "${context.days}"}, "context.days", [("steps[0].items", "wrong_type")]),
    (OVER | {"items": "${context.staffs}"}, "context.days", [("steps[0].items", "unknown_name")]),
    (OVER | {"items": '["a"]'}, "context.days", [("steps[0].steps[0].values.n", "wrong_type")]),
    (REPEAT, "steps.s.turns", []),
    (REPEAT, "steps.s.last.n", []),
    (REPEAT, "steps.s.last.m", [(LAST, "unknown_name")]),
    (REPEAT, "steps.v.n", [(LAST, "unknown_name")]),
    (REPEAT, "loop.index", [(LAST, "unknown_name")]),
    (REPEAT | {"until": "${loop.count} > 1"}, "context.days", [("steps[0].until", "unknown_name")]),
    (FAILS, "error.message", [(LAST, "unknown_name")]),
    (FAILS, "text(length(steps.g.notification_ids))", [(LAST, "may_not_have_run")]),
    (SET | {"on_error": "continue"}, "steps.s.message", [(LAST, "may_be_missing")]),
    (SET | {"on_error": "rollback"}, "context.days", []),
    (SET | {"timeout": {"days": 1}}, "context.days", [("steps[0].timeout", "done_at_once")]),
    (DELAY | {"timeout": {"days": 1}}, "context.days", []),
    (SET | {"retry": {}}, "context.days", [("steps[0].retry", "not_an_action")]),
    (UNTIL | {"until": "${context.nothing}"}, "steps.s.until", [("steps[0].until", "unknown_name")]),
    (CHILD, "steps.s.output.whatever", [(LAST, "unknown_name")]),  # only odd: what it gives is not known here
    (CHILD, "text(steps.s.execution_id) + steps.s.status", []),
    (CHILD, "steps.s.result", [(LAST, "unknown_name")]),
    (CHILD | {"wait": False}, "text(steps.s.execution_id)", []),
    (CHILD | {"wait": False}, "steps.s.status", [(LAST, "unknown_name")]),
    (CHILD | {"with": {"n": ["${context.nothing}"]}}, "context.days", [("steps[0].with.n[0]", "unknown_name")]),
    (CHILD | {"retry": {}, "timeout": {"days": 1}}, "context.days", []),
    (CHILD | {"retry": {}, "wait": False}, "context.days", [("steps[0].retry", "not_an_action")]),
    (CHILD | {"timeout": {"days": 1}, "wait": False}, "context.days", [("steps[0].timeout", "done_at_once")]),
]  # fmt: skip


@pytest.mark.parametrize(("step", "after", "found"), READS)
def test_what_may_be_read_after_a_step(step: dict[str, Any], after: str, found: Any) -> None:
    assert reading(after, step) == found


REFUSED = [
    # the step, the place, the offer
    (SET | {"values": {}}, "steps[0].values", None),
    (SET | {"values": {"Total": 1}}, "steps[0].values", None),
    (SET | {"value": {}}, "steps[0].value", "values"),
    (STOP | {"outcome": "done"}, "steps[0].outcome", None),
    (STOP | {"mesage": ""}, "steps[0].mesage", "message"),
    (DELAY | {"until": "${now()}"}, "steps[0]", None),
    ({"id": "s", "type": "delay"}, "steps[0]", None),
    (REPEAT | {"max": 5001}, "steps[0].max", None),
    (REPEAT | {"steps": []}, "steps[0].steps", None),
    (REPEAT | {"steps": [SET | {"valeus": {}}]}, "steps[0].steps[0].valeus", "values"),
    (LOOP | {"as": "loop"}, "steps[0].as", None),
    (LOOP | {"as": "in"}, "steps[0].as", None),
    (LOOP | {"at_once": 51}, "steps[0].at_once", None),
    (LOOP | {"each": []}, "steps[0].each", None),
    (BRANCH | {"branches": []}, "steps[0]", None),
    (BRANCH | {"branches": [WAY, {"name": "left"}]}, "steps[0]", None),
    (BRANCH | {"branches": [{"name": "on_error"}]}, "steps[0]", None),
    (BRANCH | {"branches": [WAY | {"lable": ""}]}, "steps[0].branches[0].lable", "label"),
    (DELAY | {"timeout": {"day": 1}}, "steps[0].timeout", None),
    (BRANCH | {"merge": 3}, "steps[0]", None),
    (BRANCH | {"merge": "some"}, "steps[0].merge", None),
    (SET | {"on_error": "go on"}, "steps[0].on_error", None),
    (SET | {"on_error": {"stesp": [notify("x")], "steps": [notify("y")]}}, "steps[0].on_error.stesp", "steps"),
    (SET | {"on_error": {"steps": []}}, "steps[0].on_error.steps", None),
    (SET | {"on_error": {"steps": [notify("x") | {"nam": ""}]}}, "steps[0].on_error.steps[0].nam", "name"),
    (notify("x") | {"retry": {"attempts": 11}}, "steps[0].retry.attempts", None),
    (notify("x") | {"retry": {"first": {"seconds": "x"}}}, "steps[0].retry.first.seconds", None),
    (CHILD | {"workflow": "Tell the family"}, "steps[0].workflow", None),
    (CHILD | {"workflow": 0}, "steps[0].workflow", None),
    (CHILD | {"workflow": True}, "steps[0].workflow", None),
    (CHILD | {"workflow": f"{UID}0"}, "steps[0].workflow", None),
    ({"id": "s", "type": "workflow"}, "steps[0].workflow", None),
    (CHILD | {"inputs": {}}, "steps[0].inputs", None),
    (CHILD | {"workflw": 12}, "steps[0].workflw", "workflow"),
    (DELAY | {"for": {"hours": 0}}, "steps[0].for.hours", None),
    (DELAY | {"for": {"hour": 1}}, "steps[0].for", None),
    (DELAY | {"for": {"hours": 1, "days": 1}}, "steps[0].for", None),
]


@pytest.mark.parametrize(("step", "place", "offer"), REFUSED)
def test_a_mistake_in_a_step_is_named_with_its_place(step: dict[str, Any], place: str, offer: str | None) -> None:
    with pytest.raises(Refused) as raised:
        read_document(a_document(step))
    [problem] = raised.value.problems
    assert (problem.path, problem.suggestion) == (place, offer)
    assert problem.message.startswith(place)


SENTENCES = [
    (SET, "Set total to [days requested plus 1] and word to x"),
    (STOP, "Stop as failed: No [the person's name]"),
    (STOP | {"outcome": "completed", "message": ""}, "Stop here"),
    (DELAY, "Wait 4 hours"),
    (BRANCH, "At the same time: left and right way"),
    (
        BRANCH | {"merge": 1, "one_at_a_time": True},
        "One after the other: left and right way; go on when the first has ended",
    ),
    (
        LOOP | {"items": "${context.days}", "at_once": 5, "stop_when": "${loop.index} > 1"},
        "For each day of days requested, 5 at once",
    ),
    (
        REPEAT | {"until": "${context.days} > 1", "every": {"minutes": 15}},
        "Repeat every 15 minutes, until days requested is more than 1, 5 times at most",
    ),
    (DELAY | {"for": {"working_days": 1}}, "Wait 1 working day"),
    (UNTIL, "Wait until leave start"),
    (CHILD, "Run another workflow and wait for it"),
    (CHILD | {"name": "Tell the family"}, "Run Tell the family and wait for it"),
    (CHILD | {"workflow": UID, "wait": False}, "Start another workflow and go on"),
]


@pytest.mark.parametrize(("step", "words"), SENTENCES)
def test_every_step_says_what_it_does(step: dict[str, Any], words: str) -> None:
    document = read_document(a_document(step))
    said = plain_words(step_sentence(document.steps[0], registries().actions))
    assert said == words
    told = summary(document, registries().actions, registries().triggers)
    assert words[1:] in told


@pytest.mark.parametrize("reference", [12, UID, UID.lower()])
def test_a_workflow_that_is_started_is_called_by_its_name_where_that_is_known(reference: int | str) -> None:
    step = CHILD | {"workflow": reference, "name": "Step two"}
    inside = {"id": "c", "type": "condition", "if": "${context.days} > 3", "then": [step]}
    document, names = read_document(a_document(inside)), {12: "Tell the family", UID: "Tell the family"}
    [_, (_, _, found)] = walk(document.steps)
    assert step_sentence(found, registries().actions, names) == "Run **Tell the family** and wait for it"
    told = summary(document, registries().actions, registries().triggers, names)
    assert told.endswith("if days requested is more than 3, run Tell the family and wait for it.")


def test_a_step_of_an_unknown_type_is_offered_the_nearest_one() -> None:
    with pytest.raises(Refused) as raised:
        read_document(a_document({"id": "a", "type": "sett"}))
    assert places(tuple(raised.value.problems)) == [("steps[0].type", "unknown_type", "set")]
