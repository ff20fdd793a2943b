"""Five questions to every page: does it work, for whom, what of other homes, of bad input, of what is not there?

The pages are those of the URL map; tests/http/five_tables.py says what a form is sent, and why a question makes no
sense where it makes none. A page that answers otherwise fails, and so does a form that no table speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from bs4 import Tag
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from flowapp.bootstrap import Flow
from flowapp.factory import create_app
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.settings import read_settings
from tests.cast import Cast
from tests.conftest import MONDAY_MORNING
from tests.http.every_page import Page, lines_of, pages_of, something_of_everything
from tests.http.five_tables import (
    ABOUT,
    ELSEWHERE,
    FOR_ALL_ROLES,
    NO_OUTSIDER,
    NOT_KEPT,
    NOTHING_TO_TYPE,
    OPEN_TO_ALL,
    REFUSED,
    SENDER,
    SENT,
    TABLES,
    WORKS_ELSEWHERE,
    WRONG,
)
from tests.support.databases import Databases
from tests.support.page import PageClient
from tests.support.visitors import sign_in

KNOWN = Path(__file__).parents[1] / "rules" / "routes.txt"  # tests/rules/test_routes.py holds it against the map
ASKED_IN_ADDRESSES = ("q", "page", "before", "status", "home", "role", "workflow", "month", "next", "key", "unit")
ROLES = ("dan", "sorcha", "maya", "hana", "ada")  # one of each
NONSENSE = ("\x00", "é" * 3000, "9" * 400, "../../etc/passwd", "{{ 7 * 7 }}", "🦆")
# What a program would say, and a person cannot read: snake_case, dotted places, classes, Python's own words.
CODE = re.compile(r"\b[a-z]+(_[a-z]+)+\b|\[\d+\]|\b\w+(Error|Exception)\b|\bNone\b|\bTrue\b|\bFalse\b")


PAGES = [name for name in lines_of(KNOWN.read_text(encoding="utf-8")) if name not in ELSEWHERE]
OF_RECORDS = [name for name in PAGES if "<" in name]
SHOWN = [name for name in PAGES if name.startswith("GET")]
POSTED = [name for name in PAGES if name.startswith("POST")]


class Asking:
    """Whoever asks the pages of a FlowApp in which there is something of everything."""

    def __init__(self, app: Flask, flow: Flow, cast: Cast) -> None:
        self.app, self.flow, self.cast = app, flow, cast
        self.pages = pages_of(app)
        self.records = something_of_everything(flow, cast)

    def about(self, name: str) -> tuple[Page, str]:
        """Answer a page, and its address about a record of Rose House."""
        page = self.pages[name]
        missing = set(page.names) - set(self.records)
        assert not missing, f"Say in tests/http/every_page.py, something_of_everything, what {missing} are."
        others = {key: self.records[other] for key, other in ABOUT.get(name, {}).items()}
        return page, page.about(self.records | others)

    def sender(self, page: Page) -> str:
        """Answer whom the page works for, by their name in the cast."""
        return SENDER[str(page)] if str(page) in SENDER else page.whose(self.cast)

    def browser(self, name: str) -> PageClient:
        """Open a browser of somebody of the cast, or of nobody."""
        return sign_in(self.app, self.flow, getattr(self.cast, name)) if name else PageClient(self.app.test_client())

    def ask(
        self, page: Page, name: str, url: str, data: Mapping[str, str] | None = None, *, status: int | None = None
    ) -> tuple[PageClient, TestResponse]:
        """Ask as somebody of the cast, or as nobody; the browser refuses a page with faults."""
        browser = self.browser(name)
        if page.method == "GET":
            return browser, browser.get(url, status=status or 200)
        return browser, browser.post(url, {"csrf_token": token_of(browser, name), **(data or {})}, status=status)


def token_of(browser: PageClient, name: str) -> str:
    """Answer the token that the forms of somebody's browser carry."""
    browser.get("/account" if name else "/sign-in")
    return str(browser.soup.select_one("input[name=csrf_token]")["value"])


@pytest.fixture
def asking(app: Flask, flow: Flow, cast: Cast) -> Asking:
    """Asks the pages."""
    return Asking(app, flow, cast)


