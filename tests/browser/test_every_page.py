"""Every page of the URL map in a real browser, on a desk and on a phone, as whoever sees most on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flowapp.accounts import sessions, sign_in_links
from flowapp.bootstrap import Flow
from flowapp.factory import create_app
from flowapp.http.first_setup import setup_link
from flowapp.kernel.clock import FrozenClock, SystemClock
from flowapp.kernel.settings import read_settings
from tests.browser.window import DESK, PHONE, Size, Window
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.factories import cause_of
from tests.http.every_page import Page, lines_of, pages_of, something_of_everything
from tests.http.five_tables import ABOUT
from tests.kill.server import Server, reason_not_available
from tests.support import browser
from tests.support.databases import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as PageOfBrowser

REASON = browser.reason_not_available() or reason_not_available()
pytestmark = [pytest.mark.browser, pytest.mark.skipif(REASON is not None, reason=str(REASON))]
KNOWN = Path(__file__).parents[1] / "rules" / "routes.txt"  # tests/rules/test_routes.py holds it against the map
LISTED = lines_of(KNOWN.read_text(encoding="utf-8"))
SHOWN = [
    name for name in LISTED if name.startswith("GET") and not name.endswith((".csv", ".json", "/file/"))
]  # kept, not shown

SETUP = "GET /setup/"  # is there only while nothing is set up
NOBODY = ("GET /sign-in", "GET /sign-in-links/<string:token>/", "GET /api/docs", "GET /styleguide")
# Who sees most on a page; Maya, the manager, on all others.
SEES_MOST = {
    "GET /staff/<int:staff_id>/": "ada",  # how somebody stands with signing in
    "GET /workflows/executions/<int:execution_id>/": "ada",  # the technical details
    "GET /workflows/executions/<int:execution_id>/live": "ada",
    "GET /staff/<int:staff_id>/personal-data/": "ada",
    "GET /training/types/": "ada",  # she and HR keep the types of training
    "GET /training/types/<int:type_id>/": "ada",
    "GET /training/types/new/": "ada",
    **dict.fromkeys(NOBODY, ""),
}


@dataclass(frozen=True, kw_only=True)
class House:
    """A server with something on every page, what the pages are, and a cookie for each of the cast."""

    address: str
    pages: dict[str, Page]
    records: dict[str, str]
    cookies: dict[str, str]
    sorcha: str  # her number as a member of staff; she has no password yet


@pytest.fixture(scope="module")
def house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, peopled_tables: tuple[str, Cast]
) -> Iterator[House]:
    """One server for all pages; what is in it happened on the Monday on which all tests stand."""
    folder, (tables, cast) = tmp_path_factory.mktemp("every-page"), peopled_tables
    databases.copy(tables, url := databases.new_url(folder))
    settings = read_settings(database_url=url, instance=str(folder), testing=True)
    flow = Flow(settings, clock=FrozenClock(MONDAY_MORNING))
    records, now = something_of_everything(flow, cast), SystemClock().now()
    records["token"] = flow.database.write(
        lambda session: sign_in_links.make(session, cause_of(cast.ada, now), cast.dan.user_id)
    )
    cookies = {}
    for person in (cast.maya, cast.ada):
        cookies[person.name.lower()] = flow.database.write(
            lambda session, person=person: sessions.open(session, person, now)
        )
    pages = pages_of(create_app(flow=flow))
    flow.close()
    with Server(url, folder=folder) as server:
        yield House(
            address=server.address, pages=pages, records=records, cookies=cookies, sorcha=str(cast.sorcha.staff_id)
        )


@pytest.fixture(scope="module")
def empty(databases: Databases, tmp_path_factory: pytest.TempPathFactory, empty_tables: str) -> Iterator[str]:
    """The link that sets an empty FlowApp up, with its server."""
    folder = tmp_path_factory.mktemp("empty")
    databases.copy(empty_tables, url := databases.new_url(folder))
    with Server(url, folder=folder) as server:
        yield setup_link(read_settings(database_url=url, instance=str(folder)), address=server.address)


@pytest.mark.parametrize("name", [name for name in SHOWN if name != SETUP])
def test_every_page_can_be_used_by_everybody_and_fits_desk_and_phone(
    name: str, house: House, chromium: Browser, seen: set[object]
) -> None:
    with Window(chromium, house.address, seen) as window:
        if who := SEES_MOST.get(name, "maya"):
            window.context.add_cookies([{"name": "flowapp", "value": house.cookies[who], "url": house.address}])
        others = {key: house.records[other] for key, other in ABOUT.get(name, {}).items()}
        look_at(window, url := house.pages[name].about(house.records | others))
        assert window.page.url == house.address + url, "This is another page: nobody is signed in."


def test_setting_up_can_be_done_by_everybody(empty: str, chromium: Browser, seen: set[object]) -> None:
    address, _, query = empty.partition("/setup/")
    with Window(chromium, address, seen) as window:
        look_at(window, "/setup/")
        look_at(window, f"/setup/{query}")


def test_a_sign_in_link_leads_from_the_administrator_to_somebody_who_is_signed_in(
    house: House, chromium: Browser, seen: set[object]
) -> None:
    with Window(chromium, house.address, seen, size=PHONE) as ada:
        ada.context.add_cookies([{"name": "flowapp", "value": house.cookies["ada"], "url": house.address}])
        ada.go(house.pages["GET /staff/<int:staff_id>/"].about(house.records | {"staff_id": house.sorcha}))
        ada.press("Make a sign-in link")
        link = ada.main.get_by_label("Link").input_value()
    with Window(chromium, house.address, seen, size=PHONE) as sorcha:
        sorcha.go(link.removeprefix(house.address))
        sorcha.fill(password="password1")
        sorcha.press("Keep password and sign in")
        assert "Too many people use this password." in sorcha.text
        sorcha.fill(password="warm porridge at seven")
        sorcha.press("Keep password and sign in")
        assert "Your password is kept. You are signed in." in sorcha.text


def look_at(window: Window, url: str) -> None:
    """Go to a page, see that it says what it is, and look at it on a desk and on a phone."""
    resize(window, DESK)
    window.go(url)
    says_what_it_is(window.page)
    resize(window, PHONE)
    window.look()


def resize(window: Window, size: Size) -> None:
    """Give the window another size; that is quicker than opening another one."""
    window.size = size
    window.page.set_viewport_size({"width": size[0], "height": size[1]})


def says_what_it_is(page: PageOfBrowser) -> None:
    """See that there is one heading on top of all others, and that the title begins with it."""
    headings = [" ".join(text.split()) for text in page.locator("h1").all_inner_texts()]
    assert len(headings) == 1, f"there is one h1 on a page, not {headings}"
    assert headings[0]
    assert page.title().startswith(headings[0]), f"the title is {page.title()!r}, and the h1 {headings[0]!r}"


@pytest.mark.parametrize(
    "html",
    [
        "<title>Leave</title><h2>Leave</h2>",  # no h1
        "<title>Leave</title><h1>Leave</h1><h1>Days</h1>",  # two
        "<title></title><h1>Leave</h1>",  # no title
        "<title>Staff</title><h1>Leave</h1>",  # that of another page
        "<title>Leave</title><h1></h1>",  # nothing in it
    ],
)
def test_a_page_that_does_not_say_what_it_is_is_found(html: str, house: House, chromium: Browser) -> None:
    with Window(chromium, house.address, set()) as window:
        window.page.set_content(html)
        with pytest.raises(AssertionError):
            says_what_it_is(window.page)


def test_no_table_speaks_of_a_page_that_is_gone() -> None:
    assert {*SEES_MOST, SETUP} <= set(SHOWN)
