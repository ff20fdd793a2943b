"""A sign-in link: made on the page of a member of staff, followed once, and then a password is chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.passwords import CHEAP, hash_password, verify
from flowapp.accounts.sign_in_links import LinkOver, SignInLink, make, use
from flowapp.accounts.user_changes import activate, deactivate, set_password
from flowapp.accounts.users import USERS
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.factory import create_app
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.factories import a_member
from tests.support.page import PageClient
from tests.support.visitors import sign_in

PASSWORD = "warm porridge at seven"


@pytest.fixture
def as_ada(app: Flask, flow: Flow, cast: Cast) -> PageClient:
    """Ada's browser: she looks after FlowApp."""
    return sign_in(app, flow, cast.ada)


def made(page: PageClient, staff_id: int | None) -> str:
    """Press the button on a member's page, and answer the path of the link."""
    page.get(f"/staff/{staff_id}/")
    button = page.soup.select_one("#make-sign-in-link")
    page.post(button.find_parent("form")["action"], status=200)
    return str(page.soup.select_one("#link")["value"]).removeprefix("http://localhost")


def as_system(flow: Flow) -> Cause:
    """Answer the cause of what FlowApp itself does now."""
    return Cause(actor=SYSTEM, at=flow.clock.now())


def kept_password(flow: Flow, cast: Cast) -> str:
    """Answer what is kept of Dan's password."""
    with flow.database.read() as session:
        return session.scalars(select(USERS.c.password_hash).where(USERS.c.id == cast.dan.user_id)).one()


def test_somebody_new_follows_the_link_chooses_a_password_and_is_in(
    as_ada: PageClient, page: PageClient, cast: Cast
) -> None:
    as_ada.get(f"/staff/{cast.dan.staff_id}/")
    assert "Dan cannot sign in yet." in as_ada.text
    link = made(as_ada, cast.dan.staff_id)
    assert "It works once, until Monday 30 November 2026, 09:00." in as_ada.text

    page.get(link)
    assert page.soup.select_one("#email")["value"] == "dan@example.org"
    assert page.soup.select_one("#password")["autocomplete"] == "new-password"
    assert page.post(link, {"password": PASSWORD}, status=303).location == "/"
    page.get("/account")
    assert "dan@example.org" in page.text

    page.post("/sign-out", status=303)
    page.get("/sign-in")
    page.post("/sign-in", {"email": "dan@example.org", "password": PASSWORD}, status=303)
    as_ada.get(f"/staff/{cast.dan.staff_id}/")
    assert "If Dan has forgotten the password" in as_ada.text


def test_looking_at_the_link_does_not_use_it_up(as_ada: PageClient, page: PageClient, cast: Cast) -> None:
    link = made(as_ada, cast.dan.staff_id)
    for _ in range(3):
        page.get(link)
    page.client.head(link)
    page.post(link, {"password": PASSWORD}, status=303)


def test_a_used_link_says_so_and_changes_nothing(
    as_ada: PageClient, app: Flask, page: PageClient, flow: Flow, cast: Cast
) -> None:
    link, other = made(as_ada, cast.dan.staff_id), PageClient(app.test_client())
    other.get(link)
    page.get(link)
    page.post(link, {"password": PASSWORD}, status=303)
    before = kept_password(flow, cast)
    other.post(link, {"password": "another one of mine"}, status=410)
    assert "was used before, and each one works once" in other.text
    other.get(link, status=410)
    assert other.soup.select_one('main a[href="/sign-in"]')
    assert kept_password(flow, cast) == before
    assert verify(before, PASSWORD)


def test_a_link_is_too_old_after_seven_days(
    as_ada: PageClient, page: PageClient, flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    link = made(as_ada, cast.dan.staff_id)
    clock.advance(days=7, seconds=-1)
    page.get(link)
    clock.advance(seconds=1)
    page.post(link, {"password": PASSWORD}, status=410)
    assert "too old: it worked for 7 days" in page.text
    page.get(link, status=410)
    assert kept_password(flow, cast) == ""


def test_only_the_newest_link_works(as_ada: PageClient, page: PageClient, cast: Cast) -> None:
    first, second = made(as_ada, cast.dan.staff_id), made(as_ada, cast.dan.staff_id)
    page.get(first, status=410)
    assert "a newer one was made" in page.text
    page.get(second)


def test_one_persons_link_does_not_end_anothers(as_ada: PageClient, page: PageClient, cast: Cast) -> None:
    link = made(as_ada, cast.dan.staff_id)
    made(as_ada, cast.sorcha.staff_id)
    page.get(link)


def test_a_link_ends_when_the_account_is_closed_or_changed(
    as_ada: PageClient, page: PageClient, flow: Flow, cast: Cast
) -> None:
    link, dan = made(as_ada, cast.dan.staff_id), cast.dan.user_id
    flow.database.write(lambda session: deactivate(session, as_system(flow), dan))
    page.get(link, status=410)
    assert "the account was changed after it was made" in page.text
    flow.database.write(lambda session: activate(session, as_system(flow), dan))
    page.get(link, status=410)

    link = made(as_ada, cast.dan.staff_id)
    flow.database.write(lambda session: set_password(session, as_system(flow), dan, "hash"))
    page.get(link, status=410)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "Use at least 8 characters"),
        ("", "Use at least 8 characters"),
        ("x" * 129, "Use at most 128 characters"),
        ("password1", "Too many people use this password."),
        ("dan@example.org", "not your email address"),
    ],
)
def test_a_weak_password_is_refused_in_words_and_the_link_still_works(
    as_ada: PageClient, page: PageClient, flow: Flow, cast: Cast, password: str, words: str
) -> None:
    link = made(as_ada, cast.dan.staff_id)
    page.get(link)
    page.post(link, {"password": password}, status=422)
    assert words in page.soup.select_one('.error-summary a[href="#password"]').get_text()
    assert not page.soup.select_one("#password").get("value")
    assert kept_password(flow, cast) == ""
    page.post(link, {"password": PASSWORD}, status=303)