@pytest.fixture(scope="module")
def still(
    tmp_path_factory: pytest.TempPathFactory,
    databases: Databases,
    peopled_tables: tuple[str, Cast],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Asking]:
    """Asks what changes nothing, of one FlowApp for all these questions."""
    folder, (tables, cast) = tmp_path_factory.mktemp("still"), peopled_tables
    databases.copy(tables, url := databases.new_url(folder))
    settings = read_settings(database_url=url, instance=str(folder), secret_key="test", testing=True)
    flow = Flow(settings, clock=FrozenClock(MONDAY_MORNING))
    app = create_app(flow=flow)
    app.jinja_env.bytecode_cache = compiled_templates
    yield Asking(app, flow, cast)
    flow.close()


def test_every_page_of_the_map_is_asked(app: Flask) -> None:
    assert set(pages_of(app)) == {*PAGES, *ELSEWHERE}


def test_every_form_says_what_it_is_sent_and_what_may_be_wrong_with_it() -> None:
    works, wrong = {*SENT, *WORKS_ELSEWHERE}, {*WRONG, *NOTHING_TO_TYPE}
    assert works == set(POSTED), "Say in SENT what the form is sent when all is well."
    assert wrong == set(POSTED), "Say in WRONG what may be wrong with it, or in NOTHING_TO_TYPE why nothing can."
    assert not [*WORKS_ELSEWHERE.keys() & SENT, *NOTHING_TO_TYPE.keys() & WRONG]


def test_no_table_speaks_of_a_page_that_is_gone(app: Flask) -> None:
    assert {name for table in TABLES for name in table} <= set(pages_of(app))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_asked_elsewhere_is_not_there_once_something_is_set_up(still: Asking, name: str) -> None:
    page, url = still.about(name)
    still.ask(page, "", url, status=404)


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_works_for_whoever_has_the_permission(still: Asking, name: str) -> None:
    page, url = still.about(name)
    browser, _ = still.ask(page, still.sender(page), url)
    browser.fragment(url)


@pytest.mark.parametrize("name", SENT)
def test_a_form_works_for_whoever_has_the_permission(asking: Asking, name: str) -> None:
    page, url = asking.about(name)
    _, answer = asking.ask(page, asking.sender(page), url, SENT[name])
    assert answer.status_code in (200, 303)
    if page.route.access != "public" and name != "POST /sign-out":
        assert not answer.headers.get("Location", "").startswith("/sign-in")


