"""`flask flow user create`: an account from the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from flowapp.accounts.audit import AuditEntry
from flowapp.accounts.passwords import CHEAP, verify
from flowapp.accounts.people import Person
from flowapp.accounts.users import User, find_by_email, person_of
from flowapp.bootstrap import Flow
from flowapp.factory import create_app
from flowapp.kernel.settings import Settings
from tests.cast import Cast

PASSWORD = "warm porridge at seven"
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, cast: Cast) -> Run:
    """Answer a function that runs `flask flow user create` with these arguments."""

    def create(*arguments: str, typed: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["flow", "user", "create", *arguments], input=typed)

    return create


def person(flow: Flow, email: str) -> Person | None:
    """Answer the person behind an address."""
    with flow.database.read() as session:
        found = find_by_email(session, email)
        return person_of(session, found.id) if found else None


def accounts(flow: Flow) -> int:
    """Count the accounts."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


def test_an_account_is_opened(flow: Flow, cast: Cast, run: Run) -> None:
    result = run("Nora@Example.org", "--name", "Nora Bell", "--role", "manager", "--home", "ROSE", "--home", "ELM")
    assert result.exit_code == 0, result.output
    found = person(flow, "nora@example.org")
    assert found is not None
    assert (found.name, found.role.value, found.home_ids) == ("Nora Bell", "manager", {cast.rose, cast.elm})
    assert f"account number {found.user_id}" in result.stdout
    assert "no password yet" in result.stdout
    with flow.database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor, entry.entity_id) == ("account.create", "system", found.user_id)


def test_the_password_comes_from_standard_input_and_is_not_shown(flow: Flow, run: Run) -> None:
    result = run("nora@example.org", "--name", "Nora", "--role", "hr", "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert "no password yet" not in result.output
    with flow.database.read() as session:
        kept = find_by_email(session, "nora@example.org")
        assert kept is not None
        assert PASSWORD not in kept.password_hash
        assert verify(kept.password_hash, PASSWORD, CHEAP)


@pytest.mark.filterwarnings("error")
def test_nothing_the_command_uses_is_about_to_go(run: Run) -> None:
    assert run(*GOOD).exit_code == 0


@pytest.mark.parametrize("role", ["hr", "admin"])
def test_some_roles_are_for_every_home(flow: Flow, run: Run, role: str) -> None:
    assert run("nora@example.org", "--name", "Nora", "--role", role).exit_code == 0
    found = person(flow, "nora@example.org")
    assert found is not None
    assert found.all_homes


GOOD = ("nora@example.org", "--name", "Nora", "--role", "manager", "--home", "ROSE")
WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "no address": (("nora", *GOOD[1:]), "name@example.org"),
    "an address that is taken": (("MAYA@example.org", *GOOD[1:]), "already an account"),
    "an unknown role": ((*GOOD[:4], "boss", *GOOD[5:]), "Choose one of these roles: staff, senior"),
    "an unknown home": ((*GOOD[:6], "OAK"), "There is no home with the code OAK. There are: "),
    "no home for a manager": (GOOD[:5], "needs a care home"),
    "an empty name": ((GOOD[0], "--name", " ", *GOOD[3:]), "Write the person's name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_on_standard_error_with_status_1(flow: Flow, run: Run, case: str) -> None:
    arguments, words = WRONG[case]
    before = accounts(flow)
    result = run(*arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output
    assert accounts(flow) == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("short\n", "at least 8 characters"),
        ("nora@example.org\n", "not your email address"),
        ("password123\n", "too many people"),
    ],
)
def test_a_password_that_is_too_easy_is_refused(flow: Flow, run: Run, typed: str, words: str) -> None:
    result = run(*GOOD, "--password-stdin", typed=typed)
    assert result.exit_code == 1
    assert words in result.stderr.lower()
    assert person(flow, "nora@example.org") is None


@pytest.mark.parametrize("typed", ["", "\n", "   \n"])
def test_an_empty_password_is_refused_when_one_was_promised(flow: Flow, run: Run, typed: str) -> None:
    result = run(*GOOD, "--password-stdin", typed=typed)
    assert result.exit_code == 1
    assert "password" in result.stderr
    assert person(flow, "nora@example.org") is None


def test_a_line_from_windows_ends_where_it_ends(flow: Flow, run: Run) -> None:
    assert run(*GOOD, "--password-stdin", typed=f"{PASSWORD}\r\n").exit_code == 0
    with flow.database.read() as session:
        kept = find_by_email(session, "nora@example.org")
        assert kept is not None
        assert verify(kept.password_hash, PASSWORD, CHEAP)


@pytest.mark.parametrize("arguments", [(), ("nora@example.org",), GOOD[:3], (*GOOD, "--colour", "blue"), (*GOOD, "x")])
def test_misuse_ends_with_status_2(flow: Flow, run: Run, arguments: tuple[str, ...]) -> None:
    before = accounts(flow)
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert accounts(flow) == before


def test_a_database_that_is_not_made_yet_is_no_reason_for_a_trace(settings: Settings) -> None:
    app = create_app(settings)
    try:
        result = app.test_cli_runner().invoke(
            args=["flow", "user", "create", "a@example.org", "--name", "A", "--role", "admin"]
        )
    finally:
        app.extensions["flowapp"].close()
    assert result.exit_code in (0, 1)
    assert result.exception is None or isinstance(result.exception, SystemExit)
