"""`flask flow move-to`: everything in a SQLite database copied to a PostgreSQL database."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from flask.cli import AppGroup
from sqlalchemy import URL

from flowapp.cli.moving import source as sqlite
from flowapp.cli.moving import target as postgresql
from flowapp.cli.moving.move import copy_everything, proved
from flowapp.cli.moving.verifying import Compared, audit_trouble
from flowapp.cli.printing import refusals, refuse, say, say_table
from flowapp.http.running import flow as running
from flowapp.kernel.settings import ROOT, Settings

SHOWN_DIGITS = 16


def add_to(group: AppGroup) -> None:
    """Add the command."""
    group.command(
        "move-to",
        help="Copy everything to an empty PostgreSQL database, such as postgresql://flowapp@localhost/flowapp, and "
        "compare both sides. FlowApp must be stopped; the SQLite database stays as it is.",
    )(move_to)


@click.argument("address")
@click.option("--password-stdin", is_flag=True, help="Read the password of the role from standard input.")
@click.option("--while-running", is_flag=True, help="Rehearse: FlowApp may run on, and what it writes is not copied.")
@click.option("--again", is_flag=True, help="Empty the database first, if only an earlier move has written to it.")
def move_to(address: str, password_stdin: bool, while_running: bool, again: bool) -> None:
    """Copy everything to a PostgreSQL database."""
    flow = running()
    with refusals():
        url = postgresql.address(address, password=_typed() if password_stdin else "")
        with (
            sqlite.opened(flow.settings, flow.database, while_running=while_running) as source,
            postgresql.opened(url, again=again) as target,
        ):
            say("Copying; until the end the other database keeps nothing of it.")
            copy_everything(source, target, say)
            say("Comparing both sides.")
            tables = proved(source, target, say)
            trouble = audit_trouble(source)
    _say_compared(tables)
    if trouble is not None:
        say(f"\nThe chain of the audit {trouble}, in SQLite as well: somebody changed it there, and it was moved so.")
    say(_afterwards(flow.settings, url, rehearsed=while_running))


def _typed() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        refuse("Standard input has no password. Give one line, or leave --password-stdin out.")
    return password


def _say_compared(tables: Sequence[Compared]) -> None:
    say("")
    say_table(
        ["Table", "Rows", "Checksum (SHA-256), the same on both sides"],
        [[each.table, f"{each.target.rows:,}", each.target.of_rows[:SHOWN_DIGITS]] for each in tables],
    )
    say(f"Everything arrived: {sum(each.target.rows for each in tables):,} rows in {len(tables)} tables.")


def _afterwards(settings: Settings, url: URL, *, rehearsed: bool) -> str:
    if rehearsed:
        return (
            "\nThis was a rehearsal. What FlowApp has written since it began is not in PostgreSQL.\n"
            "For the move itself stop FlowApp, and give the same command with --again and without --while-running."
        )
    file = sqlite.path_of(settings)
    shown = postgresql.without_password(url)
    return f"""
Now:
1. Write these lines into {ROOT / ".env"}, in place of those that are there (FLOWAPP_INSTANCE keeps the
   secret key where it is, so that nobody is signed out):
     FLOWAPP_DATABASE_URL={shown}
     FLOWAPP_INSTANCE={settings.instance_folder}
   A password belongs into ~/.pgpass of whoever runs FlowApp (host:port:database:role:password, chmod 600), not here.
2. Start FlowApp, sign in, and look at the newest runs and leave requests.
3. Take a backup with pg_dump, and restore it once into another database.
4. Keep {file} until then and a month longer, and start no FlowApp on it.
To go back: stop FlowApp, let FLOWAPP_DATABASE_URL be
     {settings.database_url}
   again, and start it. What was written to PostgreSQL in the meantime is not in it.
docs/databases.md tells the rest."""
