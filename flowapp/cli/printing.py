"""Saying things on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from flowapp.kernel.errors import FlowError, Problem, Refused
from flowapp.kernel.plain import pretty


def say(text: str) -> None:
    """Write a line for the person at the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def refuse(text: str) -> NoReturn:
    """Say what is wrong and end with status 1."""
    sys.stderr.write(f"{text}\n")
    raise SystemExit(1)


def say_data(value: Any) -> None:
    """Write plain data as JSON, for programs."""
    say(pretty(value))


def say_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table with its columns under each other."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def problem_words(problem: Problem) -> str:
    """Say what is wrong, beginning with its place: `steps[0].if: …`."""
    if not problem.path or problem.message.startswith(problem.path):
        return problem.message
    return f"{problem.path}: {problem.message}"


@contextmanager
def refusals() -> Iterator[None]:
    """Say what FlowApp refuses, one problem on a line, and end with status 1."""
    try:
        yield
    except Refused as refused:
        refuse("\n".join(map(problem_words, refused.problems)) or refused.message)
    except FlowError as error:
        refuse(error.message)
