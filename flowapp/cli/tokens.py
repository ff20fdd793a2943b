"""`flask flow token …`: API tokens."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import AppGroup

from flowapp.accounts.tokens import create as create_token
from flowapp.accounts.users import find_by_email
from flowapp.cli.printing import refuse, say
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.running import flow as running
from flowapp.kernel.errors import Refused
from flowapp.kernel.schema import migrate


def add_to(group: AppGroup) -> None:
    """Add the commands about tokens."""
    tokens = AppGroup("token", help="API tokens.")
    tokens.command("create", help="Make a token; it is printed once, alone on the last line.")(create)
    group.add_command(tokens)


@click.option("--user", "email", required=True, help="The email address of the account it acts for.")
@click.option("--scopes", default="read,run,edit,rota", show_default=True, help="What it may do.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="How long it is good for.")
@click.option("--name", default="made on the command line", show_default=True, help="What it is for.")
def create(email: str, scopes: str, days: int, name: str) -> None:
    """Make a token and print it once."""
    flow = running()
    migrate(flow.database)
    now = flow.clock.now()
    with flow.database.read() as session:
        user = find_by_email(session, email)
    if user is None:
        refuse(f"There is no account with the address {email}.")
    if not user.is_active:
        refuse(f"The account {email} is closed, so no token of it would be accepted.")
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    try:
        raw = flow.database.write(
            lambda session: create_token(
                session,
                Cause(actor=SYSTEM, at=now),
                user_id=user.id,
                name=name,
                scopes=wanted,
                expires_at=now + timedelta(days=days),
            )
        )
    except Refused as refused:
        refuse(refused.message)
    say(f"A token for {email}, good for {days} days. It is shown this once:")
    say(raw)
