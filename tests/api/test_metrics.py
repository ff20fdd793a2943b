"""The figures that Prometheus reads, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from werkzeug.test import TestResponse

from flowapp.accounts.people import Person
from flowapp.bootstrap import Flow
from flowapp.engine.claim import release_expired
from flowapp.engine.execution import STEPS, StepStatus
from flowapp.engine.operating.presence import note_tick
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast
from tests.factories import a_document, a_workflow, approve, leave_asked, notify, run_all
from tests.support.visitors import Api

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}
FAILS = {"id": "a", "type": "action", "action": "approve_leave", "with": {"leave_request_id": "999999"}}


def scraped(app: Flask, **headers: str) -> dict[tuple[str, ...], float]:
    """Read the figures as Prometheus does: by name and the values of the labels in their order."""
    answer = app.test_client().get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation for family in families)
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def asked(app: Flask, api: Api, who: Person | None, scopes: tuple[str, ...] = ("read",)) -> TestResponse:
    """Ask for the figures from another machine, with somebody's token."""
    headers = {"Authorization": f"Bearer {api.token(who, scopes=scopes)}"} if who else {}
    return app.test_client().get("/metrics", headers=headers, environ_overrides=ELSEWHERE)


def test_how_runs_ended_is_counted_by_workflow_and_outcome(app: Flask, flow: Flow, cast: Cast) -> None:
    good = a_workflow(flow, cast.maya, a_document(notify("n")), home_id=cast.rose)
    bad = a_workflow(flow, cast.maya, a_document(FAILS), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.sorcha)
    run_all(flow)
    found = scraped(app)
    assert found["flowapp_runs_ended_total", "completed", str(good)] == 2
    assert found["flowapp_runs_ended_total", "failed", str(bad)] == 2
    assert found["flowapp_runs_accepted_total",] == 4
    assert found["flowapp_runs_parked", "failed"] == 2
    assert found["flowapp_workflows_failing",] == 1


def test_what_is_due_and_since_when_and_what_is_claimed(app: Flask, flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    a_workflow(flow, cast.maya, a_document(notify("n")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    leave_asked(flow, cast.sorcha)
    clock.advance(seconds=90)
    found = scraped(app)
    assert found["flowapp_steps_due",] == 2
    assert found["flowapp_steps_oldest_due_seconds",] == 90
    assert found["flowapp_dispatch_lag_seconds", "1"] == 90
    assert found["flowapp_runs_live", "pending"] == 2

    lease = {"status": StepStatus.RUNNING, "owner": "gone", "epoch": 1, "lease_until": clock.now()}
    flow.database.write(lambda session: session.execute(update(STEPS).values(lease)))
    assert scraped(app)["flowapp_steps_claimed",] == 2
    clock.advance(seconds=1)
    assert scraped(app)["flowapp_steps_lease_expired",] == 2
    flow.database.write(lambda session: release_expired(session, clock.now()))
    found = scraped(app)
    assert (found["flowapp_steps_claimed",], found["flowapp_leases_lost_total",]) == (0, 2)


def test_the_last_tick_is_told_as_a_moment(app: Flask, flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    assert ("flowapp_last_tick_timestamp_seconds",) not in scraped(app)
    flow.database.write(lambda session: note_tick(session, clock.now()))
    assert scraped(app)["flowapp_last_tick_timestamp_seconds",] == clock.now().timestamp()


def test_programs_of_this_machine_are_told_numbers_and_no_names(app: Flask, flow: Flow, cast: Cast, api: Api) -> None:
    a_workflow(flow, cast.maya, a_document(approve(), name="About Dan"), home_id=cast.rose)
    assert "About Dan" not in app.test_client().get("/metrics").text
    token = api.token(cast.ada, scopes=("read",))
    assert ("flowapp_workflow_info", "About Dan", "1") in scraped(app, Authorization=f"Bearer {token}")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_a_proxy_on_this_machine_asks_for_others(app: Flask, cast: Cast, header: str) -> None:
    assert app.test_client().get("/metrics", headers={header: "for=203.0.113.9"}).status_code == 401


def test_from_elsewhere_an_administrators_token_is_needed(app: Flask, cast: Cast, api: Api) -> None:
    assert asked(app, api, None).status_code == 401
    assert asked(app, api, cast.maya).status_code == 403
    assert asked(app, api, cast.ada, scopes=("run",)).status_code == 403
    assert asked(app, api, cast.ada).status_code == 200


def test_a_token_that_does_not_hold_is_refused_also_on_this_machine(app: Flask, cast: Cast) -> None:
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer flow_wrong"}).status_code == 401


def test_lag_is_that_of_the_last_minutes(app: Flask, flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    a_workflow(flow, cast.maya, a_document(notify("n")), home_id=cast.rose)
    leave_asked(flow, cast.dan)
    clock.advance(seconds=3)
    run_all(flow)
    assert scraped(app)["flowapp_dispatch_lag_seconds", "0.5"] == 3
    clock.advance(seconds=timedelta(minutes=6).total_seconds())
    assert scraped(app)["flowapp_dispatch_lag_seconds", "0.5"] == 0


def test_the_size_of_the_database_is_told_whichever_it_is(app: Flask, cast: Cast) -> None:
    assert scraped(app)["flowapp_database_size_bytes",] > 2**16


@pytest.mark.postgresql
def test_how_many_are_connected_to_the_server_is_told(app: Flask, cast: Cast) -> None:
    found = scraped(app)
    assert 0 < found["flowapp_database_connections",] < found["flowapp_database_connections_most",]
