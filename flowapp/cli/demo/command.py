"""`flask flow demo`: loads the demo homes, or takes them away."""

from __future__ import annotations

from datetime import datetime, time

import click
from flask.cli import AppGroup

from flowapp.cli.demo.data import SIGN_INS, load_demo
from flowapp.cli.demo.homes import LARGE, SMALL
from flowapp.cli.demo.presence import remove as remove_demo
from flowapp.cli.printing import refuse, say
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.running import flow as running
from flowapp.kernel.errors import Conflict
from flowapp.kernel.keys import demo_password
from flowapp.kernel.schema import migrate

SIZES = {"small": SMALL, "large": LARGE}
OPENS = time(9)


def add_to(group: AppGroup) -> None:
    """Add the command."""
    group.command("demo", help="Load the demo homes, unless there are homes already; or take them away.")(demo)


@click.option(
    "--size",
    type=click.Choice([*SIZES]),
    default="small",
    show_default=True,
    help="small: three homes with a rota; large: twenty homes without one.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day the demo is shown on, such as 2026-11-23; today unless given. The same day makes the same demo.",
)
@click.option("--remove", is_flag=True, help="Take the demo away, if there is nothing else here.")
def demo(size: str, as_of: datetime | None, remove: bool) -> None:
    """Load the demo homes and print the sign-ins, or take everything away again."""
    flow = running()
    migrate(flow.database)
    if remove:
        _remove()
        return
    zone = flow.settings.zone
    now = flow.clock.now() if as_of is None else datetime.combine(as_of.date(), OPENS, zone)
    loaded = load_demo(flow.settings, flow.database, now, size=SIZES[size])
    say("The demo is loaded." if loaded else "There are homes already; nothing was changed.")
    say(f"Sign-ins, all with the password {demo_password(flow.settings)}")
    for email, words in SIGN_INS.items():
        say(f"  {email:<24} {words}")


def _remove() -> None:
    flow = running()
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    try:
        flow.database.write(lambda session: remove_demo(session, cause))
    except Conflict as conflict:
        refuse(conflict.message)
    say("The demo is gone. If FlowApp is running, restart it, with FLOWAPP_DEMO=0: otherwise the demo comes back.")
