"""Alerts that are not written: of runs that others wait for, and where something is wrong with the alert itself."""

from __future__ import annotations

import pytest

from flowapp.bootstrap import Flow
from flowapp.engine.manual import start_by_hand
from tests.cast import Cast
from tests.engine.families import BY_HAND, a_child, asked, start
from tests.engine.made_actions import do
from tests.engine.test_spells import BAD, FAILS, GOOD, WORKS, a_failing_one, happened, read, titles
from tests.factories import cause_of, run_all, runs

EVENT = {"id": "asked", "type": "event", "event": "leave_requested"}


@pytest.mark.parametrize("waits", [True, False])
def test_a_run_that_another_waits_for_is_told_with_that_one_alone(flow: Flow, cast: Cast, waits: bool) -> None:
    child = a_child(flow, cast, do("refuse", "f"), name="Below")
    asked(flow, cast, start(child, wait=waits))
    assert titles(flow) == (["“Parent” failed"] if waits else ["“Below” failed"])
    assert read(flow, child).failures_in_a_row == (0 if waits else 1)


def test_nor_does_it_say_that_it_works_again(flow: Flow, cast: Cast) -> None:
    """The spell is of those that begin by themselves."""
    child = a_child(flow, cast, FAILS, name="Below", triggers=[EVENT])
    happened(flow, cast, BAD)
    assert titles(flow) == ["“Below” failed"]
    asked(flow, cast, start(child, **{"with": {"leave_request_id": "${10}"}}), triggers=BY_HAND)
    parent = read(flow, child).id + 1
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(
        lambda session: start_by_hand(flow.parts, session, cause, parent, triggers=flow.triggers, inputs={})
    )
    run_all(flow)
    assert [each.status for each in runs(flow)][-2:] == ["completed", "completed"]
    assert "works again" not in str(titles(flow))


def test_an_alert_that_cannot_be_written_hinders_no_end_and_is_logged(
    flow: Flow, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """The address of the pages was set with a sign in it that no mail may have."""
    object.__setattr__(flow.parts, "base_url", "https://rota.example.org\x00")
    made = a_failing_one(flow, cast)
    happened(flow, cast, BAD)
    assert [str(each.status) for each in runs(flow)] == ["failed"]
    assert read(flow, made).failures_in_a_row == 1
    assert titles(flow) == []  # a notification without its mail would be half of it
    assert "an alert could not be written" in caplog.text
    object.__setattr__(flow.parts, "base_url", "")
    happened(flow, cast, GOOD)
    assert titles(flow) == [WORKS]
