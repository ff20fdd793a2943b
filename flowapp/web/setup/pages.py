"""What the pages of setting up show."""

from __future__ import annotations

from dataclasses import dataclass

from flowapp.kernel.errors import Refused
from flowapp.rota.bank_holidays import Nation
from flowapp.web.filters import plural
from flowapp.web.setup.form import SetupForm, Step
from flowapp.web.setup.staff_lines import COLUMNS, read_staff
from flowapp.web.setup.unit_lines import read_units
from flowapp.workflows.library import READY_MADE

TITLES = {
    Step.HOME: "Your care home",
    Step.STAFF: "The people who work there",
    Step.WORKFLOWS: "Workflows to begin with",
    Step.YOU: "Your own account",
}
NATIONS = tuple((nation.value, nation.value.replace("_", " ").title()) for nation in Nation)
EXAMPLE = "name,email,role,mon,tue,wed\nAnna Boyd,anna@example.org,Carer,11,11,11"


@dataclass(frozen=True, kw_only=True)
class SetupPage:
    """One page of setting up."""

    title: str
    sentence: str
    step: str
    form: SetupForm
    carried: tuple[tuple[str, str], ...]
    is_first: bool
    is_last: bool
    nations: tuple[tuple[str, str], ...]
    columns: str
    example: tuple[str, ...]
    workflows: tuple[tuple[str, str, str], ...]
    facts: tuple[tuple[str, str], ...]


def setup_page(form: SetupForm) -> SetupPage:
    """Put together the page the form is on."""
    steps = list(Step)
    number = steps.index(form.step)
    last = number == len(steps) - 1
    return SetupPage(
        title=TITLES[form.step],
        sentence=f"Setting up FlowApp, step {number + 1} of {len(steps)}.",
        step=form.step.value,
        form=form,
        carried=tuple(form.carried),
        is_first=number == 0,
        is_last=last,
        nations=NATIONS,
        columns=", ".join(COLUMNS),
        example=tuple(EXAMPLE.splitlines()),
        workflows=tuple((name, data["name"], data["description"]) for name, data in READY_MADE.items()),
        facts=_facts(form) if last else (),
    )


def _facts(form: SetupForm) -> tuple[tuple[str, str], ...]:
    """Say what the last button will write; a list that is no longer right is told when it is pressed."""
    try:
        units, staff = len(read_units(form.units)), len(read_staff(form.people))
    except Refused:
        return ()
    switched_on = [READY_MADE[name]["name"] for name in form.workflows]
    return (
        ("Home", f"{form.home_name} ({form.code})"),
        ("Units", plural(units, "unit") if units else "None yet"),
        ("Staff", plural(staff, "person", "people") if staff else "Nobody yet"),
        ("Workflows", ", ".join(switched_on) or "None yet"),
    )
