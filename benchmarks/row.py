"""One line of the table: what was measured round by round, beside its reference of the same rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

ROUNDS = 5


@dataclass(frozen=True)
class Goal:
    """What a figure is to be, or its ratio to the reference where `ratio` says so."""

    at_least: float | None = None
    at_most: float | None = None
    ratio: bool = False

    def met(self, found: float) -> bool:
        """Say whether it is reached."""
        low = self.at_least is None or found >= self.at_least
        return low and (self.at_most is None or found <= self.at_most)

    def __str__(self) -> str:
        of = "ratio " if self.ratio else ""
        if self.at_least is not None:
            return f"{of}≥ {self.at_least:.4g}"
        return f"{of}≤ {self.at_most:.4g}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A figure of each round with that of its reference; `key` is how releases are compared."""

    key: str
    words: str
    unit: str
    figures: Sequence[float]
    beside: str  # what the reference is
    references: Sequence[float]
    goal: Goal | None = None

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        return [ours / theirs for ours, theirs in zip(self.figures, self.references, strict=True)]

    @property
    def met(self) -> bool:
        """Whether the goal is reached, by the median of the rounds."""
        if self.goal is None:
            return True
        return self.goal.met(median(self.ratios if self.goal.ratio else self.figures))


Measure = Callable[[], Sequence[Row]]


def percentile(figures: Sequence[float], hundredth: int) -> float:
    """Answer what so many of a hundred figures stay below."""
    return quantiles(figures, n=100)[hundredth - 1]
