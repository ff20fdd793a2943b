"""Looking through working time as a step of a workflow, and the ready-made workflow that does so each week."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from flowapp.bootstrap import Flow, registries
from flowapp.engine.execution import ExecutionStatus
from flowapp.kernel.clock import FrozenClock
from flowapp.kernel.errors import NotFound
from flowapp.messaging.in_app import latest
from flowapp.rota.compliance.violation import ComplianceViolation
from flowapp.rota.tasks.task import Task
from flowapp.workflows.kinds import Effect, StepFailed
from flowapp.workflows.library import READY_MADE
from tests.actions.performing import perform
from tests.cast import Cast
from tests.factories import a_workflow, run_all, runs
from tests.unit.rota_compliance.test_checks import late_then_early, shift

CHECK = registries().actions["check_working_time"]


def found(flow: Flow, cast: Cast, owner: str = "maya", home_id: int | None = 1, **fields: Any) -> dict[str, Any]:
    """Let a step look, and answer what it found."""
    output = perform(flow, "check_working_time", getattr(cast, owner), fields, home_id=home_id)
    return output.model_dump()


def test_it_finds_what_is_broken_and_writes_nothing(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    output = found(flow, cast)
    assert output["count"] == 1
    assert output["breaches"][0].items() >= {
        "rule": "WTD_REST_11_HOURS", "severity": "high", "staff_id": cast.dan.staff_id, "care_home_id": cast.rose,
        "first_day": date(2026, 11, 23),
    }.items()  # fmt: skip
    with flow.database.read() as session:
        assert session.scalars(select(ComplianceViolation)).all() == []
    assert CHECK.effect is Effect.READ


def test_weeks_to_come_are_left_to_those_who_plan_them(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast, date(2026, 12, 1))
    assert found(flow, cast)["count"] == 0


def test_without_a_home_it_looks_at_all_that_the_owner_may_see(flow: Flow, cast: Cast) -> None:
    late_then_early(flow, cast)
    assert found(flow, cast, "ada", None)["count"] == 1
    assert found(flow, cast, "erin", None)["count"] == 0
    assert found(flow, cast, "dan", None)["count"] == 0


def test_a_home_of_others_is_as_good_as_none(flow: Flow, cast: Cast) -> None:
    with pytest.raises(StepFailed, match="no home"):
        found(flow, cast, home="ELM")
    with pytest.raises(NotFound):
        found(flow, cast, "vic", cast.rose)


def test_an_average_goes_over_as_many_weeks_as_are_said(flow: Flow, cast: Cast) -> None:
    for day in range(5):
        shift(flow, cast.rose, cast.dan, date(2026, 11, 23) + timedelta(days=day), (time(8), time(20)), cast.maya)
    rules = [each["rule"] for each in found(flow, cast, weeks=1)["breaches"]]
    assert rules == ["WTD_48_HOURS"]
    assert found(flow, cast)["count"] == 0


@pytest.mark.parametrize("fields", [{"weeks": 0}, {"weeks": 53}, {"weeks": "many"}, {"days": 3}])
def test_fields_that_do_not_fit_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CHECK.Fields.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "whose"), [({}, "everybody"), ({"home": "ROSE"}, "ROSE"), ({"home": "${context.home}"}, "everybody")]
)
def test_its_sentence(fields: dict[str, Any], whose: str) -> None:
    assert CHECK.sentence(fields) == f"Check the working time of **{whose}**"


def test_the_weekly_check_records_each_broken_rule_once_and_asks_the_manager(
    flow: Flow, cast: Cast, clock: FrozenClock
) -> None:
    late_then_early(flow, cast)
    a_workflow(flow, cast.maya, READY_MADE["weekly-compliance-check"], home_id=cast.rose)
    for _ in range(2):
        monday = clock.now() + timedelta(days=-clock.now().weekday() % 7 or 7)
        clock.set(monday.replace(hour=6, minute=0))
        late_then_early(flow, cast, clock.now().date())
        assert flow.tick().started == 1
        run_all(flow)
    assert [each.status for each in runs(flow)] == [ExecutionStatus.COMPLETED] * 2, runs(flow)[-1].reason
    with flow.database.read() as session:
        violations = session.scalars(select(ComplianceViolation)).all()
        tasks = session.scalars(select(Task)).all()
        told = latest(session, cast.maya.user_id, limit=9)
    assert [(each.rule, each.staff_id) for each in violations] == [("WTD_REST_11_HOURS", cast.dan.staff_id)]
    assert [(each.title, each.due_on) for each in tasks] == [
        ("Look through this week’s compliance check", date(2026, 12, 4))
    ]
    assert [each.title for each in told] == ["Weekly compliance check"] * 2


def test_a_week_in_which_all_is_well_is_quiet(flow: Flow, cast: Cast, clock: FrozenClock) -> None:
    a_workflow(flow, cast.maya, READY_MADE["weekly-compliance-check"], home_id=cast.rose)
    clock.set(clock.now() + timedelta(days=7))
    flow.tick()
    run_all(flow)
    with flow.database.read() as session:
        assert session.scalars(select(Task)).all() == []
    assert runs(flow)[-1].status == ExecutionStatus.COMPLETED
