"""`flask flow validate`, `import` and `export`: workflows as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.cli.given import first_administrator, home_called, json_in, person_called, workflow_called
from flowapp.cli.printing import problem_words, refusals, refuse, say, say_data
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.running import flow as running
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.plain import pretty
from flowapp.kernel.schema import migrate
from flowapp.workflows.called import unknown_in
from flowapp.workflows.check import check_document
from flowapp.workflows.document import Document
from flowapp.workflows.publishing import create_workflow, publish
from flowapp.workflows.reading import read_document
from flowapp.workflows.sentences import summary
from flowapp.workflows.workflow import latest_version, version


def add_to(group: AppGroup) -> None:
    """Add the commands about workflows."""
    group.command("validate", help="Say what is wrong with a workflow document; - is standard input.")(validate)
    group.command("import", help="Make a draft of a workflow document; its number stands alone on the last line.")(
        import_file
    )
    group.command("export", help="Print a workflow's document, or write it into a file.")(export)


@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def validate(file: BinaryIO, as_json: bool) -> None:
    """Say what a document does, and what is wrong with it."""
    data = json_in(file)
    try:
        document = read_document(data)
    except Refused as refused:
        _say_findings(None, refused.problems, (), as_json=as_json)
        return
    _say_findings(document, *_checked(document), as_json=as_json)


def _checked(document: Document) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Answer what must be mended before a document can be published, and what is only odd."""
    flow = running()
    migrate(flow.database)
    with flow.database.read() as session:
        unknown = unknown_in(session, document)
    found = check_document(document, actions=flow.actions, triggers=flow.triggers, unknown=unknown)
    return found.problems, found.warnings


def _say_findings(
    document: Document | None, problems: Sequence[Problem], warnings: Sequence[Problem], *, as_json: bool
) -> None:
    words = summary(document, running().actions, running().triggers) if document and not problems else None
    if as_json:
        found = {"problems": [*map(_as_data, problems)], "warnings": [*map(_as_data, warnings)]}
        say_data({"valid": not problems, **found, "summary": words})
    else:
        if words is not None:
            say(words)
        for warning in warnings:
            say(f"Warning: {problem_words(warning)}")
        for problem in problems:
            say(problem_words(problem))
    if problems:
        raise SystemExit(1)


def _as_data(problem: Problem) -> dict[str, str]:
    found = {"path": problem.path, "code": problem.code, "message": problem.message}
    return found if problem.suggestion is None else {**found, "suggestion": problem.suggestion}


@click.argument("file", type=click.File("rb"))
@click.option("--home", help="The code of its home; without one it is for every home of its owner.")
@click.option("--owner", help="The email address of its owner, with whose rights it acts; the first administrator.")
@click.option("--publish", "at_once", is_flag=True, help="Publish it, which switches it on.")
def import_file(file: BinaryIO, home: str | None, owner: str | None, at_once: bool) -> None:
    """Keep a document as a new workflow, and print its number."""
    data, flow = json_in(file), running()
    migrate(flow.database)
    with flow.database.read() as session:
        home_id = home_called(session, home) if home is not None else None
        person = person_called(session, owner) if owner is not None else first_administrator(session)
    _may_own(person, home_id)
    cause = Cause(actor=SYSTEM, at=flow.clock.now())
    with refusals():
        document = read_document(data)

        def write(session: Session) -> int:
            made = create_workflow(session, cause, document, owner_id=person.user_id, home_id=home_id)
            if at_once:
                publish(session, cause, made, actions=flow.actions, triggers=flow.triggers)
            return made.id

        number = flow.database.write(write)
    problems, warnings = _checked(document)
    for finding in (*problems, *warnings):
        say(f"To be looked at: {problem_words(finding)}")
    state = "is switched on" if at_once else "is a draft"
    say(f"“{document.name}” {state} and belongs to {person.name}. Its number:")
    say(str(number))


def _may_own(person: Person, home_id: int | None) -> None:
    if not can(person, "workflow.edit", On(home_id=home_id)):
        where = "for every home" if home_id is None else "in this home"
        refuse(f"{person.email} may not have workflows {where}. Choose another --owner or another --home.")


@click.argument("workflow")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), help="The file to write."
)
@click.option("--json", is_flag=True, expose_value=False, help="JSON is what it always prints.")
def export(workflow: str, output: Path | None) -> None:
    """Print the document that runs now, or the draft of a workflow that was never published."""
    flow = running()
    migrate(flow.database)
    with flow.database.read() as session:
        found = workflow_called(session, workflow)
        number = found.current_version
        kept = latest_version(session, found.id) if number is None else version(session, found.id, number)
        text = pretty(kept.document)
    if output is None or str(output) == "-":
        say(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror}.")
    say(f"“{found.name}” is written to {output}.")
