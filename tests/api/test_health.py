"""Whether a process may be sent requests, and what it says when it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.engine.operating.presence import note_tick
from flowapp.engine.operating.readiness import LOOK_TOO_OLD, TICK_TOO_OLD, Found, not_ready
from flowapp.kernel.clock import FrozenClock
from tests.conftest import MONDAY_MORNING
from tests.support.databases import Databases

READY = Found(
    revision="0001",
    newest_revision="0001",
    ticked_at=MONDAY_MORNING,
    engine_alive=True,
    seconds_since_look=LOOK_TOO_OLD,
)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"ticked_at": MONDAY_MORNING - TICK_TOO_OLD}, []),
        ({"ticked_at": MONDAY_MORNING - TICK_TOO_OLD - timedelta(seconds=1)}, ["nobody leads"]),
        ({"ticked_at": None}, ["takes a second"]),
        ({"revision": "0000"}, ["restart it"]),
        ({"engine_alive": False}, ["has ended"]),
        ({"seconds_since_look": LOOK_TOO_OLD + 1}, ["61 seconds"]),
        ({"engine_alive": False, "ticked_at": None}, ["has ended", "takes a second"]),
    ],
)
def test_what_is_not_ready_is_said_in_a_sentence_each(changed: dict[str, object], words: list[str]) -> None:
    found = list(not_ready(replace(READY, **changed), MONDAY_MORNING))
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))


def test_a_process_whose_engine_works_and_where_somebody_ticks_is_ready(
    app: Flask, flow: Flow, clock: FrozenClock
) -> None:
    flow.start()
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    flow.database.write(lambda session: note_tick(session, clock.now()))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "not_ready": []})
    clock.advance(minutes=1)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["not_ready"] == [
        "No process has ticked since 2026-11-23 09:00:00 UTC; nobody leads, or it hangs."
    ]


def test_a_database_that_cannot_be_read_is_said_and_the_process_is_up_all_the_same(
    app: Flask, flow: Flow, databases: Databases
) -> None:
    flow.database.dispose()
    databases.spoil(flow.settings.database_url)
    client = app.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["not_ready"] == ["The database cannot be read; `flask flow doctor` says more."]
    assert client.get("/healthz").status_code == 200
