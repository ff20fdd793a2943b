"""Being signed in on a browser: the cookie, and every way it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flowapp.accounts.passwords import CHEAP, hash_password
from flowapp.accounts.user_changes import change_role, deactivate, set_password
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.support.page import PageClient
from tests.support.visitors import Api, sign_in

PASSWORD = "warm porridge at seven"


@pytest.fixture
def with_passwords(flow: Flow, cast: Cast) -> None:
    """Let Dan and Maya sign in with a password."""
    kept = hash_password(PASSWORD, CHEAP)

    def write(session: Session) -> None:
        for who in (cast.dan, cast.maya):
            set_password(session, system(flow), who.user_id, kept)

    flow.database.write(write)


def system(flow: Flow) -> Cause:
    """FlowApp itself, now."""
    return Cause(actor=SYSTEM, at=flow.clock.now())


def signs_in(page: PageClient, **given: str) -> list[str]:
    """Sign in through the form as Dan, and answer the cookies that were set."""
    page.get("/sign-in", base_url=given.get("base_url", "http://localhost"))
    typed = {"email": "dan@example.org", "password": PASSWORD, "next": given.get("next", "")}
    answer = page.post("/sign-in", typed, status=303, base_url=given.get("base_url", "http://localhost"))
    return [*answer.headers.getlist("Set-Cookie"), answer.headers["Location"]]


@pytest.mark.usefixtures("with_passwords")
def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(page: PageClient) -> None:
    cookie, address = signs_in(page)
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert cookie.startswith("flowapp=")
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith(("domain", "expires", "max-age")) for part in parts)  # ends with the browser
    assert address == "/"


@pytest.mark.usefixtures("with_passwords")
def test_over_https_the_cookie_is_bound_to_this_host_and_to_https(page: PageClient) -> None:
    cookie, _ = signs_in(page, base_url="https://localhost")
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert cookie.startswith("__Host-flowapp=")
    assert {"httponly", "samesite=lax", "path=/", "secure"} <= parts
    assert not any(part.startswith("domain") for part in parts)


def test_over_https_every_cookie_is_sent_over_https_only(as_maya: PageClient) -> None:
    """Also the one that carries "All marked as read." to the next page."""
    raw = as_maya.client.get_cookie("flowapp")
    assert raw is not None
    as_maya.client.set_cookie("__Host-flowapp", raw.value, secure=True)
    as_maya.get("/account", base_url="https://localhost")
    answer = as_maya.post("/notifications/read-all", status=303, base_url="https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert [cookie for cookie in cookies if "Secure" not in cookie] == []


@pytest.mark.usefixtures("with_passwords")
def test_a_session_begun_before_signing_in_is_not_taken_over(page: PageClient) -> None:
    """Somebody who can plant a cookie must not be signed in with it afterwards."""
    page.client.set_cookie("flowapp", "planted")
    signs_in(page)
    kept = page.client.get_cookie("flowapp")
    assert kept is not None
    assert kept.value != "planted"
    page.get("/account")
    assert "dan@example.org" in page.text


@pytest.mark.usefixtures("with_passwords")
def test_every_signing_in_has_a_cookie_of_its_own(app: Flask, page: PageClient) -> None:
    first, _ = signs_in(page)
    second, _ = signs_in(PageClient(app.test_client()))
    assert first.split(";")[0] != second.split(";")[0]


def is_in(page: PageClient) -> bool:
    """Say whether a browser is signed in: a page comes, and not the way to sign in."""
    answer = page.client.get("/account")
    assert answer.status_code in (200, 303)
    if answer.status_code == 303:
        assert answer.headers["Location"].startswith("/sign-in")
    return answer.status_code == 200


def test_signing_out_ends_this_session_and_no_other(app: Flask, flow: Flow, cast: Cast) -> None:
    here, there = sign_in(app, flow, cast.dan), sign_in(app, flow, cast.dan)
    raw = here.client.get_cookie("flowapp")
    here.get("/account")
    answer = here.post("/sign-out", status=303)
    assert answer.headers["Location"] == "/sign-in"
    assert not is_in(here)
    assert is_in(there)
    assert raw is not None
    here.client.set_cookie("flowapp", raw.value)  # somebody kept the cookie
    assert not is_in(here)


def test_whoever_does_nothing_for_half_an_hour_is_out(as_dan: PageClient, clock: FrozenClock) -> None:
    clock.advance(minutes=29, seconds=59)
    assert is_in(as_dan)
    clock.advance(minutes=29, seconds=59)  # counted from the last page, not from the first
    assert is_in(as_dan)
    clock.advance(minutes=30, seconds=1)
    assert not is_in(as_dan)


def test_after_twelve_hours_everybody_signs_in_again(as_dan: PageClient, clock: FrozenClock) -> None:
    begin = clock.now()
    while clock.now() - begin < timedelta(hours=11, minutes=40):
        clock.advance(minutes=20)
        assert is_in(as_dan)
    clock.advance(minutes=21)
    assert not is_in(as_dan)


def test_closing_an_account_ends_its_sessions_at_the_next_request(
    flow: Flow, cast: Cast, as_dan: PageClient, as_maya: PageClient
) -> None:
    flow.database.write(lambda session: deactivate(session, system(flow), cast.dan.user_id))
    assert not is_in(as_dan)
    assert is_in(as_maya)


def test_a_program_of_a_closed_account_is_out_at_the_next_call(flow: Flow, cast: Cast, api: Api, app: Flask) -> None:
    headers = {"Authorization": f"Bearer {api.token(cast.dan)}"}
    assert app.test_client().get("/api/v1/workflows", headers=headers).status_code == 200
    flow.database.write(lambda session: deactivate(session, system(flow), cast.dan.user_id))
    assert app.test_client().get("/api/v1/workflows", headers=headers).status_code == 401


@pytest.mark.parametrize("what", ["role", "password"])
def test_another_role_or_password_ends_the_sessions_there_are(
    flow: Flow, cast: Cast, as_maya: PageClient, what: str
) -> None:
    def write(session: Session) -> None:
        if what == "role":
            change_role(session, system(flow), cast.maya.user_id, role="staff", home_ids=[cast.rose])
        else:
            set_password(session, system(flow), cast.maya.user_id, hash_password(PASSWORD, CHEAP))

    flow.database.write(write)
    assert not is_in(as_maya)


@pytest.mark.parametrize("raw", ["", "nonsense", "é", "'; DROP TABLE user; --", "x" * 4000])
def test_a_cookie_that_is_nonsense_signs_nobody_in(page: PageClient, raw: str) -> None:
    page.client.set_cookie("flowapp", raw)
    assert not is_in(page)


@pytest.mark.parametrize(
    ("asked", "next_"),
    [
        ("/leave/", "/leave/"),
        ("/workflows/executions/?status=failed&q=a%20b", "/workflows/executions/?status=failed"),
        ("/", None),  # where one comes anyway
    ],
)
def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(page: PageClient, asked: str, next_: str | None) -> None:
    answer = page.client.get(asked)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert address.startswith("/sign-in")
    page.get(address)
    field = page.soup.select_one("input[name=next]")
    assert field is not None
    assert str(field["value"]).startswith(next_ or "")
    assert bool(field["value"]) is bool(next_)


@pytest.mark.usefixtures("with_passwords")
@pytest.mark.parametrize(
    ("next_", "goes_to"),
    [("/leave/", "/leave/"), ("//evil.example/", "/"), ("https://evil.example/", "/"), ("", "/")],
)
def test_signing_in_leads_back_to_our_own_pages_only(page: PageClient, next_: str, goes_to: str) -> None:
    assert signs_in(page, next=next_)[-1] == goes_to


def test_a_fragment_asked_for_after_the_session_has_ended_brings_the_whole_browser_to_sign_in(
    page: PageClient,
) -> None:
    answer = page.client.get("/workflows/executions/", headers={"HX-Request": "true"})
    assert answer.status_code != 303
    assert "/sign-in" in answer.headers.get("HX-Redirect", "")
