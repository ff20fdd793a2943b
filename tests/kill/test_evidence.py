"""The evidence tells a good ending from each bad one, so that no crash passes for a success."""

from __future__ import annotations

from datetime import date

import pytest

from tests.kill.days import some_mondays
from tests.kill.evidence import Stand, evidence, faults
from tests.kill.road import HOURS, TWO_DAYS
from tests.kill.world import World, at_hand, broken_audit_entry, leave_waiting


@pytest.fixture
def day() -> date:
    return some_mondays(1)[0]


@pytest.fixture
def decided(world: World, day: date) -> World:
    """A world in which one request was asked for and decided, as it should be."""
    leave_waiting(world.database, day, day + TWO_DAYS)
    with at_hand(world.database) as flow:
        assert flow.worker.run_due() == 1
    return world


def test_a_good_ending_has_no_faults(decided: World, day: date) -> None:
    with evidence(decided.database) as found:
        assert faults(found, [day], hours=HOURS) == []
    assert broken_audit_entry(decided.database) is None


def test_a_request_that_nobody_decided_is_a_fault(world: World, day: date) -> None:
    leave_waiting(world.database, day, day + TWO_DAYS)
    with evidence(world.database) as found:
        assert found.stand(day) is Stand.ASKED
        assert f"{day}: ASKED" in faults(found, [day], hours=HOURS)


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        # a request without its event
        ("DELETE FROM event WHERE type = 'leave_requested'", "in part"),
        # an event without its execution
        ("UPDATE execution SET event_seq = NULL", "in part"),
        # approved, and no hours taken
        ("DELETE FROM leave_ledger WHERE kind = 'take'", "in part"),
        # told twice
        (
            "INSERT INTO notification (user_id, title, message, execution_id, created_at) "
            "SELECT user_id, title, message, execution_id, created_at FROM notification",
            "in part",
        ),
        # taken too much
        ("UPDATE leave_ledger SET hours = -9900 WHERE kind = 'take'", "takes -9900"),
        # a balance that does not add up
        ("UPDATE leave_ledger SET balance_after = 0 WHERE kind = 'take'", "says 0"),
        # a step that never ended
        ("UPDATE step_execution SET status = 'running', finished_at = NULL WHERE path LIKE '%tell'", "has the steps"),
        # a step without a trace of its being done
        ("DELETE FROM step_attempt", "did []"),
        # an attempt of the past that wrote after its successor
        (
            "INSERT INTO step_attempt (execution_id, path, epoch, owner, result, at) "
            "SELECT execution_id, path, 0, owner, 'failed', at FROM step_attempt",
            "went back",
        ),
        # something for a request that is not there
        ("INSERT INTO leave_ledger (entitlement_id, kind, hours, balance_after, at, by) "
         "SELECT entitlement_id, kind, hours, balance_after + hours, at, by FROM leave_ledger WHERE kind = 'take'",
         "2 hours taken"),
    ],
)  # fmt: skip
def test_a_bad_ending_is_told(tampering: str, words: str, decided: World, day: date) -> None:
    decided.database.say(tampering)
    assert words in told(decided, day)


def test_an_audit_entry_that_was_changed_is_found(decided: World) -> None:
    place = decided.database
    if place.is_file:  # on a server nothing is refused when we say it
        place.say("DROP TRIGGER audit_entry_is_not_changed")
    place.say("UPDATE audit_entry SET reason = 'other' WHERE id = 2")
    assert broken_audit_entry(decided.database) == 2


def told(world: World, day: date) -> str:
    with evidence(world.database) as found:
        try:
            return "; ".join(faults(found, [day], hours=HOURS))
        except AssertionError as error:
            return str(error)
