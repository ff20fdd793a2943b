"""Find who works too much, or rests too little."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from flowapp.accounts.can import homes_of, require
from flowapp.accounts.people import On
from flowapp.actions._duty_output import HomeRef, MaybeNumber, home_meant
from flowapp.rota.compliance.finding import Finding
from flowapp.rota.compliance.working_time_check import breaches
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Run

MOST = 500  # of what one step gives to the next


class Breach(BaseModel):
    """One rule that somebody's work breaks."""

    rule: str = Field(description="The code of the rule, such as WTD_48_HOURS")
    severity: str = Field(description="info, low, medium, high or critical")
    description: str = Field(description="What is broken, in a sentence")
    staff_id: int | None = Field(description="Whose work it is")
    care_home_id: int | None = Field(description="The home they belong to")
    first_day: date | None = Field(description="The first day it is about; empty for a state that lasts")
    last_day: date | None = Field(description="The last day it is about; empty for a state that lasts")


class CheckWorkingTime(Action):
    """Find who works too much or rests too little, in last week and this one.

    Averages go over 17 weeks unless told otherwise. It only looks; a later step may write down what it found.
    """

    kind = "check_working_time"
    label = "Check working time"
    category = "rota"
    effect = Effect.READ
    lasting = "it only looked"

    class Fields(ActionFields):
        """What the step is told."""

        home: HomeRef = None
        weeks: MaybeNumber = Field(
            default=None, ge=1, le=52, description="Over how many weeks an average goes: 17, or 26 or 52 where agreed"
        )

    class Output(ActionOutput):
        """What was found."""

        breaches: list[Breach] = Field(description="Each rule that somebody’s work breaks; 500 at most")
        count: int = Field(description="How many there are")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what is looked at."""
        home = fields.get("home")
        return f"Check the working time of **{home if home and '${' not in str(home) else 'everybody'}**"

    def run(self, fields: Fields, run: Run) -> Output:
        """Look through the home that is meant, or all that the workflow's owner may see."""
        home_id = home_meant(run, fields.home)
        if home_id is not None:
            require(run.owner, "violation.view", On(home_id=home_id))
            homes: frozenset[int] | None = frozenset({home_id})
        else:
            homes = homes_of(run.owner, "violation.view")
        found = [_breach(each) for each in breaches(run.session, run.now, home_ids=homes, weeks=fields.weeks)]
        return self.Output(breaches=found[:MOST], count=len(found))


def _breach(finding: Finding) -> Breach:
    return Breach(
        rule=finding.rule,
        severity=finding.severity.value,
        description=finding.description,
        staff_id=finding.staff_id,
        care_home_id=finding.home_id,
        first_day=finding.first_day,
        last_day=finding.last_day,
    )
