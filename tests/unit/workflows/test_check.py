"""What is wrong with a workflow before it is published: in sentences, with places and offers."""

from __future__ import annotations

from typing import Any

import pytest

from flowapp.bootstrap import registries
from flowapp.kernel.errors import Problem
from flowapp.workflows.check import DocumentCheck, check_document
from flowapp.workflows.reading import read_document
from tests.factories import a_document, approve, condition, notify

DECIDED = [{"id": "decided", "type": "event", "event": "leave_approved"}]
BY_HAND = [{"id": "by_hand", "type": "manual", "inputs": [{"name": "weeks", "label": "Weeks", "type": "number"}]}]
FREE = [{"id": "by_hand", "type": "manual"}]


def checked(*steps: dict[str, Any], **given: Any) -> DocumentCheck:
    """Check a document with the kinds there are."""
    data = a_document(*steps, **given)
    return check_document(read_document(data), actions=registries().actions, triggers=registries().triggers)


def places(problems: tuple[Problem, ...]) -> list[tuple[str, str, str | None]]:
    """Answer place, code and offer of each problem."""
    return [(each.path, each.code, each.suggestion) for each in problems]


def test_a_workflow_that_is_right_has_neither_problems_nor_warnings() -> None:
    found = checked(
        condition(
            "short",
            "${context.days} <= 3 and ${context.staff.name} != ''",
            then=[approve(), notify("tell", "Until ${context.leave.end}", to="${context.staff_id}")],
            else_=[notify("ask")],
        )
    )
    assert found == DocumentCheck((), ())


def test_a_workflow_that_nothing_starts_and_that_does_nothing_says_so() -> None:
    data = {"name": "Empty", "triggers": [], "steps": []}
    found = check_document(read_document(data), actions=registries().actions, triggers=registries().triggers)
    assert places(found.problems) == [("triggers", "no_trigger", None), ("steps", "no_steps", None)]


def test_an_unknown_action_is_named_with_the_nearest_one() -> None:
    [problem] = checked({"id": "a", "type": "action", "action": "aprove_leave"}).problems
    assert (problem.path, problem.code, problem.suggestion) == (
        "steps[0].action", "unknown_action", "approve_leave",
    )  # fmt: skip
    assert "'aprove_leave'" in problem.message
    assert "Did you mean 'approve_leave'?" in problem.message


def test_an_unknown_action_unlike_any_other_is_answered_with_all_there_are() -> None:
    [problem] = checked({"id": "a", "type": "action", "action": "xyzzy"}).problems
    assert problem.suggestion is None
    assert all(kind in problem.message for kind in registries().actions)


def test_an_unknown_trigger_is_named_with_the_nearest_one() -> None:
    found = checked(notify("a"), triggers=[{"id": "t", "type": "manul"}])
    assert places(found.problems) == [("triggers[0].type", "unknown_trigger", "manual")]


def test_an_unknown_event_is_named_with_those_there_are() -> None:
    triggers = [{"id": "s", "type": "manual"}, {"id": "t", "type": "event", "event": "leave_requestd"}]
    [problem] = checked(notify("a"), triggers=triggers).problems
    assert problem.path == "triggers[1].event"
    assert "leave_requestd" in problem.message
    assert "leave_requested" in problem.message


def test_an_unknown_event_is_answered_with_the_nearest_one() -> None:
    [problem] = checked(triggers=[{"id": "t", "type": "event", "event": "leave_requestd"}]).problems
    assert problem.suggestion == "leave_requested"


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"type": "event", "event": "leave_requested", "whne": "1 < 2"}, ("triggers[0].whne", "unknown_key", "when")),
        ({"type": "event"}, ("triggers[0].event", "missing", None)),
        ({"type": "event", "event": 5}, ("triggers[0].event", "bad_value", None)),
        ({"type": "manual", "inputs": [{"label": "Weeks"}]}, ("triggers[0].inputs[0].name", "missing", None)),
        ({"type": "manual", "inputs": [{"name": "Weeks", "label": "W"}]}, ("triggers[0].inputs[0].name", None, None)),
        ({"type": "manual", "inputs": 5}, ("triggers[0].inputs", "bad_value", None)),
    ],
)  # fmt: skip
def test_a_mistake_in_a_trigger_is_named_with_its_place(trigger: dict[str, Any], expected: Any) -> None:
    [problem] = checked(notify("a"), triggers=[{"id": "t", **trigger}]).problems
    assert problem.path == expected[0]
    assert expected[1] in (None, problem.code)
    assert problem.suggestion == expected[2]


