"""`flask flow validate`, `import` and `export`: workflows as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from flowapp.bootstrap import Flow
from flowapp.cli.given import MOST_READ
from flowapp.workflows.library import AUTO_APPROVE
from flowapp.workflows.workflow import Subscription, Version, Workflow, WorkflowStatus
from tests.cast import Cast
from tests.factories import a_document, a_workflow, condition, leave_asked, notify, run_all, runs

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, cast: Cast) -> Run:
    """Answer a function that runs `flask flow …` with these arguments."""

    def ask(*arguments: str, typed: str | bytes | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["flow", *arguments], input=typed)

    return ask


@pytest.fixture
def file(tmp_path: Path) -> Callable[[Any], str]:
    """Answer a function that writes a document into a file and answers its path."""

    def write(data: Any) -> str:
        path = tmp_path / "workflow.json"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return str(path)

    return write


def workflows(flow: Flow) -> int:
    """Count the workflows."""
    with flow.database.read() as session:
        return session.scalar(select(func.count()).select_from(Workflow)) or 0


def kept(flow: Flow, result: Result) -> Workflow:
    """Answer the workflow whose number stands alone on the last line."""
    assert result.exit_code == 0, result.output
    with flow.database.read() as session:
        return session.get_one(Workflow, int(result.stdout.splitlines()[-1]))


def said(result: Result, status: int) -> str:
    """Answer what was said to a person, and nothing of Python's."""
    assert result.exit_code == status, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return str(result.output)


WRONG_IF = a_document(condition("short", "${context.dayz} <= 3", then=[notify("tell")]))
UNKNOWN_KEY = a_document({**notify("tell"), "wiht": {}})
UNKNOWN_WORKFLOW = a_document({"id": "go", "type": "workflow", "workflow": 999})


def test_a_good_document_is_told_in_a_sentence(run: Run, file: Callable[[Any], str]) -> None:
    words = said(run("validate", file(AUTO_APPROVE)), 0)
    assert words.startswith("When leave is requested")
    assert "approve the leave" in words


def test_a_document_is_read_from_standard_input(run: Run) -> None:
    assert "approve the leave" in said(run("validate", "-", typed=json.dumps(AUTO_APPROVE)), 0)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        # an expression that reads what is not there
        (WRONG_IF, "steps[0].if: "),
        # a key that nobody knows
        (UNKNOWN_KEY, "steps[0].wiht is not known. Did you mean 'with'?"),
        # nothing that starts it
        (a_document(triggers=[]), "triggers: Say what starts the workflow"),
        # no name
        ({"format": "flowapp/1"}, "name is missing."),
        # no document at all
        ([1, 2], "A workflow document is a JSON object."),
    ],
)
def test_each_problem_is_named_with_its_place_and_the_status_is_1(
    run: Run, file: Callable[[Any], str], document: Any, place: str
) -> None:
    assert any(line.startswith(place) for line in said(run("validate", file(document)), 1).splitlines())


def test_a_warning_is_no_problem(run: Run, file: Callable[[Any], str]) -> None:
    assert "Warning: steps[0].workflow: there is no workflow 999" in said(run("validate", file(UNKNOWN_WORKFLOW)), 0)


def test_programs_read_what_was_found_as_json(run: Run, file: Callable[[Any], str]) -> None:
    good = json.loads(said(run("validate", "--json", file(UNKNOWN_WORKFLOW)), 0))
    assert (good["valid"], good["problems"], good["warnings"][0]["code"]) == (True, [], "unknown_workflow")
    bad = json.loads(said(run("validate", "--json", file(UNKNOWN_KEY)), 1))
    assert (bad["valid"], bad["summary"]) == (False, None)
    assert [(each["path"], each["suggestion"]) for each in bad["problems"]] == [("steps[0].wiht", "with")]


def test_looking_at_a_document_keeps_nothing(flow: Flow, run: Run, file: Callable[[Any], str]) -> None:
    run("validate", file(AUTO_APPROVE))
    assert workflows(flow) == 0


