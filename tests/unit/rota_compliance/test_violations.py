"""Violations: written once, and who may do what with them until they are over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flowapp.accounts.audit import AuditEntry
from flowapp.bootstrap import Flow
from flowapp.events.outbox import EventRecord
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from flowapp.rota.compliance import changes
from flowapp.rota.compliance.finding import Evidence
from flowapp.rota.compliance.raising import Raised
from flowapp.rota.compliance.rule import Severity
from flowapp.rota.compliance.violation import ViolationStatus
from tests.cast import Cast
from tests.unit.rota_compliance.reporting import a_regional, do, events, told, violation

TODAY = date(2026, 11, 23)


def test_a_violation_is_seen_put_right_and_over(flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.sorcha, staff_id=cast.dan.staff_id).violation_id
    found = violation(flow, number)
    assert (found.status, found.severity, found.home_id, found.raised_by) == (
        ViolationStatus.OPEN, Severity.HIGH, cast.rose, "Sorcha")  # fmt: skip
    do(flow, changes.acknowledge, cast.sorcha, number)
    do(flow, changes.take_on, cast.maya, number)
    do(flow, changes.resolve, cast.maya, number, resolution="Two shifts fewer in December.")
    found = violation(flow, number)
    assert (found.status, found.acknowledged_by, found.owner_name, found.closed_by, found.resolution) == (
        ViolationStatus.RESOLVED, "Sorcha", "Maya", "Maya", "Two shifts fewer in December.")  # fmt: skip
    assert events(flow) == ["compliance_violation", "working_time_breach", "violation_resolved"]


def test_each_change_is_noted_in_the_audit(flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.acknowledge, cast.maya, number)
    do(flow, changes.take_on, cast.maya, number)
    do(flow, changes.say_not_broken, cast.maya, number, reason="He was on call.")
    with flow.database.read() as session:
        found = session.scalars(
            select(AuditEntry).where(AuditEntry.entity == "violation").order_by(AuditEntry.id)
        ).all()
    kinds = ("create", "acknowledge", "take_on", "say_not_broken")
    assert [(each.action, each.home_id) for each in found] == [(f"violation.{kind}", cast.rose) for kind in kinds]
    assert found[-1].reason == "He was on call."


def test_what_is_broken_already_is_not_written_or_told_again(flow: Flow, cast: Cast) -> None:
    first = told(flow, cast.maya, staff_id=cast.dan.staff_id)
    again = told(flow, cast.maya, staff_id=cast.dan.staff_id, description="52 hours a week on average")
    assert again == Raised(first.violation_id, created=False)
    assert violation(flow, first.violation_id).description == "52 hours a week on average"
    assert events(flow) == ["compliance_violation", "working_time_breach"]
    assert told(flow, cast.maya, staff_id=cast.sorcha.staff_id).created  # somebody else
    assert told(flow, cast.maya, rule="WTD_BREAKS", staff_id=cast.dan.staff_id).created  # something else


def test_what_is_broken_again_after_it_was_put_right_is_a_new_violation(flow: Flow, cast: Cast) -> None:
    first = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.resolve, cast.maya, first, resolution="Done.")
    again = told(flow, cast.maya, staff_id=cast.dan.staff_id)
    assert again.created
    assert again.violation_id != first
    assert events(flow).count("compliance_violation") == 2


def test_opening_one_again_writes_a_new_one_under_the_same_key(flow: Flow, cast: Cast) -> None:
    first = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.resolve, cast.maya, first, resolution="Done.")
    again: Raised = do(flow, changes.reopen, cast.maya, first, reason="The shifts are back.")
    old, new = violation(flow, first), violation(flow, again.violation_id)
    assert (old.status, new.status, old.dedupe_key == new.dedupe_key) == (
        ViolationStatus.RESOLVED, ViolationStatus.OPEN, True)  # fmt: skip
    assert new.evidence == [{"label": "Opened again by Maya", "value": "The shifts are back."}]
    with pytest.raises(Conflict, match="found again since"):
        do(flow, changes.reopen, cast.maya, first, reason="And again.")


def test_one_of_a_home_is_opened_again_under_its_key(flow: Flow, cast: Cast) -> None:
    first = told(flow, cast.maya, rule="HOUSE_RULE", home_id=cast.rose, description="No fire drill").violation_id
    do(flow, changes.resolve, cast.maya, first, resolution="Done.")
    again: Raised = do(flow, changes.reopen, cast.maya, first, reason="It was not.")
    assert violation(flow, first).dedupe_key == violation(flow, again.violation_id).dedupe_key


def test_an_accepted_risk_stays_silent_until_its_day_and_counts_again_after_it(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    ruth = a_regional(flow, cast.rose)
    first = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.accept_risk, ruth, first, until=TODAY + timedelta(days=2), reason="Until Vic starts.")
    clock.advance(days=2)
    assert told(flow, cast.maya, staff_id=cast.dan.staff_id) == Raised(first, created=False)
    clock.advance(days=1)
    again = told(flow, cast.maya, staff_id=cast.dan.staff_id)
    assert again.created
    assert violation(flow, first).status is ViolationStatus.ACCEPTED_RISK


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=400), date(9999, 12, 31)])
def test_a_risk_is_accepted_until_a_day_within_the_year(flow: Flow, cast: Cast, until: date) -> None:
    ruth = a_regional(flow, cast.rose)
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    with pytest.raises(Refused, match="within a year"):
        do(flow, changes.accept_risk, ruth, number, until=until, reason="Until Vic starts.")


def test_a_regional_manager_of_other_homes_accepts_nothing_here(flow: Flow, cast: Cast) -> None:
    ruth = a_regional(flow, cast.elm)
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    with pytest.raises(NotFound):
        do(flow, changes.accept_risk, ruth, number, until=TODAY + timedelta(days=2), reason="So.")


def test_no_workflow_accepts_a_risk(flow: Flow, cast: Cast) -> None:
    ruth = a_regional(flow, cast.rose)
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    with pytest.raises(NotAllowed):
        do(flow, changes.accept_risk, ruth.as_workflow(), number, until=TODAY + timedelta(days=2), reason="So.")


def test_facts_of_which_somebody_said_that_the_rule_is_kept_are_not_written_again(flow: Flow, cast: Cast) -> None:
    shown = {"staff_id": cast.dan.staff_id, "evidence": (Evidence(label="Average", value="51 hours"),)}
    first = told(flow, cast.maya, **shown).violation_id
    do(flow, changes.say_not_broken, cast.maya, first, reason="He was on call.")
    assert told(flow, cast.maya, **shown) == Raised(first, created=False)
    other = shown | {"evidence": (Evidence(label="Average", value="53 hours"),)}
    assert told(flow, cast.maya, **other).created


RESOLVE = {"resolution": "Done."}
ACTS: list[tuple[Callable[..., Any], dict[str, Any], dict[str, type[Exception] | None]]] = [
    (changes.acknowledge, {}, {"sorcha": None, "maya": None, "hana": None, "dan": NotFound, "erin": NotFound}),
    (changes.take_on, {}, {"sorcha": NotAllowed, "maya": None, "hana": NotAllowed, "dan": NotFound, "erin": NotFound}),
    (changes.resolve, RESOLVE,
     {"sorcha": NotAllowed, "maya": None, "hana": NotAllowed, "dan": NotFound, "erin": NotFound}),
    (changes.say_not_broken, {"reason": "No."},
     {"sorcha": NotAllowed, "maya": None, "hana": NotAllowed, "dan": NotFound, "erin": NotFound}),
    (changes.accept_risk, {"until": TODAY + timedelta(days=9), "reason": "No."},
     {"sorcha": NotAllowed, "maya": NotAllowed, "hana": NotAllowed, "ada": None, "dan": NotFound, "erin": NotFound}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "given", "who", "error"), [(act, given, who, error) for act, given, by in ACTS for who, error in by.items()]
)
def test_who_may_do_what(
    flow: Flow,
    cast: Cast,
    act: Callable[..., Any],
    given: dict[str, Any],
    who: str,
    error: type[Exception] | None,
) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    if error is None:
        do(flow, act, getattr(cast, who), number, **given)
        return
    with pytest.raises(error):
        do(flow, act, getattr(cast, who), number, **given)


def test_hr_puts_right_what_is_about_training(flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.maya, rule="MANDATORY_TRAINING", staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.resolve, cast.hana, number, resolution="Done on Friday.")
    assert violation(flow, number).closed_by == "Hana"
    assert events(flow) == ["compliance_violation", "violation_resolved"]  # training is no working time


@pytest.mark.parametrize(
    ("act", "given"), [(changes.resolve, RESOLVE), (changes.take_on, {}), (changes.say_not_broken, {"reason": "No."})]
)
def test_what_is_over_stays_so(flow: Flow, cast: Cast, act: Callable[..., Any], given: dict[str, Any]) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.resolve, cast.maya, number, resolution="Done.")
    with pytest.raises(Conflict, match="over already"):
        do(flow, act, cast.maya, number, **given)


@pytest.mark.parametrize(
    ("act", "given"),
    [(changes.resolve, {"resolution": " "}), (changes.say_not_broken, {"reason": ""}),
     (changes.resolve, {"resolution": "x" * 2001})],
)  # fmt: skip
def test_an_end_without_words_is_refused(
    flow: Flow, cast: Cast, act: Callable[..., Any], given: dict[str, Any]
) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    with pytest.raises(Refused):
        do(flow, act, cast.maya, number, **given)


def test_whoever_saw_an_older_version_is_told(flow: Flow, cast: Cast) -> None:
    number = told(flow, cast.maya, staff_id=cast.dan.staff_id).violation_id
    do(flow, changes.acknowledge, cast.sorcha, number)
    with pytest.raises(Conflict):
        do(flow, changes.take_on, cast.maya, number, seen=1)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"rule": "NO_SUCH"}, "rule"),
        ({"description": " "}, "description"),
        ({"description": "x" * 2001}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"due_on": date(1, 1, 1)}, "due_on"),
        ({"staff_id": 4711}, "staff_id"),
        ({"shift_id": 4711}, "shift_id"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(flow: Flow, cast: Cast, given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        told(flow, cast.maya, **({"home_id": cast.rose} | given))
    assert refused.value.problems[0].path == path


def test_nobody_tells_of_another_home(flow: Flow, cast: Cast) -> None:
    with pytest.raises(NotFound):
        told(flow, cast.maya, home_id=cast.elm)
    with pytest.raises(Refused, match="none with the number"):
        told(flow, cast.maya, staff_id=cast.vic.staff_id)
    with pytest.raises(Refused, match="do not belong together"):
        told(flow, cast.ada, staff_id=cast.vic.staff_id, home_id=cast.rose)


def test_the_event_tells_of_the_rule_and_of_whom_it_is_about(flow: Flow, cast: Cast) -> None:
    told(flow, cast.maya, staff_id=cast.dan.staff_id, due_on=TODAY)
    with flow.database.read() as session:
        found = session.scalars(select(EventRecord).where(EventRecord.type == "compliance_violation")).one()
    assert found.context.items() >= {"rule": "WTD_48_HOURS", "severity": "high", "staff_id": cast.dan.staff_id}.items()
    assert found.context["violation"]["rule_name"] == "48 hours a week on average"
    assert found.context["staff"]["name"] == "Dan"
