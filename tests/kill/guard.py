"""A guard of the engine, as it can be taken out of a copy of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class GuardHasMoved(AssertionError):
    """The text of a guard is not where it was; look for it, and mend this table."""


@dataclass(frozen=True)
class Edit:
    """A text of the project and what stands there instead, once the guard is gone."""

    path: str
    guard: str
    without: str

    def make(self, tree: Path) -> None:
        """Take the guard out everywhere in the file; raises GuardHasMoved when it is not there."""
        file = tree / self.path
        file.write_text(self.found(tree).replace(self.guard, self.without))

    def found(self, tree: Path) -> str:
        """Answer the text in which the guard stands; raises GuardHasMoved when it does not."""
        text = (tree / self.path).read_text()
        if self.guard not in text:
            raise GuardHasMoved(f"{self.path}: {self.guard}")
        return text


@dataclass(frozen=True)
class Mutation:
    """A guard, where it stands, and the tests that must notice; they must not where another one does the same."""

    guard: str
    edits: Sequence[Edit]
    tests: tuple[str, ...]
    missed: bool = True

    def __str__(self) -> str:
        return self.guard
