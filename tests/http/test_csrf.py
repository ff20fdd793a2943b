"""Another site cannot change anything in a visitor's name."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from flowapp.bootstrap import Flow
from tests.cast import Cast
from tests.factories import a_document, a_workflow, leave_asked
from tests.http.addresses import addresses
from tests.http.whole_database import contents
from tests.support.page import PageClient
from tests.support.visitors import Api, sign_in

BY_HAND = [{"id": "by_hand", "type": "manual"}]


@pytest.fixture(autouse=True)
def _something_to_change(flow: Flow, cast: Cast) -> None:
    a_workflow(flow, cast.maya, a_document(triggers=BY_HAND), home_id=cast.rose)
    leave_asked(flow, cast.dan)


def token_of(page: PageClient) -> str:
    """Answer the token that this browser's forms carry."""
    page.get("/account")
    field = page.soup.select_one("input[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def send(page: PageClient, url: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
    """Post to an address without any help of the page client."""
    return page.client.post(url, data=data or {}, headers=headers)


def test_there_are_addresses_to_try(app: Flask) -> None:
    assert {"/leave/", "/leave/1/approve", "/sign-in", "/sign-out", "/notifications/read-all"} <= set(
        addresses(app, "POST")
    )


def test_without_a_token_no_address_changes_anything(app: Flask, flow: Flow, as_maya: PageClient) -> None:
    before = contents(flow)
    for url in addresses(app, "POST"):
        answer = send(as_maya, url, {"reason": "x"})
        assert answer.status_code == 400, url
        assert "please try again" in answer.text, url
    assert contents(flow) == before


def test_with_somebody_elses_token_no_address_changes_anything(
    app: Flask, flow: Flow, as_maya: PageClient, as_dan: PageClient
) -> None:
    foreign, before = token_of(as_dan), contents(flow)
    for url in addresses(app, "POST"):
        assert send(as_maya, url, {"csrf_token": foreign}).status_code == 400, url
        assert send(as_maya, url, {}, **{"X-CSRFToken": foreign}).status_code == 400, url
    assert contents(flow) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site", "CROSS-SITE", "", "nonsense"])
def test_what_a_browser_says_comes_from_elsewhere_changes_nothing(
    app: Flask, flow: Flow, as_maya: PageClient, site: str
) -> None:
    token, before = token_of(as_maya), contents(flow)
    for url in addresses(app, "POST"):
        assert send(as_maya, url, {"csrf_token": token}, **{"Sec-Fetch-Site": site}).status_code == 400, url
    assert contents(flow) == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_a_form_that_another_origin_sends_changes_nothing(as_maya: PageClient, origin: str) -> None:
    token = token_of(as_maya)
    assert send(as_maya, "/notifications/read-all", {"csrf_token": token}, Origin=origin).status_code == 400


def test_a_form_of_our_own_origin_is_let_through(as_maya: PageClient) -> None:
    token = token_of(as_maya)
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert send(as_maya, "/notifications/read-all", {"csrf_token": token}, **headers).status_code == 303


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_are_let_through(as_maya: PageClient, site: str) -> None:
    token = token_of(as_maya)
    answer = send(as_maya, "/notifications/read-all", {"csrf_token": token}, **{"Sec-Fetch-Site": site})
    assert answer.status_code == 303


def test_htmx_may_send_the_token_as_a_header(as_maya: PageClient) -> None:
    token = token_of(as_maya)
    answer = send(as_maya, "/notifications/read-all", {}, **{"X-CSRFToken": token, "HX-Request": "true"})
    assert answer.status_code == 303


def test_every_page_hands_htmx_the_token_its_forms_carry(as_maya: PageClient) -> None:
    token = token_of(as_maya)
    body = as_maya.soup.body
    assert body is not None
    assert token in str(body.get("hx-headers:inherited") or body.get("hx-headers"))


@pytest.mark.parametrize("token", ["", " ", "é", "\x00", "x" * 10_000, "None", "undefined"])
def test_a_token_that_is_nonsense_is_refused_and_nothing_worse(as_maya: PageClient, token: str) -> None:
    assert send(as_maya, "/notifications/read-all", {"csrf_token": token}).status_code == 400


def test_the_token_is_another_one_after_signing_in_again(app: Flask, flow: Flow, cast: Cast) -> None:
    first, second = (token_of(sign_in(app, flow, cast.maya)) for _ in range(2))
    assert first != second


def test_signing_in_needs_a_token_of_this_very_browser(app: Flask, page: PageClient) -> None:
    def form(client: Any) -> str:
        other = PageClient(client)
        other.get("/sign-in")
        field = other.soup.select_one("input[name=csrf_token]")
        assert field is not None
        return str(field["value"])

    foreign = form(app.test_client())
    typed = {"email": "maya@example.org", "password": "x"}
    assert send(page, "/sign-in", typed).status_code == 400
    assert send(page, "/sign-in", {**typed, "csrf_token": foreign}).status_code == 400
    own = form(page.client)
    assert send(page, "/sign-in", {**typed, "csrf_token": own}).status_code == 422  # a wrong password, now


def test_the_cookie_of_the_sign_in_form_cannot_be_read_by_scripts(page: PageClient) -> None:
    [cookie] = page.get("/sign-in").headers.getlist("Set-Cookie")
    assert cookie.startswith("flowapp_form=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_programs_with_a_token_of_their_own_need_none(api: Api, cast: Cast) -> None:
    assert api.call("POST", "/leave-requests/1/approve", cast.maya, {}).status_code == 200


def test_a_browsers_session_opens_nothing_in_the_api(app: Flask, flow: Flow, as_maya: PageClient) -> None:
    token, before = token_of(as_maya), contents(flow)
    for url in addresses(app, "POST", api=True):
        assert send(as_maya, url, {"csrf_token": token}).status_code == 401, url
    for url in addresses(app, "GET", api=True):
        if url not in ("/api/docs", "/api/openapi.json"):  # what the API can do is no secret
            assert as_maya.client.get(url).status_code == 401, url
    assert contents(flow) == before


def test_a_page_that_is_only_looked_at_needs_no_token(as_maya: PageClient) -> None:
    assert as_maya.client.get("/leave/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert as_maya.client.head("/leave/").status_code == 200
