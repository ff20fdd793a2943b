"""What is given on the command line: files, homes, workflows, people."""

from __future__ import annotations

from typing import Any, BinaryIO

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import active_people, person_by_email
from flowapp.cli.printing import refuse
from flowapp.kernel.signs import place_of_nul
from flowapp.kernel.strict_json import strict_json
from flowapp.rota.homes import CareHome
from flowapp.workflows.document import MOST_BYTES
from flowapp.workflows.workflow import Workflow

MOST_READ = 8 * MOST_BYTES  # spaces and line ends count here, and not in a document
DIGITS = 18  # every number of so many digits fits into the database
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # some editors begin a file with it


def json_in(file: BinaryIO) -> Any:
    """Answer what a JSON file holds; ends the command where it holds none."""
    try:
        raw = file.read(MOST_READ + 1)
    except OSError as error:
        refuse(f"The file cannot be read: {error.strerror}.")
    if len(raw) > MOST_READ:
        refuse(f"The file is larger than {MOST_READ // 1024} KiB, so it is no workflow document.")
    try:
        return _without_nul(strict_json(raw.removeprefix(_BYTE_ORDER_MARK)))
    except ValueError as error:
        refuse(f"The file is not JSON that can be read: {error}.")


def record_in(_context: click.Context, _option: click.Parameter, text: str | None) -> dict[str, Any]:
    """Answer the JSON object in an option; anything else is misuse."""
    try:
        found = _without_nul(strict_json(text or "{}"))
    except ValueError as error:
        raise click.BadParameter(f"it is not JSON that can be read: {error}.") from None
    if not isinstance(found, dict):
        raise click.BadParameter('it must be a JSON object, such as {"days": 2}.')
    return found


def _without_nul(found: Any) -> Any:
    if (place := place_of_nul(found)) is not None:
        raise ValueError(f"{place or 'a name in it'} holds a NUL character, which no text may hold")
    return found


def home_called(session: Session, code: str) -> int:
    """Answer the number of the home with a code; ends the command where there is none."""
    homes = {each.code: each.id for each in session.scalars(select(CareHome).order_by(CareHome.code))}
    if code.upper() not in homes:
        refuse(f"There is no home with the code {code}. There are: {', '.join(homes) or 'none yet'}.")
    return homes[code.upper()]


def workflow_called(session: Session, name: str) -> Workflow:
    """Answer the workflow with a number or uid; ends the command where there is none."""
    wanted = Workflow.uid == name.upper()
    if name.isascii() and name.isdecimal() and len(name) <= DIGITS:
        wanted = Workflow.id == int(name)
    found = session.scalar(select(Workflow).where(wanted))
    if found is None:
        refuse(f"There is no workflow {name}. Give its number, which stands in the address of its page, or its uid.")
    return found


def person_called(session: Session, email: str) -> Person:
    """Answer the person with an address; ends the command where nobody with an open account has it."""
    found = person_by_email(session, email)
    if found is None:
        refuse(f"There is no open account with the address {email}.")
    return found


def first_administrator(session: Session) -> Person:
    """Answer the administrator whose account is the oldest; ends the command where there is none."""
    found = active_people(session, role=Role.ADMIN)
    if not found:
        refuse("There is no administrator yet, so say with --owner whose workflow it shall be.")
    return min(found, key=lambda each: each.user_id)
