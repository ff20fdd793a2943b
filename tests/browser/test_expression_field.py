"""The expression field in a real browser: while typing, as rows, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.window import DESK, PHONE, Size, Window
from tests.kill.server import reason_not_available
from tests.kill.waiting import until
from tests.support import browser

if TYPE_CHECKING:
    from playwright.sync_api import Locator

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]
MANAGER = "manager@example.org"
URL = "/workflows/expressions/"
EITHER_SIZE = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@EITHER_SIZE
def test_the_sentence_and_the_problems_follow_what_is_typed(size: Size, window: Callable[..., Window]) -> None:
    person = window(MANAGER, size=size)
    person.go(f"{URL}?condition-way=text")
    text = part(person, "condition")
    text.press_sequentially("context.dyas <= 3", delay=30)
    wait_for(person, 'did you mean "days"?')
    person.look()
    text.press("Home")
    for _ in range(len("context.d")):
        text.press("ArrowRight")
    text.press("Delete")
    text.press("ArrowRight")
    text.press_sequentially("y")
    wait_for(person, "Days requested is 3 or fewer.")
    assert person.has_focus(text)
    assert text.input_value() == "context.days <= 3"
    person.look()


@EITHER_SIZE
def test_a_condition_is_made_of_rows_and_rows_come_and_go(size: Size, window: Callable[..., Window]) -> None:
    person = window(MANAGER, size=size)
    person.go(URL)
    choose(person, 1, "context.days", "at_most")
    part(person, "condition-1-value").fill("3")
    wait_for(person, "Days requested is 3 or fewer.")
    add(person, 2)
    choose(person, 2, "context.leave_type", "is_not")
    part(person, "condition-2-value").fill("STUDY")
    add(person, 3)
    choose(person, 3, "context.embargo.hit", "no")
    wait_for(person, 'As text: context.days <= 3 and context.leave_type != "STUDY" and not context.embargo.hit')
    person.look()
    person.main.get_by_text("Any of these").click()
    wait_for(person, 'context.days <= 3 or context.leave_type != "STUDY"')

    button(person, "Remove row 1").click()
    wait_for(person, 'As text: context.leave_type != "STUDY" or not context.embargo.hit')
    assert part(person, "condition-2-field").input_value() == "context.leave_type"
    assert part(person, "condition-3-comparison").input_value() == "no"
    until(lambda: person.has_focus(button(person, "Add a row")), within=5, for_what="the focus at what comes next")

    choose(person, 2, "context.days", "is")  # the comparisons and the value are those of a number now
    wait_for(person, "Enter a number in digits")
    person.look()
    part(person, "condition-2-value").fill("2.5")
    wait_for(person, "As text: context.days == 2.5 or not context.embargo.hit")
    button(person, "Text", exact=True).click()
    until(lambda: part(person, "condition").count() == 1, within=5, for_what="the text")
    assert part(person, "condition").input_value() == "context.days == 2.5 or not context.embargo.hit"


@EITHER_SIZE
def test_another_event_brings_its_names_and_keeps_the_condition(size: Size, window: Callable[..., Window]) -> None:
    person = window(MANAGER, size=size)
    person.go(f"{URL}?condition=context.care_home_id+%3D%3D+1")
    part(person, "event").select_option("shift_created")
    until(lambda: "context.shift.skills" in person.text, within=5, for_what="the names of the other event")
    assert part(person, "condition-1-field").input_value() == "context.care_home_id"
    wait_for(person, "Care home id is 1.")
    person.look()


@EITHER_SIZE
def test_everything_works_without_javascript(size: Size, window: Callable[..., Window]) -> None:
    person = window(MANAGER, size=size, javascript=False)
    person.go(URL)
    part(person, "condition-1-field").select_option("context.days")
    person.press("Check it")
    part(person, "condition-1-comparison").select_option("at_most")
    part(person, "condition-1-value").fill("3")
    person.leave_by(button(person, "Add a row"))
    part(person, "condition-2-field").select_option("context.overlaps_leave")
    person.press("Check it")
    assert "As text: context.days <= 3 and context.overlaps_leave" in person.text
    person.leave_by(button(person, "Remove row 1"))
    person.leave_by(button(person, "Text", exact=True))
    assert part(person, "condition").input_value() == "context.overlaps_leave"
    part(person, "condition").fill("context.overlaps_leave or context.dyas")
    person.leave_by(button(person, "Rows", exact=True))
    assert 'did you mean "days"?' in person.text
    assert "does not fit into rows, so it is shown as text" in person.text


def test_the_enter_key_takes_nothing_away(window: Callable[..., Window]) -> None:
    person = window(MANAGER)
    person.go(f"{URL}?condition=context.days+<%3D+3+and+context.embargo.hit")
    value = part(person, "condition-1-value")
    value.fill("4")
    value.press("Enter")
    wait_for(person, "As text: context.days <= 4 and context.embargo.hit")


def part(person: Window, name: str) -> Locator:
    return person.main.locator(f'[name="{name}"]')


def button(person: Window, name: str, *, exact: bool = False) -> Locator:
    return person.main.get_by_role("button", name=name, exact=exact)


def choose(person: Window, row: int, field: str, comparison: str) -> None:
    part(person, f"condition-{row}-field").select_option(field)
    offered = part(person, f"condition-{row}-comparison").locator(f'option[value="{comparison}"]')
    until(lambda: offered.count() == 1, within=5, for_what="the comparisons of this field")
    part(person, f"condition-{row}-comparison").select_option(comparison)


def add(person: Window, row: int) -> None:
    button(person, "Add a row").click()
    made = part(person, f"condition-{row}-field")
    until(lambda: made.count() == 1 and person.has_focus(made), within=5, for_what="the focus in the new row")


def wait_for(person: Window, words: str) -> None:
    answer = person.main.locator(".expression")
    until(lambda: words in " ".join(answer.inner_text().split()), within=5, for_what=words)
