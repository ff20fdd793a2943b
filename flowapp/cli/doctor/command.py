"""The command `flask flow doctor`."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import AppGroup

from flowapp.cli.doctor.examination import examine
from flowapp.cli.printing import say, say_data
from flowapp.engine.operating.finding import Standing
from flowapp.http.running import flow as running

_WIDTH = max(map(len, Standing))


def add_to(group: AppGroup) -> None:
    """Add the command."""
    group.command("doctor", help="Say what is wrong and what to do; status 1 if anything is.")(doctor)


@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def doctor(as_json: bool) -> None:
    """Say how everything stands that FlowApp needs."""
    found = list(examine(running()))
    if as_json:
        say_data({"findings": [asdict(each) | {"standing": each.standing.value} for each in found]})
    else:
        for each in found:
            words = f"{each.sentence} {each.remedy}".strip()
            say(f"{each.standing.value:<{_WIDTH}}  {each.check}: {words}")
    if any(each.standing is Standing.WRONG for each in found):
        raise SystemExit(1)
