"""`flask flow user …`: accounts."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

from flowapp.accounts.passwords import check_password, hash_password
from flowapp.accounts.users import create_user
from flowapp.cli.printing import refuse, say
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.running import flow as running
from flowapp.kernel.errors import Refused
from flowapp.kernel.schema import migrate
from flowapp.rota.homes import CareHome


def add_to(group: AppGroup) -> None:
    """Add the commands about accounts."""
    users = AppGroup("user", help="Accounts.")
    users.command("create", help="Open an account.")(create)
    group.add_command(users)


@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, help="staff, senior, manager, hr, regional or admin.")
@click.option("--home", "homes", multiple=True, help="The code of a home; may be given several times.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, name: str, role: str, homes: tuple[str, ...], password_stdin: bool) -> None:
    """Open an account."""
    flow = running()
    migrate(flow.database)
    password = _typed() if password_stdin else ""
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    try:
        if password:
            check_password(password, email=email)
        hashed = hash_password(password) if password else ""
        with flow.database.read() as session:
            known = {code: number for code, number in session.execute(select(CareHome.code, CareHome.id)).all()}
        if unknown := [code for code in homes if code not in known]:
            refuse(f"There is no home with the code {unknown[0]}. There are: {', '.join(known) or 'none yet'}.")
        ids = [known[code] for code in homes]
        made = flow.database.write(
            lambda session: create_user(
                session, cause, email=email, name=name, role=role, home_ids=ids, password_hash=hashed
            )
        )
    except Refused as refused:
        refuse(refused.message)
    say(f"{email} has account number {made}." + ("" if password else " It has no password yet."))


def _typed() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password.strip():
        refuse("Standard input has no password. Give one line, or leave --password-stdin out.")
    return password
