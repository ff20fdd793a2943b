"""`flask flow token create`: a token from the command line, shown once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flowapp.accounts.tokens import ApiToken
from flowapp.accounts.user_changes import deactivate
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.http.tables import metadata
from flowapp.kernel.clock import FrozenClock
from tests.cast import Cast

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, cast: Cast) -> Run:
    """Answer a function that runs `flask flow token create` with these arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["flow", "token", "create", *arguments])


def token_of(result: Result) -> str:
    """Answer the token: the last line of standard output, and nothing else on it."""
    assert result.exit_code == 0, result.output
    token = str(result.stdout.splitlines()[-1])
    assert token.startswith("flow_")
    assert " " not in token
    return token


def tokens(flow: Flow) -> int:
    """Count the tokens."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(ApiToken)) or 0


def status(app: Flask, token: str, method: str = "GET", path: str = "/workflows") -> int:
    """Ask the API with a token, and answer the status."""
    headers = {"Authorization": f"Bearer {token}"}
    return app.test_client().open(f"/api/v1{path}", method=method, headers=headers).status_code


def test_the_token_stands_alone_on_the_last_line_and_works(app: Flask, flow: Flow, run: Run) -> None:
    result = run("--user", "maya@example.org")
    token = token_of(result)
    assert result.stdout.count(token) == 1
    assert token not in result.stderr
    assert status(app, token) == 200


def test_the_token_itself_is_kept_nowhere(flow: Flow, run: Run) -> None:
    token = token_of(run("--user", "maya@example.org"))
    with flow.database.read() as session:
        for table in metadata().sorted_tables:
            assert token not in repr(session.execute(select(table)).all()), table.name


def test_two_tokens_are_two(run: Run) -> None:
    assert token_of(run("--user", "maya@example.org")) != token_of(run("--user", "maya@example.org"))


def test_without_scopes_it_may_do_the_usual_and_not_look_after_flowapp(flow: Flow, run: Run) -> None:
    token_of(run("--user", "maya@example.org"))
    with flow.database.read() as session:
        assert session.scalars(select(ApiToken)).one().scopes == ["edit", "read", "rota", "run"]


def test_it_may_do_what_its_scopes_say_and_no_more(app: Flask, run: Run) -> None:
    token = token_of(run("--user", "maya@example.org", "--scopes", " read , run "))
    assert status(app, token) == 200
    assert status(app, token, "POST", "/leave-requests") == 403
    assert status(app, token_of(run("--user", "maya@example.org", "--scopes", "rota"))) == 403


@pytest.mark.parametrize(("arguments", "days"), [((), 90), (("--days", "1"), 1), (("--days", "3650"), 3650)])
def test_it_is_good_for_as_long_as_it_says(
    app: Flask, run: Run, clock: FrozenClock, arguments: tuple[str, ...], days: int
) -> None:
    result = run("--user", "maya@example.org", *arguments)
    token = token_of(result)
    assert f"{days} days" in result.stdout
    clock.advance(days=days, seconds=-1)
    assert status(app, token) == 200
    clock.advance(seconds=2)
    assert status(app, token) == 401


WRONG = [
    (("--user", "nobody@example.org"), "There is no account with the address nobody@example.org."),
    (("--user", "maya@example.org", "--scopes", "everything"), "Choose one or more of these scopes: read, run"),
    (("--user", "maya@example.org", "--scopes", ""), "Choose one or more of these scopes"),
    (("--user", "maya@example.org", "--name", " "), "what the token is for"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[row[1][:30] for row in WRONG])
def test_what_is_wrong_is_said_on_standard_error_with_status_1(
    flow: Flow, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stdout == ""
    assert tokens(flow) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--user",),
        ("--user", "maya@example.org", "--days", "0"),
        ("--user", "maya@example.org", "--days", "many"),
        ("--user", "maya@example.org", "--colour", "blue"),
    ],
)
def test_misuse_ends_with_status_2(flow: Flow, run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert tokens(flow) == 0


def test_a_closed_account_gets_no_token(flow: Flow, cast: Cast, run: Run) -> None:
    def close(session: Session) -> None:
        deactivate(session, Cause(actor=SYSTEM, at=flow.clock.now()), cast.dan.user_id)

    flow.database.write(close)
    result = run("--user", "dan@example.org")
    assert result.exit_code == 1
    assert tokens(flow) == 0


def test_the_address_may_be_written_in_capitals(app: Flask, run: Run) -> None:
    assert status(app, token_of(run("--user", "MAYA@Example.org"))) == 200
