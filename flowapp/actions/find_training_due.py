"""Find training that people have to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from flowapp.actions._training_home import homes_meant, today_in
from flowapp.rota.homes import CareHome
from flowapp.rota.training.matrix import Cell, CellState, Row, training_of
from flowapp.rota.training.types import TrainingType
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Run

MOST = 500  # rows; the count is of all
_LACKING = (CellState.MISSING, CellState.EXPIRED)


class DueTraining(BaseModel):
    """Training that somebody has to do."""

    staff_id: int = Field(description="Who has to do it")
    staff_name: str = Field(description="Their name")
    staff_email: str = Field(description="Their email address")
    home_id: int = Field(description="The home they work in")
    type: str = Field(description="The code of the type of training, such as FIRE")
    type_name: str = Field(description="What people call it")
    why: str = Field(description="missing, expired, due, or starting for somebody new who has time until due_on")
    due_on: date | None = Field(description="The last day on which what they have holds, or by when it is needed")
    days_left: int | None = Field(description="Days until then; below 0 after it, empty where it is missing")
    certificate_id: int | None = Field(description="The number of the certificate that runs out, if there is one")


class FindTrainingDue(Action):
    """Find training that people of a home need, and that is missing, out of date, or due soon.

    What is missing or out of date comes first. Sees what the workflow's owner sees.
    """

    kind = "find_training_due"
    label = "Find training that is due"
    category = "rota"
    effect = Effect.READ

    class Fields(ActionFields):
        """What the step is told."""

        home: str | int | None = Field(
            default=None, description="A home's number or code; the workflow's home if empty"
        )
        within_days: int = Field(ge=0, le=3650, description="How many days to look ahead")

    class Output(ActionOutput):
        """What later steps may read."""

        training: list[DueTraining] = Field(description="The first 500 of them")
        count: int = Field(description="How many there are")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step looks for."""
        return f"Find training that is missing, out of date or due within **{fields.get('within_days', '…')}** days"

    def run(self, fields: Fields, run: Run) -> Output:
        """Look; raises NotFound for a home that does not exist."""
        found = [each for home in homes_meant(run, fields.home) for each in _due_in(run, home, fields.within_days)]
        found.sort(key=lambda each: (each.due_on or date.min, each.staff_name, each.type_name))
        return self.Output(training=found[:MOST], count=len(found))


def _due_in(run: Run, home: CareHome, within_days: int) -> Iterator[DueTraining]:
    today = today_in(run, home)
    matrix = training_of(run.session, home, today)
    for row in matrix.rows:
        for kind, cell in zip(matrix.types, row.cells, strict=True):
            if cell.needed and _is_due(cell, today, within_days):
                yield _as_due(home, row, kind, cell, today)


def _is_due(cell: Cell, today: date, within_days: int) -> bool:
    if cell.state in _LACKING:
        return True
    runs_out = cell.state in (CellState.VALID, CellState.DUE, CellState.STARTING)
    return runs_out and cell.day is not None and (cell.day - today).days <= within_days


def _as_due(home: CareHome, row: Row, kind: TrainingType, cell: Cell, today: date) -> DueTraining:
    return DueTraining(
        staff_id=row.staff_id,
        staff_name=row.name,
        staff_email=row.email,
        home_id=home.id,
        type=kind.code,
        type_name=kind.name,
        why="due" if cell.state is CellState.VALID else cell.state.value,
        due_on=cell.day,
        days_left=None if cell.day is None else (cell.day - today).days,
        certificate_id=cell.certificate_id,
    )
