"""Browsers and programs that act as somebody of the cast."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from flowapp.accounts import sessions, tokens
from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from tests.support.page import PageClient


def sign_in(app: Flask, flow: Flow, person: Person) -> PageClient:
    """Give a browser a session of this person."""
    raw = flow.database.write(lambda session: sessions.open(session, person, flow.clock.now()))
    client = app.test_client()
    client.set_cookie("flowapp", raw)
    return PageClient(client)


class Api:
    """The API as programs ask it."""

    def __init__(self, app: Flask, flow: Flow) -> None:
        self._client = app.test_client()
        self._flow = flow

    def token(self, person: Person, *, scopes: tuple[str, ...] = ("read", "run", "rota")) -> str:
        """Make a token for somebody."""
        now = self._flow.clock.now()
        cause = Cause(actor=SYSTEM, at=now)
        return self._flow.database.write(
            lambda session: tokens.create(
                session,
                cause,
                user_id=person.user_id,
                name="test",
                scopes=scopes,
                expires_at=now + timedelta(days=1),
            )
        )

    def call(
        self,
        method: str,
        path: str,
        person: Person,
        json: Any = None,
        *,
        scopes: tuple[str, ...] = ("read", "run", "rota"),
        **headers: str,
    ) -> TestResponse:
        """Ask the API as somebody."""
        sent = {"Authorization": f"Bearer {self.token(person, scopes=scopes)}", **headers}
        return self._client.open(f"/api/v1{path}", method=method, json=json, headers=sent)