def test_a_mistyped_key_inside_an_input_is_offered_the_keys_of_an_input() -> None:
    triggers = [{"id": "t", "type": "manual", "inputs": [{"name": "a", "label": "A", "typ": "text"}]}]
    assert places(checked(notify("a"), triggers=triggers).problems) == [
        ("triggers[0].inputs[0].typ", "unknown_key", "type")
    ]


def test_an_unknown_field_is_named_with_the_nearest_one() -> None:
    step = notify("a")
    step["with"]["mesage"] = "x"
    [problem] = checked(step).problems
    assert (problem.path, problem.code) == ("steps[0].with.mesage", "unknown_key")
    assert "Did you mean 'message'?" in problem.message


def test_an_unknown_field_is_offered_to_programs_too() -> None:
    step = notify("a")
    step["with"]["mesage"] = "x"
    [problem] = checked(step).problems
    assert problem.suggestion == "message"


def test_a_field_that_is_needed_and_not_given_is_named_in_words() -> None:
    found = checked({"id": "a", "type": "action", "action": "send_notification", "with": {"to": "manager"}})
    assert places(found.problems) == [("steps[0].with.message", "missing", None)]
    assert "What to tell them" in found.problems[0].message


def test_a_missing_field_is_found_in_every_lane() -> None:
    bare = {"type": "action", "action": "approve_leave"}
    step = condition("c", "${context.days} > 1", then=[bare | {"id": "a"}], else_=[bare | {"id": "b"}])
    step["elif"] = [{"if": "${context.days} > 2", "then": [bare | {"id": "d"}]}]
    assert {each.path for each in checked(step).problems} == {
        "steps[0].then[0].with.leave_request_id",
        "steps[0].elif[0].then[0].with.leave_request_id",
        "steps[0].else[0].with.leave_request_id",
    }


NAMES = [
    # an unknown name in: a condition, a text, a value, a list, a lane, an elif
    (condition("c", "${context.dyas} <= 3", then=[]), "steps[0].if", "days"),
    (notify("a", "Takes ${context.huors} hours"), "steps[0].with.message", "hours"),
    (notify("a", to="${context.staf_id}"), "steps[0].with.to", "staff_id"),
    ({"id": "a", "type": "action", "action": "send_notification",
      "with": {"to": ["manager", "${context.staf_id}"], "message": "x"}}, "steps[0].with.to[1]", "staff_id"),
    (condition("c", "${context.days} <= 3", then=[notify("a", "${context.staff.nmae}")]),
     "steps[0].then[0].with.message", "name"),
    (condition("c", "${context.days} <= 3", then=[]) | {"elif": [{"if": "${contxt.days} > 9", "then": []}]},
     "steps[0].elif[0].if", "context"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "place", "offer"), NAMES, ids=[row[1] for row in NAMES])
def test_an_unknown_name_is_named_with_its_place_and_the_nearest_one(
    step: dict[str, Any], place: str, offer: str
) -> None:
    [problem] = checked(step).problems
    assert problem.path == place
    assert offer in (problem.suggestion or "")
    assert offer in problem.message


