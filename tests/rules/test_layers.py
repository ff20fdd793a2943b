"""Imports point down; the contracts are in pyproject.toml."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.house.source import ROOT

CHECK = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache', '--no-logo'])"

STUBS = {
    "flowapp/__init__.py": "",
    "flowapp/kernel/clock.py": "",
    "flowapp/rota/leave.py": "from flowapp.kernel import clock",
    "flowapp/messaging/outgoing.py": "import httpx2, smtplib, socket",
    "flowapp/expressions/parser.py": "import lark",
    "flowapp/scheduler.py": "import apscheduler",
    "flowapp/web/page.py": "import flask, flask_login\nfrom flowapp.rota import leave",
}


def lint(folder: Path) -> tuple[int, str]:
    """Run import-linter in a folder, in a process of its own: it imports `flowapp` from there."""
    done = subprocess.run([sys.executable, "-c", CHECK], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def write(folder: Path, files: dict[str, str]) -> None:
    """Write stubs of the application, with the real contracts beside them."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")


def test_the_layers_are_kept() -> None:
    status, report = lint(ROOT)
    assert status == 0, report


def test_stubs_that_keep_to_the_layers_pass(tmp_path: Path) -> None:
    write(tmp_path, STUBS)
    assert lint(tmp_path)[0] == 0


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("breaches")
    breaches = {
        "flowapp/kernel/up.py": "from flowapp.rota import leave",
        "flowapp/rota/sideways.py": "from flowapp.messaging import outgoing",
        "flowapp/rota/request.py": "import flask",
        "flowapp/rota/timer.py": "import apscheduler.triggers",
        "flowapp/rota/language.py": "from lark import Lark",
        "flowapp/kernel/door.py": "import socket",
        "flowapp/rota/mail.py": "import smtplib",
        "flowapp/rota/call.py": "import httpx2",
        "flowapp/extras/anything.py": "",
    }
    write(folder, STUBS | breaches)
    status, words = lint(folder)
    assert status == 1
    return words


@pytest.mark.parametrize(
    "expected",
    [
        "flowapp.kernel is not allowed to import flowapp.rota",  # up
        "flowapp.rota is not allowed to import flowapp.messaging",  # sideways
        "flowapp.rota is not allowed to import flask",
        "flowapp.rota is not allowed to import apscheduler",
        "flowapp.rota is not allowed to import lark",
        "flowapp.kernel is not allowed to import socket",
        "flowapp.rota is not allowed to import smtplib",
        "flowapp.rota is not allowed to import httpx2",
        "- flowapp.extras",  # a folder without a place in the layers
    ],
)
def test_a_breach_is_found(report: str, expected: str) -> None:
    assert expected in report
