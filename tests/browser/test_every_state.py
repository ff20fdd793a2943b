"""Workflows and runs in every state, on a desk and on a phone; and what people do about them, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from flowapp.accounts import sessions
from flowapp.bootstrap import Flow
from flowapp.kernel.clock import FrozenClock, SystemClock
from flowapp.kernel.settings import read_settings
from tests.browser.hour_states import HOURS
from tests.browser.states import states
from tests.browser.window import DESK, PHONE, Size, Window
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.kill.server import Server, reason_not_available
from tests.kill.waiting import until
from tests.support import browser
from tests.support.databases import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]
Opener = Callable[..., Window]

# What is found on the page of each state: the word for it, and what can be pressed about it.
RUNS = [
    ("completed", "Done", []),
    ("failed", "Failed", ["Retry this step", "Retry from the start", "Skip this step", "Give up"]),
    ("stopped_on_purpose", "Nobody is on duty.", ["Retry from the start", "Give up"]),
    ("given_up", "Dealt with by", ["Retry this step", "Retry from the start", "Skip this step"]),
    ("retried", "Retried as run", []),
    ("retry", "The run before", ["Retry this step", "Retry from the start", "Skip this step", "Give up"]),
    ("cancelled", "Cancelled by Maya: Ordered by telephone.", ["Retry from the start"]),
    ("not_started", "was already running", ["Retry from the start"]),
    ("queued", "Waiting for its turn", ["Cancel this run"]),
    ("held", "Held: more than 2 runs", ["Cancel this run"]),
    ("waits_for_an_event", "Waits for something to happen.", ["Skip this step", "Cancel this run"]),
    ("waits_for_a_time", "Waits until", ["Skip this step", "Cancel this run"]),
    ("branches", "Waits for something to happen.", ["Skip this step", "Cancel this run"]),
    ("parent", "Waits for a run that it started.", ["Skip this step", "Cancel this run"]),
    ("child", "Started by “Admit a resident”", ["Skip this step", "Cancel this run"]),
    ("uncertain", "nobody knows whether a step was done",
     ["It was done", "Do it again", "Skip it", "Cancel this run"]),
    ("undone", "Undone by Maya.", []),
    ("to_undo", "Done", ["Undo this run"]),
    ("rolled_back", "the steps after it would build on", ["Retry from the start", "Give up"]),
]  # fmt: skip
WORKFLOWS = [
    ("workflow_active", "Call the plumber", ["Start it", "Pause", "Archive", "Pause it"]),
    ("workflow_paused", "2 events came while it was paused", ["Archive", "Switch it on"]),
    ("workflow_paused_by_itself", "Paused by itself: it failed 10 times in a row.", ["Archive", "Switch it on"]),
    ("workflow_failing", "It does not work at the moment", ["Start it", "Pause", "Archive", "Pause it"]),
    ("workflow_archived", "Archived by Maya on Monday 23 November 2026, 09:00", ["Bring it back"]),
    ("workflow_held", "5 runs are held", ["Pause", "Archive", "Start them all", "Do not start them", "Pause it"]),
    ("workflow_draft", "not published yet", ["Archive"]),
]
QUESTIONS = [
    ("waits_for_a_time", "cancel/", "Cancel this run"),
    ("failed", "skip/", "Skip this step"),
    ("to_undo", "undo-preview", "Undo this run"),
    ("undone", "undo-preview", "This run is undone already."),
    ("workflow_active", "delete/", "Archive it"),
]


@dataclass(frozen=True, kw_only=True)
class House:
    """A server with a workflow and a run in every state, where each is, and Maya's cookie."""

    address: str
    states: dict[str, str]
    cookie: str


@pytest.fixture(scope="module")
def house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, peopled_tables: tuple[str, Cast]
) -> Iterator[House]:
    """One server for all of them; nothing in it falls due."""
    folder, (tables, cast) = tmp_path_factory.mktemp("every-state"), peopled_tables
    databases.copy(tables, url := databases.new_url(folder))
    settings = read_settings(database_url=url, instance=str(folder), testing=True)
    flow = Flow(settings, clock=FrozenClock(MONDAY_MORNING))
    found, now = states(flow, cast), SystemClock().now()
    cookie = flow.database.write(lambda session: sessions.open(session, cast.maya, now))
    flow.close()
    with Server(url, folder=folder) as server:
        yield House(address=server.address, states=found, cookie=cookie)