def test_a_name_is_looked_for_in_the_details_its_own_trigger_brings() -> None:
    assert checked(notify("a", "${context.decided_by}"), triggers=DECIDED).problems == ()
    [problem] = checked(notify("a", "${context.decided_by}")).problems
    assert problem.path == "steps[0].with.message"
    assert checked(notify("a", "${context.weeks}"), triggers=BY_HAND).problems == ()
    [problem] = checked(notify("a", "${context.days}"), triggers=BY_HAND).problems
    assert problem.path == "steps[0].with.message"


def test_where_anything_may_come_any_name_is_let_be() -> None:
    assert checked(notify("a", "${context.whatever}"), triggers=FREE).problems == ()


def test_a_name_that_only_one_of_two_triggers_brings_is_not_passed_over() -> None:
    asked = {"id": "asked", "type": "event", "event": "leave_requested"}
    found = checked(notify("a", "${context.decided_by}"), triggers=[asked, *DECIDED])
    assert [each.path for each in (*found.problems, *found.warnings)] == ["steps[0].with.message"]


def test_the_condition_of_a_trigger_sees_its_own_event_and_no_step() -> None:
    def when(text: str) -> DocumentCheck:
        trigger = {"id": "t", "type": "event", "event": "leave_requested", "when": text}
        return checked(notify("a"), triggers=[trigger])

    assert when("${context.days} > 3").problems == ()
    assert [each.path for each in when("${context.dyas} > 3").problems] == ["triggers[0].when"]
    assert [each.path for each in when("${steps.a.notification_ids} != null").problems] == ["triggers[0].when"]
    assert [each.path for each in when("${context.days}").problems] == ["triggers[0].when"]  # no yes or no
    assert [each.path for each in when("${context.days} >").problems] == ["triggers[0].when"]  # unfinished


def test_a_condition_that_gives_no_yes_or_no_is_a_problem() -> None:
    assert places(checked(condition("c", "${context.days}", then=[])).problems) == [
        ("steps[0].if", "not_boolean", None)
    ]


def test_the_output_of_a_step_before_may_be_read() -> None:
    found = checked(approve(), notify("tell", "Request ${steps.approve.leave_request_id}"))
    assert found == DocumentCheck((), ())


def test_the_output_of_a_step_that_comes_later_may_not_be_read() -> None:
    found = checked(notify("tell", "${steps.approve.leave_request_id}"), approve())
    assert [each.path for each in found.problems] == ["steps[0].with.message"]


def test_a_step_may_not_read_its_own_output() -> None:
    found = checked(notify("tell", "${steps.tell.notification_ids}"))
    assert [each.path for each in found.problems] == ["steps[0].with.message"]


def test_an_unknown_field_of_a_steps_output_is_a_problem_with_an_offer() -> None:
    [problem] = checked(approve(), notify("tell", "${steps.approve.leave_requst_id}")).problems
    assert problem.path == "steps[1].with.message"
    assert "leave_request_id" in (problem.suggestion or "")


READS = "Request ${steps.approve.leave_request_id}"
MAYBE = [
    # after a condition that may have gone the other way
    ([condition("c", "${context.days} <= 3", then=[approve()]), notify("tell", READS)], "steps[1].with.message"),
    # a step that is switched off
    ([approve() | {"enabled": False}, notify("tell", READS)], "steps[1].with.message"),
    # two levels down
    ([condition("c", "${context.days} <= 3", then=[condition("d", "${context.days} <= 2", then=[approve()]),
                                                 notify("tell", READS)])], "steps[0].then[1].with.message"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "place"), MAYBE, ids=["the other way", "switched off", "two levels down"])
def test_an_output_of_a_step_that_may_not_have_run_is_a_warning(steps: Any, place: str) -> None:
    found = checked(*steps)
    assert found.problems == ()
    assert [each.path for each in found.warnings] == [place]


def test_one_lane_does_not_see_what_the_other_does() -> None:
    found = checked(condition("c", "${context.days} <= 3", then=[approve()], else_=[notify("tell", READS)]))
    assert [each.path for each in found.problems] == ["steps[0].else[0].with.message"]


