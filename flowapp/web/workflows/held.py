"""The runs of a workflow that are held with a flood, on its page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.engine.entry.flood import count_held
from flowapp.workflows.workflow import Workflow


@dataclass(frozen=True, kw_only=True)
class HeldRuns:
    """How many runs are held, and where to say what becomes of them; no addresses for those who may not."""

    title: str
    sentence: str
    start_url: str = ""
    drop_url: str = ""


def held_runs(session: Session, person: Person, workflow: Workflow, *, limit: int) -> HeldRuns | None:
    """Answer the notice about held runs; None where nothing is held."""
    number = count_held(session, workflow.id)
    if not number:
        return None
    title = f"{runs_words(number)} held"
    why = f"More than {limit:,} runs of this workflow were about to start within a minute."
    if not can(person, "workflow.run", On(home_id=workflow.home_id, staff_id=None)):
        return HeldRuns(title=title, sentence=f"{why} Somebody who may start it decides whether they shall start.")
    return HeldRuns(
        title=title,
        sentence=f"{why} Look at what started them, then say whether they shall start.",
        start_url=url_for("workflows.start_held_runs", workflow_id=workflow.id),
        drop_url=url_for("workflows.drop_held_runs", workflow_id=workflow.id),
    )


def runs_words(number: int) -> str:
    """Say how many runs it is about: `1 run is`."""
    return "1 run is" if number == 1 else f"{number:,} runs are"


def started_words(number: int) -> str:
    """Say what became of held runs that shall start."""
    return "The held run starts now." if number == 1 else f"The {number:,} held runs start now, one after the other."


def dropped_words(number: int) -> str:
    """Say what became of held runs that shall not start."""
    return "1 run was not started." if number == 1 else f"{number:,} runs were not started."


NOTHING_HELD = "Nothing was held any more: somebody else has answered already."