@pytest.fixture
def maya(house: House, chromium: Browser, seen: set[object]) -> Iterator[Opener]:
    """Opens windows in which Maya is signed in."""
    with ExitStack() as opened:

        def open_(size: Size = DESK, *, javascript: bool = True) -> Window:
            window = Window(chromium, house.address, seen, size=size, javascript=javascript)
            window.context.add_cookies([{"name": "flowapp", "value": house.cookie, "url": house.address}])
            return opened.enter_context(window)

        yield open_


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_state_can_be_used_by_everybody_and_offers_what_can_be_done(
    size: Size, house: House, maya: Opener
) -> None:
    window = maya(size)
    for state, words, offered in RUNS:
        window.go(house.states[state])
        assert words in window.text, state
        assert pressable(window, "#hands") == offered, state
        assert window.main.locator("#hands .button--primary").count() <= 1, state
    for state, words, offered in (*WORKFLOWS, *HOURS):
        window.go(house.states[state])
        assert words in window.text, state
        assert pressable(window, "") == offered, state
    for state, question, words in QUESTIONS:
        window.go(house.states[state] + question)
        assert words in window.text, question


def test_every_state_is_looked_at(house: House) -> None:
    assert {state for state, _, _ in (*RUNS, *WORKFLOWS, *HOURS)} == set(house.states)


@pytest.mark.parametrize("status", ["active", "paused", "draft", "archived"])
def test_every_tab_of_the_workflows_is_in_sight_on_a_phone(status: str, house: House, maya: Opener) -> None:
    window = maya(PHONE)
    window.go(f"/workflows/?status={status}")
    for tab in window.main.locator(".tab").all():
        box = tab.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE[0], tab.inner_text()


def test_a_person_steps_in_by_keyboard_alone(house: House, maya: Opener) -> None:
    window = maya()
    window.go(house.states["branches"])
    enter(window, "Cancel this run")
    reach(window, "Reason")
    window.page.keyboard.type("Nobody answered")
    enter(window, "Cancel this run")
    assert "Cancelled by Maya: Nobody answered." in window.text

    window.go(house.states["retry"])
    enter(window, "Retry this step")
    until(lambda: reloaded(window, "This run stopped"), within=10, for_what="the step to fail again")
    enter(window, "Skip this step")
    enter(window, "Skip this step")
    until(lambda: reloaded(window, "Skipped by Maya."), within=10, for_what="the step to be skipped")

    window.go(house.states["to_undo"])
    enter(window, "Undo this run")
    enter(window, "Undo this run")
    assert "Undone by Maya." in window.text


def test_a_workflow_is_paused_switched_on_archived_and_brought_back_by_keyboard_alone(
    house: House, maya: Opener
) -> None:
    window = maya()
    window.go(house.states["workflow_failing"])
    reach(window, "Why")
    window.page.keyboard.type("The pipe burst")
    enter(window, "Pause it")
    assert "Paused by Maya: The pipe burst." in window.text
    enter(window, "Switch it on")
    assert "Switched on." in window.text
    enter(window, "Archive")
    enter(window, "Archive it")
    assert "Archived by Maya" in window.text
    enter(window, "Bring it back")
    assert "Brought back." in window.text


def test_a_run_in_doubt_and_held_runs_are_answered_without_javascript(house: House, maya: Opener) -> None:
    window = maya(PHONE, javascript=False)
    window.go(house.states["uncertain"])
    window.press("It was done")
    assert "The step counts as done." in window.text
    window.go(house.states["workflow_held"])
    window.press("Do not start them")
    assert "5 runs were not started." in window.text


def pressable(window: Window, within: str) -> list[str]:
    """Answer the words of everything on the page that can be pressed."""
    return [" ".join(each.split()) for each in window.main.locator(f"{within} .button").all_inner_texts()]


def reach(window: Window, words: str) -> None:
    """Go on with the tab key until what has these words has the focus."""
    window.page.locator("body").focus()
    window.page.evaluate("document.activeElement && document.activeElement.blur()")
    for _ in range(80):
        window.page.keyboard.press("Tab")
        named = window.page.evaluate(
            "() => { const at = document.activeElement;"
            " return at.closest('main') ? (at.labels && at.labels.length ? at.labels[0] : at).innerText.trim() : ''; }"
        )
        if " ".join(str(named).replace("(optional)", "").split()) == words:
            return
    raise AssertionError(f"The tab key never came to {words!r}.")


def enter(window: Window, words: str) -> None:
    """Go to what has these words and press the enter key, and look at where that leads."""
    reach(window, words)
    with window.page.expect_event("load"):
        window.page.keyboard.press("Enter")
    window.look()


def reloaded(window: Window, words: str) -> bool:
    """Load the page again, and say whether it has these words."""
    window.page.reload()
    return words in window.text
