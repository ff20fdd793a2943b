"""A file to be judged, what is found in it, and the files of this repository."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# Not ours to shape: made by tools, or taken over from others as they are.
NOT_OURS = ("migrations/versions/", "static/vendor/", "tests/vendor/", "tests/data/")


@dataclass(frozen=True)
class Finding:
    """One breach of a rule, with its remedy in the message."""

    line: int
    message: str
    inside: str = ""  # the function around it, `Class.method`; empty at the top of a file


@dataclass(frozen=True)
class Source:
    """A text file by its path from the root of the repository."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python sees it."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[tuple[ast.AST, str]]:
        """Every part of the tree with the name of the function or class it stands in."""
        found: list[tuple[ast.AST, str]] = []
        _walk(self.tree, "", found)
        return found


Rule = Callable[[Source], Iterable[Finding]]


def _walk(node: ast.AST, inside: str, found: list[tuple[ast.AST, str]]) -> None:
    for child in ast.iter_child_nodes(node):
        name = inside
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{inside}.{child.name}".lstrip(".")
        found.append((child, name))
        _walk(child, name, found)


def python_sources(*places: str) -> list[Source]:
    """Read the Python files under these folders (or these very files), those not ours left out."""
    return sources(places, "*.py")


def sources(places: Iterable[str], pattern: str) -> list[Source]:
    """Read the files under these folders whose names fit the pattern, those not ours left out."""
    found: list[Source] = []
    for place in places:
        start = ROOT / place
        paths = [start] if start.is_file() else sorted(start.rglob(pattern))
        for path in paths:
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not name.startswith(NOT_OURS) and path.parent.name != "__pycache__":
                found.append(_read(name))
    return found


@cache
def _read(name: str) -> Source:
    """Read a file once, however many rules look at it."""
    return Source(name, (ROOT / name).read_text(encoding="utf-8"))


def breaches(sources: Iterable[Source], *rules: Rule, allowed: Iterable[str] = ()) -> list[str]:
    """Apply the rules; answer a line per finding, without those allowed as `path` or `path::function`."""
    let_off = set(allowed)
    return [
        f"{source.path}:{finding.line}: {finding.message}"
        for source in sources
        for rule in rules
        for finding in rule(source)
        if not let_off & {source.path, f"{source.path}::{finding.inside}"}
    ]


def unused(sources: Iterable[Source], *rules: Rule, allowed: Iterable[str]) -> list[str]:
    """Answer the exceptions that let nothing off any more."""
    needed: set[str] = set()
    for source in sources:
        for rule in rules:
            for finding in rule(source):
                needed |= {source.path, f"{source.path}::{finding.inside}"}
    return [exception for exception in allowed if exception not in needed]