def test_choosing_a_password_ends_every_session_there_was(as_ada: PageClient, as_dan: PageClient, cast: Cast) -> None:
    as_dan.get("/account")
    link = made(as_ada, cast.dan.staff_id)
    as_dan.get("/account")  # making a link ends nothing
    other = PageClient(as_ada.client.application.test_client())
    other.get(link)
    other.post(link, {"password": PASSWORD}, status=303)
    as_dan.get("/account", status=303)


def test_the_link_is_kept_nowhere_and_what_was_done_is_noted(
    as_ada: PageClient, page: PageClient, flow: Flow, cast: Cast
) -> None:
    link = made(as_ada, cast.dan.staff_id)
    raw = link.strip("/").rpartition("/")[2]
    assert len(raw) >= 43
    page.get(link)
    page.post(link, {"password": PASSWORD}, status=303)
    with flow.database.read() as session:
        rows = [*session.scalars(select(SignInLink)), *session.scalars(select(AuditEntry))]
        entries = session.execute(select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2))
        noted = [tuple(entry) for entry in entries]
    assert raw not in str([vars(row) for row in rows])
    assert noted == [
        (f"user:{cast.dan.user_id}", "account.password"),
        (f"user:{cast.ada.user_id}", "account.sign_in_link"),
    ]
    as_ada.get(f"/staff/{cast.dan.staff_id}/")
    assert raw not in str(as_ada.soup)


@pytest.mark.parametrize("token", ["word", "x" * 43, "é", "1" * 3000])
def test_an_unknown_link_is_not_found(page: PageClient, token: str) -> None:
    page.get(f"/sign-in-links/{token}/", status=404)
    assert "Check that you copied all of it" in page.text
    page.get("/sign-in")
    page.post(f"/sign-in-links/{token}/", {"password": PASSWORD}, status=404)


@pytest.mark.parametrize("name", ["dan", "sorcha", "maya", "hana"])
def test_only_whoever_looks_after_accounts_makes_links(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    browser = sign_in(app, flow, getattr(cast, name))
    browser.get(f"/staff/{getattr(cast, name).staff_id or cast.dan.staff_id}/")
    assert browser.soup.select_one("#signing-in") is None
    browser.post(f"/staff/{cast.dan.staff_id}/sign-in-link", status=403)
    with flow.database.read() as session:
        assert session.scalars(select(SignInLink)).all() == []


def test_a_closed_account_and_no_account_get_no_link(as_ada: PageClient, flow: Flow, cast: Cast) -> None:
    alone = flow.database.write(lambda session: a_member(session, flow.clock.now(), name="Gus", home_id=cast.rose))
    flow.database.write(lambda session: deactivate(session, as_system(flow), cast.dan.user_id))
    for staff_id, words in ((alone, "Gus has no account"), (cast.dan.staff_id, "The account is closed.")):
        as_ada.get(f"/staff/{staff_id}/")
        assert words in as_ada.text
        assert as_ada.soup.select_one("#make-sign-in-link") is None
        as_ada.post(f"/staff/{staff_id}/sign-in-link", status=409)
        assert "pen the account again first." in as_ada.text or "Open an account first." in as_ada.text
    as_ada.post("/staff/9999/sign-in-link", status=404)


def test_the_link_has_the_address_that_people_reach_flowapp_at(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    told = Flow(flow.settings.model_copy(update={"base_url": "https://rota.example.org/"}), clock=clock)
    browser = sign_in(create_app(flow=told), told, cast.ada)
    assert made(browser, cast.dan.staff_id).startswith("https://rota.example.org/sign-in-links/")
    told.close()


def test_of_two_who_choose_at_the_same_moment_one_wins(flow: Flow, cast: Cast) -> None:
    hashes, now = [hash_password(word, CHEAP) for word in ("one of us", "the other")], flow.clock.now()
    raw = flow.database.write(lambda session: make(session, as_system(flow), cast.dan.user_id))

    def first(session: Session) -> None:
        use(session, raw, hashes[0], now)

    def second(session: Session) -> None:
        use(session, raw, hashes[1], now + timedelta(seconds=1))

    flow.database.write(first)
    with pytest.raises(LinkOver, match="used before"):
        flow.database.write(second)
    assert kept_password(flow, cast) == hashes[0]


def test_a_link_of_an_account_whose_role_is_unknown_is_not_found(
    as_ada: PageClient, page: PageClient, flow: Flow, cast: Cast
) -> None:
    link = made(as_ada, cast.dan.staff_id)
    flow.database.write(
        lambda session: session.execute(update(USERS).where(USERS.c.id == cast.dan.user_id).values(role="cook"))
    )
    page.get(link, status=404)
