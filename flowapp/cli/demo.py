"""`flask flow demo`: loads the demo home."""

from __future__ import annotations

from flask.cli import AppGroup

from flowapp.cli.demo_data import SIGN_INS, load_demo
from flowapp.cli.printing import say
from flowapp.http.running import flow as running
from flowapp.kernel.keys import demo_password
from flowapp.kernel.schema import migrate


def add_to(group: AppGroup) -> None:
    """Add the command."""
    group.command("demo", help="Load the demo homes, unless they are there already.")(demo)


def demo() -> None:
    """Load the demo homes and print the sign-ins."""
    flow = running()
    migrate(flow.database)
    loaded = load_demo(flow.settings, flow.database, flow.clock.now())
    say("The demo is loaded." if loaded else "There are homes already; nothing was changed.")
    say(f"Sign-ins, all with the password {demo_password(flow.settings)}")
    for email, words in SIGN_INS.items():
        say(f"  {email:<24} {words}")