BAD_FILES = [
    # a text
    (b"Dear FlowApp", "not JSON that can be read"),
    # nothing
    (b"", "not JSON that can be read"),
    # a picture
    (b"\x89PNG\xff\xfe", "not JSON that can be read"),
    # signs of another time
    (b'{"name": "Caf\xe9"}', "it is not text in UTF-8"),
    # said twice
    (b'{"name": "A", "name": "B"}', "a key appears twice"),
    # no number
    (b'{"name": NaN}', "NaN is not JSON"),
    # a number beyond all others
    (b'{"name": 1e99999999999999999999}', "beyond every number"),
    # without end
    (b"[" * 100_000, "not JSON that can be read"),
    # deep
    (b"[" * 50 + b"]" * 50, "more than 32 levels deep"),
    # a document that is too large
    (json.dumps(a_document(description="x" * 300_000)).encode(), "256 KiB at most"),
    # a file that is too large to be looked at
    (b" " * (MOST_READ + 1), "larger than 2048 KiB"),
]


@pytest.mark.parametrize("command", ["validate", "import"])
@pytest.mark.parametrize(("data", "words"), BAD_FILES, ids=[str(n) for n in range(len(BAD_FILES))])
def test_a_file_that_is_no_document_is_refused_in_words(
    flow: Flow, run: Run, file: Callable[[Any], str], command: str, data: bytes, words: str
) -> None:
    assert words in said(run(command, file(data)), 1)
    assert workflows(flow) == 0


def test_a_file_may_begin_as_some_editors_begin_it(run: Run, file: Callable[[Any], str]) -> None:
    said(run("validate", file(b"\xef\xbb\xbf" + json.dumps(AUTO_APPROVE).encode())), 0)


@pytest.mark.parametrize(
    "arguments",
    [("validate",), ("validate", "no-such-file.json"), ("validate", "/tmp"), ("import",), ("export",),
     ("import", "no-such-file.json"), ("validate", "-", "--colour", "blue"), ("export", "1", "-o", "/tmp")],
)  # fmt: skip
def test_misuse_ends_with_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert "Usage:" in said(run(*arguments), 2)


def test_an_imported_workflow_is_a_draft_of_the_first_administrator(
    flow: Flow, cast: Cast, run: Run, file: Callable[[Any], str]
) -> None:
    found = kept(flow, run("import", file(AUTO_APPROVE)))
    assert (found.name, found.status, found.home_id) == (AUTO_APPROVE["name"], WorkflowStatus.DRAFT, None)
    assert (found.owner_id, found.current_version) == (cast.ada.user_id, None)


def test_the_first_administrator_is_the_one_whose_account_is_the_oldest(
    flow: Flow, cast: Cast, run: Run, file: Callable[[Any], str]
) -> None:
    run("user", "create", "aaron@example.org", "--name", "Aaron", "--role", "admin")
    assert kept(flow, run("import", file(AUTO_APPROVE))).owner_id == cast.ada.user_id


def test_an_imported_workflow_that_is_published_runs(
    flow: Flow, cast: Cast, run: Run, file: Callable[[Any], str]
) -> None:
    path = file(AUTO_APPROVE)
    found = kept(flow, run("import", path, "--home", "rose", "--owner", "MAYA@example.org", "--publish"))
    assert (found.status, found.home_id, found.owner_id) == (WorkflowStatus.ACTIVE, cast.rose, cast.maya.user_id)
    leave_asked(flow, cast.dan)
    run_all(flow)
    assert [each.workflow_id for each in runs(flow)] == [found.id]


def test_a_draft_may_be_unfinished_and_says_so(flow: Flow, run: Run, file: Callable[[Any], str]) -> None:
    result = run("import", file(WRONG_IF))
    assert kept(flow, result).status == WorkflowStatus.DRAFT
    assert "To be looked at: steps[0].if: " in result.stdout


