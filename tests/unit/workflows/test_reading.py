"""Reading a document from outside: every mistake is named, with its exact place and the nearest known word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from flowapp.kernel.errors import Problem, Refused
from flowapp.workflows.document import Category, walk
from flowapp.workflows.reading import read_document
from tests.factories import a_document, approve, condition, notify


def problems(data: Any) -> list[Problem]:
    """Read a document that must be refused, and answer what is wrong with it."""
    with pytest.raises(Refused) as raised:
        read_document(data)
    return list(raised.value.problems)


def found(data: Any) -> list[tuple[str, str, str | None]]:
    """Answer the place, the code and the offer of each problem."""
    return [(each.path, each.code, each.suggestion) for each in problems(data)]


def nested(depth: int) -> dict[str, Any]:
    """Build a step that lies this many conditions deep; 1 lies in no condition."""
    step: dict[str, Any] = notify("innermost")
    for level in range(depth - 1, 0, -1):
        step = condition(f"c{level}", "1 < 2", then=[step])
    return step


def test_a_document_comes_out_as_it_went_in() -> None:
    data = a_document(condition("short", "${context.days} <= 3", then=[approve()], else_=[notify("ask")]))
    assert read_document(data).as_data() == data


def test_what_was_not_said_has_its_usual_value_and_is_not_written_down() -> None:
    data = {"name": "Tea", "steps": [notify("tell")]}
    document = read_document(data)
    assert (document.format, document.category, document.triggers) == ("flowapp/1", Category.CUSTOM, ())
    assert document.steps[0].enabled
    assert document.as_data() == data


def test_a_document_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_document(a_document()).name = "Other"  # type: ignore[misc]


UNKNOWN_KEYS = [
    # data, place, offer
    (a_document() | {"stepz": []}, "stepz", "steps"),
    (a_document() | {"nmae": "x"}, "nmae", "name"),
    (a_document(notify("tell") | {"wiht": {}}), "steps[0].wiht", "with"),
    (a_document(notify("tell") | {"enabeld": False}), "steps[0].enabeld", "enabled"),
    # `then` belongs to a condition: an action knows nothing like it
    (a_document(notify("tell") | {"zzz": []}), "steps[0].zzz", None),
    (a_document(condition("c", "1 < 2", then=[notify("a"), notify("b") | {"ation": "x"}])),
     "steps[0].then[1].ation", "action"),
    (a_document(condition("c", "1 < 2", then=[], else_=[condition("d", "1 < 2", then=[]) | {"esle": []}])),
     "steps[0].else[0].esle", "else"),
    (a_document(condition("c", "1 < 2", then=[]) | {"elif": [{"if": "2 < 1", "than": []}]}),
     "steps[0].elif[0].than", "then"),
    (a_document(condition("c", "1 < 2", then=[]) | {"elif": [{"if": "2 < 1", "then": [notify("x") | {"nam": ""}]}]}),
     "steps[0].elif[0].then[0].nam", "name"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "place", "offer"), UNKNOWN_KEYS, ids=[row[1] for row in UNKNOWN_KEYS])
def test_an_unknown_key_is_named_with_its_place_and_the_nearest_known_one(
    data: dict[str, Any], place: str, offer: str | None
) -> None:
    [problem] = problems(data)
    assert (problem.path, problem.code, problem.suggestion) == (place, "unknown_key", offer)
    assert place in problem.message
    assert repr(offer) in problem.message if offer else "Known here: " in problem.message


def test_the_keys_of_what_the_field_means_in_json_are_offered_not_those_of_the_code() -> None:
    [problem] = problems(a_document(condition("c", "1 < 2", then=[]) | {"zzz": 1}))
    assert "else" in problem.message
    assert "else_" not in problem.message
    assert "if_" not in problem.message


BAD_IDS = ["", "Tell", "1st", "_tell", "tell-dan", "tell dan", "tell.dan", "é", "a" * 41, "tell\n"]


@pytest.mark.parametrize("id_", BAD_IDS)
def test_an_id_that_is_none_is_refused_in_words(id_: str) -> None:
    [problem] = problems(a_document(notify(id_)))
    assert (problem.path, problem.code) == ("steps[0].id", "bad_id")
    assert "small letter" in problem.message


@pytest.mark.parametrize("id_", ["a", "then", "tell_2", "a" * 40])
def test_an_id_of_small_letters_digits_and_underscores_is_let_be(id_: str) -> None:
    assert read_document(a_document(notify(id_))).steps[0].id == id_


DUPLICATES = [
    # two steps of one list; a step and a trigger; two lanes; three levels apart
    (a_document(notify("a"), notify("a")), ["steps[1].id"], "steps[0].id"),
    (a_document(notify("asked")), ["steps[0].id"], "triggers[0].id"),
    (a_document(condition("c", "1 < 2", then=[notify("a")], else_=[notify("a")])), ["steps[0].else[0].id"],
     "steps[0].then[0].id"),
    (a_document(condition("c", "1 < 2", then=[notify("c")])), ["steps[0].then[0].id"], "steps[0].id"),
    (a_document(notify("a"), notify("a"), notify("a")), ["steps[1].id", "steps[2].id"], "steps[0].id"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "places", "first"), DUPLICATES, ids=[str(row[1]) for row in DUPLICATES])
def test_an_id_used_twice_is_named_with_both_places(data: Any, places: list[str], first: str) -> None:
    found_ = problems(data)
    assert [(each.path, each.code) for each in found_] == [(place, "duplicate_id") for place in places]
    assert all(first in each.message for each in found_)


MISSING = [
    ({"steps": []}, "name"),
    (a_document({"id": "a", "type": "action"}), "steps[0].action"),
    (a_document({"id": "a", "type": "condition"}), "steps[0].if"),
    (a_document({"type": "action", "action": "x"}), "steps[0].id"),
    (a_document(condition("c", "1 < 2", then=[]) | {"elif": [{"then": []}]}), "steps[0].elif[0].if"),
    (a_document(triggers=[{"type": "event"}]), "triggers[0].id"),
    (a_document(triggers=[{"id": "a"}]), "triggers[0].type"),
]


@pytest.mark.parametrize(("data", "place"), MISSING, ids=[row[1] for row in MISSING])
def test_what_is_missing_is_named_with_its_place(data: Any, place: str) -> None:
    assert found(data) == [(place, "missing", None)]
    assert problems(data)[0].message == f"{place} is missing."


WRONG = [
    # what, where
    (a_document(name=""), "name"),
    (a_document(name="x" * 121), "name"),
    (a_document(name=5), "name"),
    (a_document(description="x" * 2001), "description"),
    (a_document(category="gardening"), "category"),
    (a_document(format="flowapp/2"), "format"),
    (a_document(steps={}), "steps"),
    (a_document(steps="many"), "steps"),
    (a_document(triggers=[{"id": f"t{n}", "type": "manual"} for n in range(21)]), "triggers"),
    (a_document(triggers=[5]), "triggers[0]"),
    (a_document(notify("a") | {"with": []}), "steps[0].with"),
    (a_document(notify("a") | {"name": "x" * 121}), "steps[0].name"),
    (a_document(notify("a") | {"enabled": "perhaps"}), "steps[0].enabled"),
    (a_document(condition("c", "", then=[])), "steps[0].if"),
    (a_document(condition("c", "x" * 2001, then=[])), "steps[0].if"),
    (a_document(condition("c", "1 < 2", then=[]) | {"then": {}}), "steps[0].then"),
    (a_document(condition("c", "1 < 2", then=[5])), "steps[0].then[0]"),
]


@pytest.mark.parametrize(("data", "place"), WRONG, ids=[f"{n}-{row[1]}" for n, row in enumerate(WRONG)])
def test_a_value_that_does_not_fit_is_named_with_its_place(data: Any, place: str) -> None:
    [problem] = problems(data)
    assert problem.path == place
    assert problem.message.startswith(f"{place}: ")
    assert "Input should" not in problem.message


@pytest.mark.parametrize("step", [{"id": "a", "type": "acton"}, {"id": "a"}, {"id": "a", "type": 5}])
def test_a_step_of_an_unknown_type_is_told_which_types_there_are(step: dict[str, Any]) -> None:
    [problem] = problems(a_document(step))
    assert problem.path == "steps[0].type"
    assert "action" in problem.message
    assert "condition" in problem.message
    assert "tag" not in problem.message
    assert "discriminator" not in problem.message


def test_every_mistake_is_named_at_once() -> None:
    data = a_document(notify("A") | {"wiht": {}}, {"id": "b", "type": "condition"}, name="")
    assert {each.path for each in problems(data)} == {"name", "steps[0].id", "steps[0].wiht", "steps[1].if"}


@pytest.mark.parametrize("data", [None, 5, "{}", [], [a_document()]])
def test_what_is_no_record_is_no_document(data: Any) -> None:
    assert found(data) == [("", "not_a_document", None)]


@pytest.mark.parametrize(("number", "fits"), [(200, True), (201, False)])
def test_a_workflow_has_at_most_200_steps(number: int, fits: bool) -> None:
    inside = [notify(f"s{n}") for n in range(number - 1)]
    data = a_document(condition("c", "1 < 2", then=inside[:90], else_=inside[90:]))
    if fits:
        assert len(list(walk(read_document(data).steps))) == 200
    else:
        assert found(data) == [("steps", "too_many_steps", None)]
        assert "201" in problems(data)[0].message


@pytest.mark.parametrize(("depth", "fits"), [(8, True), (9, False)])
def test_steps_lie_at_most_eight_levels_deep(depth: int, fits: bool) -> None:
    data = a_document(nested(depth))
    if fits:
        assert len(list(walk(read_document(data).steps))) == 8
    else:
        assert found(data) == [("steps[0]" + ".then[0]" * 8, "too_deep", None)]


def test_a_document_nested_hundreds_of_levels_deep_is_refused_and_harms_nothing() -> None:
    assert {each.code for each in problems(a_document(nested(150)))} <= {"too_deep", "bad_value"}


def of_size(number: int, letter: str) -> dict[str, Any]:
    """Build a document with about this many letters in one step."""
    return a_document(notify("tell", message=letter * number))


def test_a_document_has_at_most_256_kib() -> None:
    assert read_document(of_size(256 * 1024 - 400, "x"))
    assert found(of_size(256 * 1024, "x")) == [("", "too_large", None)]


def test_the_limit_counts_bytes_so_that_it_holds_for_every_language() -> None:
    assert found(of_size(200 * 1024, "é")) == [("", "too_large", None)]


@pytest.mark.parametrize(("number", "fits"), [(20, True), (21, False)])
def test_a_workflow_has_at_most_twenty_triggers(number: int, fits: bool) -> None:
    data = a_document(triggers=[{"id": f"t{n}", "type": "manual"} for n in range(number)])
    if fits:
        assert len(read_document(data).triggers) == 20
    else:
        assert found(data) == [("triggers", "bad_value", None)]


MODES = [
    ({"mode": "queud"}, [("settings.mode", "bad_value", "queued")]),
    ({"mode": "xyzzy"}, [("settings.mode", "bad_value", None)]),
    ({"mode": 7}, [("settings.mode", "bad_value", None)]),
    ({"mode": ["single"]}, [("settings.mode", "bad_value", "single")]),
    ({"mode": "queued", "max": 0}, [("settings.max", "bad_value", None)]),
    ({"mode": "queued", "max": -1}, [("settings.max", "bad_value", None)]),
    ({"mode": "queued", "max": "many"}, [("settings.max", "bad_value", None)]),
    ({"mode": "single", "kye": "${context.staff_id}"}, [("settings.kye", "unknown_key", "key")]),
    ({"mode": "single", "key": ""}, [("settings.key", "bad_value", None)]),
]


@pytest.mark.parametrize(("settings", "expected"), MODES, ids=[str(row[0]) for row in MODES])
def test_what_cannot_be_said_of_several_runs_at_once_is_named(settings: dict[str, Any], expected: Any) -> None:
    assert found(a_document(settings=settings)) == expected


def test_an_unknown_mode_is_answered_with_those_there_are_and_the_nearest() -> None:
    [problem] = problems(a_document(settings={"mode": "queud"}))
    assert problem.message == (
        "settings.mode: it must be one of single, restart, queued, parallel; 'queued' is the nearest to what was given."
    )


def test_a_mode_comes_out_as_it_went_in() -> None:
    data = a_document(settings={"mode": "queued", "max": 3, "key": "${context.staff_id}"})
    assert read_document(data).as_data() == data


def test_a_decimal_is_still_a_number_when_the_document_is_kept() -> None:
    values = {"limit": Decimal("1.5"), "word": "1.5", "list": [Decimal("0.1"), 2]}
    document = read_document(a_document({"id": "keep", "type": "set", "values": values}))
    assert document.as_data()["steps"][0]["values"] == values
