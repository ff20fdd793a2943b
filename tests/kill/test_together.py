"""Requests that arrive at the same moment and are committed together stay each one's own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.http.idempotency import IdempotencyKey
from flowapp.rota.leave import LeaveRequest
from tests.cast import Cast
from tests.support.visitors import Api

PATIENCE = 10.0
A_MOMENT = 0.05  # from saying that one wants to write to standing in the queue
DAY, DAY_BEFORE = date(2026, 12, 8), date(2026, 12, 7)


class Crowd:
    """Requests held up behind one change until all of them wait, and then let go on at once."""

    def __init__(self, app: Flask, api: Api) -> None:
        self.app = app
        self.api = api
        self.wants_to_write = threading.Semaphore(0)
        self.answers: dict[str, int] = {}
        self.threads: list[threading.Thread] = []

    def token(self, person: Person, *, used: bool) -> str:
        """Make a token; the first use of one is noted, which is a change too.

        Once the statements of the road have been compiled, two requests are quick enough to share a transaction.
        """
        token = self.api.token(person)
        if used:
            assert self._post(token, DAY_BEFORE, f"an earlier key of {person.name}") == 201
        return token

    def ask(self, person: Person, token: str) -> None:
        """Ask for a day of leave in a thread of its own, and wait until that wants to write."""
        thread = threading.Thread(target=self._ask, args=(person.name, token), daemon=True)
        self.threads.append(thread)
        thread.start()
        assert self.wants_to_write.acquire(timeout=PATIENCE)
        threading.Event().wait(A_MOMENT)

    def everybody_answered(self) -> bool:
        """Wait for every request, and say whether all came to an end."""
        for thread in self.threads:
            thread.join(PATIENCE)
        return not any(thread.is_alive() for thread in self.threads)

    def _ask(self, name: str, token: str) -> None:
        self.answers[name] = self._post(token, DAY, f"the key of {name}")

    def _post(self, token: str, day: date, key: str) -> int:
        body = {"type": "ANNUAL", "start_date": day.isoformat(), "end_date": day.isoformat()}
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return self.app.test_client().post("/api/v1/leave-requests", json=body, headers=headers).status_code


@pytest.fixture
def crowd(app: Flask, api: Api, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """A crowd, which is told whenever somebody wants to write."""
    made, write = Crowd(app, api), flow.database.write

    def announced(*given: Any, **named: Any) -> Any:
        made.wants_to_write.release()
        return write(*given, **named)

    monkeypatch.setattr(flow.database, "write", announced)
    return made


@contextmanager
def database_kept(flow: Flow, crowd: Crowd) -> Iterator[None]:
    """Let everybody else who wants to write wait."""
    kept, enough = threading.Event(), threading.Event()

    def keep(_: Session) -> None:
        kept.set()
        assert enough.wait(PATIENCE)

    keeper = threading.Thread(target=flow.database.write, args=(keep,), daemon=True)
    keeper.start()
    assert kept.wait(PATIENCE)
    while crowd.wants_to_write.acquire(blocking=False):
        continue  # the tokens' own, and this
    yield
    enough.set()
    keeper.join(PATIENCE)


def test_each_of_several_requests_committed_together_is_kept_under_the_name_of_who_sent_it(
    flow: Flow, cast: Cast, crowd: Crowd
) -> None:
    dan, vic = crowd.token(cast.dan, used=True), crowd.token(cast.vic, used=True)
    with database_kept(flow, crowd):
        crowd.ask(cast.dan, dan)
        crowd.ask(cast.vic, vic)

    assert crowd.everybody_answered()
    assert crowd.answers == {"Dan": 201, "Vic": 201}
    with flow.database.read() as session:
        keys = {row.key: row for row in session.scalars(select(IdempotencyKey))}
        for person in (cast.dan, cast.vic):
            key = keys[f"the key of {person.name}"]
            assert key.user_id == person.user_id
            assert session.get_one(LeaveRequest, key.answer).staff_id == person.staff_id


def test_a_request_that_waits_behind_one_that_is_still_signing_in_stops_nobody(
    flow: Flow, cast: Cast, crowd: Crowd
) -> None:
    dan, vic = crowd.token(cast.dan, used=True), crowd.token(cast.vic, used=False)
    with database_kept(flow, crowd):
        crowd.ask(cast.vic, vic)  # notes the first use of the token
        crowd.ask(cast.dan, dan)

    assert crowd.everybody_answered(), "the requests wait for each other"
    assert crowd.answers == {"Dan": 201, "Vic": 201}