def test_the_way_a_condition_went_may_be_read_afterwards() -> None:
    found = checked(
        condition("c", "${context.days} <= 3", then=[]),
        condition("d", "${steps.c.way} == 'then'", then=[notify("tell")]),
    )
    assert found == DocumentCheck((), ())


def test_a_condition_that_is_always_yes_is_a_warning() -> None:
    found = checked(condition("c", "1 < 2", then=[notify("a")]))
    assert found.problems == ()
    assert places(found.warnings) == [("steps[0].if", "always_yes", None)]


def test_secrets_may_not_be_read_in_a_message() -> None:
    found = checked(notify("a", "The key is ${secrets.key}"))
    assert [each.path for each in found.problems] == ["steps[0].with.message"]


@pytest.mark.parametrize(
    ("with_", "place"),
    [
        ({"leave_request_id": "soon"}, "steps[0].with.leave_request_id"),
        ({"leave_request_id": [1]}, "steps[0].with.leave_request_id"),
        ({"leave_request_id": 1, "reason": "x" * 501}, "steps[0].with.reason"),
    ],
)
def test_a_fixed_value_that_can_never_fit_its_field_is_a_problem(with_: dict[str, Any], place: str) -> None:
    found = checked({"id": "a", "type": "action", "action": "approve_leave", "with": with_})
    assert [each.path for each in found.problems] == [place]


@pytest.mark.parametrize(
    "inputs",
    [
        [{"name": "a", "label": "A"}, {"name": "a", "label": "Again"}],  # the same name twice
        [{"name": "a", "label": "A", "type": "choice"}],  # nothing to choose from
        [{"name": "user", "label": "User"}],  # overwritten by who starts it
        [{"name": "care_home_id", "label": "Home"}],  # overwritten by the home
        [{"name": "nonce", "label": "N"}],  # a field of the form itself
        [{"name": "csrf_token", "label": "T"}],  # likewise
    ],
)
def test_inputs_that_cannot_work_are_a_problem(inputs: list[dict[str, Any]]) -> None:
    found = checked(notify("a"), triggers=[{"id": "t", "type": "manual", "inputs": inputs}])
    assert [each.path.startswith("triggers[0].inputs") for each in found.problems] == [True]


def test_every_problem_is_a_sentence_for_people() -> None:
    found = checked(
        condition("c", "${context.dyas} ==", then=[{"id": "a", "type": "action", "action": "nothing"}]),
        triggers=[{"id": "t", "type": "nobody"}, {"id": "u", "type": "event"}],
    )
    assert len(found.problems) >= 4
    for each in found.problems:
        assert each.message.rstrip().endswith((".", "?"))
        assert "<class" not in each.message


MODES = [
    # settings, problems, warnings
    ({"mode": "queued", "max": 3, "key": "${context.staff_id}"}, [], []),
    ({"mode": "single", "key": "context.staff_id"}, [], []),
    ({"mode": "single", "key": "${context.staf_id}"}, [("settings.key", "unknown_name", "staff_id")], []),
    ({"mode": "single", "key": "${steps.tell.output}"}, [("settings.key", "unknown_name", None)], []),
    ({"mode": "single", "key": "${context.}"}, [("settings.key", "syntax", None)], []),
    ({"key": "${context.staff_id}"}, [], [("settings.key", "not_used", None)]),
    ({"mode": "restart", "max": 3}, [], [("settings.max", "not_used", None)]),
    ({"max": 3, "key": "${context.staff_id}"}, [], []),
]


@pytest.mark.parametrize(("settings", "problems", "warnings"), MODES, ids=[str(row[0]) for row in MODES])
def test_what_is_said_of_several_runs_at_once_is_looked_at(
    settings: dict[str, Any], problems: list[Any], warnings: list[Any]
) -> None:
    found = checked(settings=settings)
    assert (places(found.problems), places(found.warnings)) == (problems, warnings)
    assert all(each.message.endswith((".", "?")) for each in (*found.problems, *found.warnings))
