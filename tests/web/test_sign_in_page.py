"""Signing in, one's own account, signing out."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flowapp.accounts.passwords import CHEAP, hash_password
from flowapp.accounts.user_changes import deactivate, set_password
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from tests.cast import Cast
from tests.support.page import PageClient

PASSWORD = "warm porridge at seven"
WRONG = "The email address or the password is not right."


@pytest.fixture(autouse=True)
def _dan_has_a_password(flow: Flow, cast: Cast) -> None:
    kept = hash_password(PASSWORD, CHEAP)
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    flow.database.write(lambda session: set_password(session, cause, cast.dan.user_id, kept))


def sign_in(page: PageClient, email: str, password: str, *, status: int) -> None:
    """Fill in the form and send it."""
    page.get("/sign-in")
    page.post("/sign-in", {"email": email, "password": password, "next": "/leave/"}, status=status)


def test_the_form_can_be_filled_in_by_a_password_store(page: PageClient) -> None:
    page.get("/sign-in")
    found = {str(field["name"]): field.get("autocomplete") for field in page.soup.select("main input[id]")}
    assert found == {"email": "username", "password": "current-password"}
    password = page.soup.select_one("input[name=password]")
    assert password is not None
    assert password["type"] == "password"


@pytest.mark.parametrize("email", ["dan@example.org", "DAN@Example.ORG", "  dan@example.org "])
def test_with_the_right_password_one_is_in(page: PageClient, email: str) -> None:
    sign_in(page, email, PASSWORD, status=303)
    page.get("/account")
    assert "Dan" in page.text
    assert "dan@example.org" in page.text


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("dan@example.org", "wrong"),
        ("dan@example.org", ""),
        ("nobody@example.org", PASSWORD),
        ("maya@example.org", ""),  # has no password yet
        ("", ""),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("x" * 10_000, "y" * 10_000),
    ],
)
def test_a_wrong_address_and_a_wrong_password_are_told_the_same(page: PageClient, email: str, password: str) -> None:
    sign_in(page, email, password, status=422)
    assert WRONG in page.text
    assert page.client.get("/account").status_code == 303


def test_what_was_typed_is_kept_except_for_the_password(page: PageClient) -> None:
    sign_in(page, 'dan@example.org"><script>', "secret-word", status=422)
    email, password = page.soup.select_one("#email"), page.soup.select_one("#password")
    assert email is not None
    assert password is not None
    assert email["value"] == 'dan@example.org"><script>'
    assert not password.get("value")
    assert "secret-word" not in str(page.soup)
    kept = page.soup.select_one("input[name=next]")
    assert kept is not None
    assert kept["value"] == "/leave/"


def test_a_closed_account_does_not_come_in(flow: Flow, cast: Cast, page: PageClient) -> None:
    cause = Cause(actor=SYSTEM, at=flow.clock.now())

    def close(session: Session) -> None:
        deactivate(session, cause, cast.dan.user_id)

    flow.database.write(close)
    sign_in(page, "dan@example.org", PASSWORD, status=422)
    assert WRONG in page.text


def test_who_guesses_too_often_is_told_to_wait_though_the_password_is_right(page: PageClient) -> None:
    for _ in range(12):
        page.get("/sign-in")
        answer = page.post("/sign-in", {"email": "dan@example.org", "password": "wrong"}, status=422)
        if WRONG not in answer.text:
            break
    sign_in(page, "dan@example.org", PASSWORD, status=422)
    assert WRONG not in page.text
    assert page.client.get("/account").status_code == 303


def test_the_account_page_says_who_one_is(as_maya: PageClient) -> None:
    as_maya.get("/account")
    for words in ("Maya", "maya@example.org", "Manager"):
        assert words in as_maya.text


def test_the_account_page_is_nobody_elses(app: Flask, cast: Cast) -> None:
    stranger = PageClient(app.test_client())
    assert stranger.client.get("/account").status_code == 303


def test_signing_out_leads_to_the_form(as_dan: PageClient) -> None:
    as_dan.get("/account")
    assert as_dan.post("/sign-out", status=303).headers["Location"] == "/sign-in"
    assert as_dan.client.get("/").status_code == 303


def test_a_page_for_nobody_shows_no_places_one_may_not_go(page: PageClient) -> None:
    page.get("/sign-in")
    assert page.soup.select("nav") == []
    assert "Sign out" not in page.text