def test_every_page_says_who_is_refused_or_why_nobody_is() -> None:
    assert {*REFUSED, *FOR_ALL_ROLES, *OPEN_TO_ALL} == set(PAGES), "Say in REFUSED who is refused."
    assert len(REFUSED) + len(FOR_ALL_ROLES) + len(OPEN_TO_ALL) == len(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_somebody_without_the_permission_is_refused_in_words(still: Asking, name: str) -> None:
    page, url = still.about(name)
    without = tuple(who for who in ROLES if not page.may_be_asked_by(getattr(still.cast, who)))
    assert without == REFUSED.get(name, ()), f"The page asks for {page.route.access}."
    for who in without:
        browser, _ = still.ask(page, who, url, SENT.get(name), status=403)
        assert "You may not do this" in browser.text


@pytest.mark.parametrize("name", PAGES)
def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(still: Asking, name: str) -> None:
    page, url = still.about(name)
    assert (page.route.access == "public") == (name in OPEN_TO_ALL), "Say in OPEN_TO_ALL why everybody may."
    if name not in OPEN_TO_ALL:
        _, answer = still.ask(page, "", url, SENT.get(name), status=303)
        back = f"?next={url}" if page.method == "GET" and url != "/" else ""
        assert answer.location == f"/sign-in{back}"


@pytest.mark.parametrize("name", OF_RECORDS)
def test_a_record_of_another_home_is_not_there(still: Asking, name: str) -> None:
    page, url = still.about(name)
    outsiders = [who for who in ("vic", "erin") if page.may_be_asked_by(getattr(still.cast, who))]
    assert bool(outsiders) == (name not in NO_OUTSIDER) or page.route.access == "public"
    for who in outsiders if name not in NO_OUTSIDER else ():
        browser, _ = still.ask(page, who, url, SENT.get(name), status=404)
        nothing, _ = still.ask(page, who, page.about_nothing, SENT.get(name), status=404)
        assert words_of(browser) == words_of(nothing), "The words tell that the record exists."


@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_told_in_words_and_what_was_typed_is_kept(still: Asking, name: str) -> None:
    page, url = still.about(name)
    browser, _ = still.ask(page, still.sender(page), url, WRONG[name], status=422)
    told = [" ".join(each.get_text(" ").split()) for each in browser.soup.select(".error-summary li")]
    assert told
    assert [words for words in told if CODE.search(words) or not words.endswith(".") or " " not in words] == []
    for field in browser.soup.select(".error-summary li a"):
        assert browser.soup.select_one(str(field["href"])), f"{field['href']} is no field of the page"
    kept = {field: typed_in(browser, field) for field in WRONG[name]}
    assert kept == {field: NOT_KEPT.get(field, text) for field, text in WRONG[name].items()}


@pytest.mark.parametrize("name", WRONG)
def test_a_page_with_a_mistake_on_it_says_so_in_its_title(still: Asking, name: str) -> None:
    page, url = still.about(name)
    browser, _ = still.ask(page, still.sender(page), url, WRONG[name], status=422)
    assert str(browser.soup.title.get_text()).startswith("Error: ")


@pytest.mark.parametrize("name", SHOWN)
def test_nonsense_in_an_address_breaks_nothing(still: Asking, name: str) -> None:
    page, url = still.about(name)
    names = {*ASKED_IN_ADDRESSES, *WRONG.get(f"POST {page.route.path}", ())}
    browser = still.browser(still.sender(page))
    for text in NONSENSE:
        answer = browser.client.get(url, query_string=dict.fromkeys(names, text))
        assert answer.status_code < 500, f"{text[:20]!r} is answered with {answer.status}"


@pytest.mark.parametrize("name", POSTED)
def test_nonsense_in_a_form_breaks_nothing(asking: Asking, name: str) -> None:
    page, url = asking.about(name)
    browser = asking.browser(who := asking.sender(page))
    token = token_of(browser, who)
    for text in NONSENSE:
        fields = dict.fromkeys({"nonce", "next", *SENT.get(name, ()), *WRONG.get(name, ())}, text)
        answer = browser.client.post(url, data=fields | {"csrf_token": token})
        assert answer.status_code < 500, f"{text[:20]!r} is answered with {answer.status}"


@pytest.mark.parametrize("name", OF_RECORDS)
def test_a_record_that_does_not_exist_is_not_found(still: Asking, name: str) -> None:
    page, _ = still.about(name)
    browser, _ = still.ask(page, still.sender(page), page.about_nothing, SENT.get(name), status=404)
    assert "Page not found" in browser.text


def words_of(page: PageClient) -> str:
    """Answer the words of the page itself, without what stands around each page."""
    main = page.soup.select_one("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def typed_in(page: PageClient, name: str) -> str:
    """Answer what is in a field of the page."""
    field = page.soup.select_one(f'main [name="{name}"]')
    assert isinstance(field, Tag), f"there is no field {name} on the page any more"
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    if field.name == "select":
        chosen = field.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    return str(field.get("value", ""))


@pytest.mark.parametrize(
    ("words", "is_code"),
    [
        ("The reason has more than 2000 characters; shorten it.", False),
        ("Choose one of these: not_a_number.", True),  # what programs read
        ("steps[0] is not right.", True),  # a place in a document
        ("ValidationError: Field required.", True),
        ("The first day is None.", True),
        ("Nobody has decided yet.", False),
    ],
)
def test_a_bare_code_is_told_from_words(words: str, is_code: bool) -> None:
    assert bool(CODE.search(words)) is is_code


def test_a_page_that_is_new_is_found(own_app: Flask) -> None:
    before = set(pages_of(own_app))
    own_app.add_url_rule("/rota/<int:week_id>/", endpoint="rota", view_func=lambda week_id: "", methods=["GET", "POST"])
    assert set(pages_of(own_app)) - before == {"GET /rota/<int:week_id>/", "POST /rota/<int:week_id>/"}
    with pytest.raises(KeyError):
        pages_of(own_app)["GET /rota/<int:week_id>/"].about({})