def test_what_cannot_be_published_is_not_kept_either(flow: Flow, run: Run, file: Callable[[Any], str]) -> None:
    assert "steps[0].if: " in said(run("import", file(WRONG_IF), "--publish"), 1)
    with flow.database.read() as session:
        assert not session.scalars(select(Version)).all()
        assert not session.scalars(select(Subscription)).all()
    assert workflows(flow) == 0


REFUSED = [
    # a home that is not there
    (("--home", "OAK"), "There is no home with the code OAK. There are: ELM, ROSE."),
    # somebody without an account
    (("--owner", "nobody@example.org"), "no open account with the address nobody@example.org"),
    # a carer has no workflows
    (("--owner", "dan@example.org", "--home", "ROSE"), "dan@example.org may not have workflows in this home"),
    # a manager has none in another home
    (("--owner", "maya@example.org", "--home", "ELM"), "maya@example.org may not have workflows in this home"),
    # nor for all of them
    (("--owner", "maya@example.org"), "maya@example.org may not have workflows for every home"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=[row[1][:30] for row in REFUSED])
def test_what_may_not_be_is_said_on_standard_error_with_status_1(
    flow: Flow, run: Run, file: Callable[[Any], str], arguments: tuple[str, ...], words: str
) -> None:
    result = run("import", file(AUTO_APPROVE), *arguments)
    said(result, 1)
    assert words in result.stderr
    assert workflows(flow) == 0


def test_without_an_administrator_an_owner_must_be_named(app: Flask, file: Callable[[Any], str]) -> None:
    result = app.test_cli_runner().invoke(args=["flow", "import", file(AUTO_APPROVE)])
    assert "say with --owner" in said(result, 1)


def test_an_exported_document_can_be_imported_again(
    flow: Flow, cast: Cast, run: Run, file: Callable[[Any], str]
) -> None:
    values = {"limit": Decimal("1.10"), "name": "Café"}
    document = a_document({"id": "keep", "type": "set", "values": values})
    first = a_workflow(flow, cast.maya, document, home_id=cast.rose)
    text = said(run("export", str(first)), 0)
    assert json.loads(text, parse_float=Decimal)["steps"][0]["values"] == values
    second = kept(flow, run("import", "-", typed=text)).id
    with flow.database.read() as session:
        versions = session.scalars(select(Version).where(Version.workflow_id.in_((first, second)))).all()
    assert len({each.sha256 for each in versions}) == 1
    assert len(versions) == 2


def test_a_workflow_is_exported_by_its_uid_into_a_file(flow: Flow, cast: Cast, run: Run, tmp_path: Path) -> None:
    number = a_workflow(flow, cast.maya, home_id=cast.rose)
    with flow.database.read() as session:
        uid = session.get_one(Workflow, number).uid
    path = tmp_path / "kept.json"
    assert str(path) in said(run("export", uid.lower(), "-o", str(path)), 0)
    assert json.loads(path.read_text(encoding="utf-8")) == a_document()
    assert path.read_text(encoding="utf-8").endswith("}\n")


@pytest.mark.parametrize("name", ["999", "9" * 30, "{digit}", "-1", "", "Auto-approve"])
def test_a_workflow_that_is_not_there_is_refused(flow: Flow, cast: Cast, run: Run, name: str) -> None:
    number = a_workflow(flow, cast.maya, home_id=cast.rose)
    arabic = chr(0x660 + number)  # a digit to Python, and to nobody who types a number here
    assert "There is no workflow" in said(run("export", "--", name.format(digit=arabic)), 1)


def test_a_file_that_cannot_be_written_is_said(flow: Flow, cast: Cast, run: Run, tmp_path: Path) -> None:
    number = a_workflow(flow, cast.maya, home_id=cast.rose)
    assert "cannot be written" in said(run("export", str(number), "-o", str(tmp_path / "none" / "a.json")), 1)


def test_a_document_with_nul_is_refused_with_its_place(flow: Flow, run: Run, file: Callable[[Any], str]) -> None:
    told = said(run("import", file(a_document(notify("tell"), name="Tea\x00"))), 1)
    assert "name holds a NUL character, which no text may hold" in told
    assert workflows(flow) == 0
