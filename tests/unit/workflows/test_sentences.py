"""Every trigger and step as a sentence, and a workflow as a paragraph."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import registries
from flowapp.cli.demo.workflows import AUTO_APPROVE
from flowapp.workflows.document import TriggerSpec
from flowapp.workflows.reading import read_document
from flowapp.workflows.sentences import (
    condition_words,
    done_sentence,
    plain_words,
    step_sentence,
    summary,
    trigger_sentence,
)
from tests.factories import a_document, approve, condition, notify


def summed_up(data: dict[str, Any]) -> str:
    """Say what a workflow does."""
    return summary(read_document(data), registries().actions, registries().triggers)


def sentence(step: dict[str, Any]) -> str:
    """Say what a step does."""
    return step_sentence(read_document(a_document(step)).steps[0], registries().actions)


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ({"type": "event", "event": "leave_requested"}, "When leave is requested"),
        ({"type": "event", "event": "leave_rejected"}, "When leave is turned down"),
        ({"type": "event", "event": "leave_requested", "when": "${context.days} <= 3"},
         "When leave is requested, if days requested is 3 or fewer"),
        ({"type": "manual"}, "When somebody starts it"),
        ({"type": "manual", "inputs": [{"name": "w", "label": "Weeks"}, {"name": "u", "label": "Unit"}]},
         "When somebody starts it and gives weeks, unit"),
    ],
)  # fmt: skip
def test_a_trigger_says_what_starts_the_workflow(trigger: dict[str, Any], words: str) -> None:
    spec = TriggerSpec.model_validate({"id": "t", **trigger})
    assert plain_words(trigger_sentence(spec, registries().triggers)) == words


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (approve(), "Approve the leave request"),
        (condition("c", "${context.days} <= 3", then=[]), "If days requested is 3 or fewer"),
        # an action that is gone is said to be gone
        ({"id": "a", "type": "action", "action": "brew_tea"}, "An action that does not exist (brew_tea)"),
    ],
)
def test_a_step_says_what_it_does(step: dict[str, Any], words: str) -> None:
    assert plain_words(sentence(step)) == words


def test_a_condition_that_cannot_be_read_is_shown_as_it_was_written() -> None:
    assert condition_words("${context.days} <=") == "${context.days} <="


def test_the_summary_says_everything_in_one_sentence() -> None:
    assert summed_up(AUTO_APPROVE) == (
        "When leave is requested: if days requested is 3 or fewer, approve the leave request, then notify the "
        "person: Leave approved; otherwise notify the manager: Leave to decide."
    )


def test_the_summary_names_every_trigger_and_further_question() -> None:
    step = condition("c", "${context.days} <= 3", then=[approve()])
    step["elif"] = [{"if": "${context.days} <= 5", "then": []}]
    triggers = [{"id": "a", "type": "event", "event": "leave_requested"}, {"id": "b", "type": "manual"}]
    assert summed_up(a_document(step, triggers=triggers)) == (
        "When leave is requested or when somebody starts it: if days requested is 3 or fewer, approve the leave "
        "request; or if days requested is 5 or fewer, do nothing."
    )


def test_the_summary_leaves_out_what_is_switched_off() -> None:
    assert summed_up(a_document(notify("a"), approve() | {"enabled": False})) == (
        "When leave is requested: notify the manager: Look."
    )


def test_an_empty_workflow_is_summed_up_too() -> None:
    assert summed_up({"name": "Empty"}) == "Nothing starts it yet: nothing is done yet."


def test_the_summary_carries_no_marks() -> None:
    assert "**" not in summed_up(AUTO_APPROVE)


@pytest.mark.parametrize(
    "trigger",
    [
        {"type": "brew"},  # a type that is gone, or is not built yet
        {"type": "event"},  # not finished
        {"type": "event", "event": "tea_is_cold"},  # an event that is gone
    ],
)
def test_a_draft_with_an_unfinished_trigger_can_still_be_summed_up(trigger: dict[str, Any]) -> None:
    words = summed_up(a_document(notify("a"), triggers=[{"id": "t", **trigger}]))
    assert words.endswith("notify the manager: Look.")


def test_a_last_step_that_ends_like_a_sentence_gets_no_second_full_stop() -> None:
    stop = {"id": "end", "type": "stop", "outcome": "completed", "message": "All is well."}
    assert summed_up(a_document(stop)).endswith("All is well.")
    assert not summed_up(a_document(stop)).endswith("..")


MODES = [
    ({}, ""),
    ({"key": "${context.staff_id}"}, ""),
    ({"mode": "single"}, " One run at a time; while it is under way, nothing else is started."),
    (
        {"mode": "single", "key": "context.shift_id"},
        " One run at a time for each shift; while it is under way, nothing else is started.",
    ),
    (
        {"mode": "restart", "key": "${context.staff_id}"},
        " One run at a time for each person; a new one takes the place of the one before.",
    ),
    ({"mode": "queued"}, " One run at a time; others wait their turn, 10 at most in all."),
    (
        {"mode": "parallel", "max": 3, "key": "${context.days}"},
        " 3 runs at most for each value of “days requested”; beyond that, nothing is started.",
    ),
    ({"max": 1}, " One run at a time; beyond that, nothing is started."),
]


@pytest.mark.parametrize(("settings", "words"), MODES, ids=[str(row[0]) for row in MODES])
def test_the_summary_says_how_many_runs_there_may_be_at_once(settings: dict[str, Any], words: str) -> None:
    assert summed_up(a_document(notify("a"), settings=settings)) == (
        f"When leave is requested: notify the manager: Look.{words}"
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"to": 6, "message": "Dear Dan, yes."}, "Notify **the person**: Dear Dan, yes."),
        (None, "Notify **the person**: Dear ${context.staff.name}, yes."),  # not done, or none of the reader's business
    ],
)
def test_what_was_done_is_said_with_the_values_it_had(given: dict[str, Any] | None, words: str) -> None:
    step = notify("tell", "Dear ${context.staff.name}, yes.", to="${context.staff_id}")
    read = read_document(a_document(step)).steps[0]
    assert done_sentence(read, given, registries().actions) == words
