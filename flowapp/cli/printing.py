"""Saying things on the terminal."""

from __future__ import annotations

import sys
from typing import NoReturn


def say(text: str) -> None:
    """Write a line for the person at the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def refuse(text: str) -> NoReturn:
    """Say what is wrong and end with status 1."""
    sys.stderr.write(f"{text}\n")
    raise SystemExit(1)
