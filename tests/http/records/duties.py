"""Tasks, and where rules are broken."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.rota.compliance import changes as violation_changes
from flowapp.rota.compliance.raising import Report, report
from flowapp.rota.tasks import changes as task_changes
from flowapp.rota.tasks.plan import TaskPlan
from flowapp.rota.tasks.task import Queue
from tests.cast import Cast
from tests.factories import cause_of


def duties(flow: Flow, cast: Cast) -> dict[str, str]:
    """Write a task and a violation of Rose House, and one of each that is over: `task_over`, `violation_over`."""
    maya, now = cast.maya, flow.clock.now()
    said = Report(rule="WTD_BREAKS", description="No break on Monday", staff_id=cast.dan.staff_id)
    plan = TaskPlan(title="Ring the plumber", queue=Queue.MANAGER, due_on=now.date())

    def write(session: Session) -> dict[str, int]:
        cause = cause_of(maya, now)
        made = {name: task_changes.create(session, cause, maya, home_id=cast.rose, plan=plan).task_id
                for name in ("task_id", "task_over", "task_taken")}  # fmt: skip
        task_changes.finish(session, cause, maya, made["task_over"], outcome="He came.")
        task_changes.take_on(session, cause, maya, made["task_taken"])
        over = report(session, cause, maya, replace(said, rule="CONSECUTIVE_DAYS")).violation_id
        violation_changes.resolve(session, cause, maya, over, resolution="A day off.")
        return {**made, "violation_over": over, "violation_id": report(session, cause, maya, said).violation_id}

    return {name: str(number) for name, number in flow.database.write(write).items()}
