"""What steps that plan a shift are told, made into what the rota understands."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy import func, select

from flowapp.rota.staff import JobRole
from flowapp.rota.units import Unit
from flowapp.rota.wall_time import read_time
from flowapp.workflows.kinds import Run, StepFailed, Text

ROLES = {name.lower(): role for role in JobRole for name in (role.value, role.label)}


def _role(value: Any) -> Any:
    return ROLES.get(value.strip().lower(), value) if isinstance(value, str) else value


Job = Annotated[JobRole, BeforeValidator(_role), Field(description="The job it needs, such as Carer or SCW")]
Clock = Annotated[Text, Field(description="By the clock of the home, such as 08:00")]
Skills = Annotated[list[str], Field(max_length=20, description="Codes of the training it needs, such as MEDICATION")]
UnitRef = Annotated[str | int, Field(description="A unit of the home: its name or number; empty for the whole home")]


def unit_of(run: Run, home_id: int, unit: str | int | None) -> int | None:
    """Answer the number of a unit of a home, None for the whole home; raises StepFailed for one it has not."""
    text = "" if unit is None else str(unit).strip()
    if not text:
        return None
    number = int(text) if text.isdecimal() and len(text) < 19 else 0
    is_it = (Unit.id == number) | (func.lower(Unit.name) == text.lower())
    found = run.session.scalars(select(Unit.id).where(Unit.home_id == home_id, is_it)).first()
    if found is None:
        raise StepFailed("unknown_unit", f"This home has no unit {text}. Write its name, or leave it empty.")
    return found


def planned(given: dict[str, Any]) -> dict[str, Any]:
    """Answer fields as a plan has them; raises Refused when a time is none."""
    times = {name: read_time(given[name], field=name) for name in ("start", "end") if name in given}
    skills = {"skills": tuple(dict.fromkeys(given["skills"]))} if "skills" in given else {}
    return given | times | skills
