"""The verdict on somebody and a shift: every rule is asked, and everything that it says is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flowapp.rota.eligibility import belonging, clashes, company, hours, learning, nights, registration, weekly
from flowapp.rota.eligibility.candidate import Candidate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot

Rule = Callable[[Slot, Candidate], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    belonging.not_active,
    belonging.role,
    learning.skills,
    registration.registered,
    clashes.overlapping,
    clashes.leave,
    clashes.absent,
    clashes.unavailable,
    hours.daily_rest,
    weekly.weekly,
    hours.average_week,
    hours.week_limit,
    hours.in_a_row,
    nights.night_work,
    hours.young_worker,
    belonging.home,
    company.mix,
    clashes.double_day,
    belonging.agency,
    hours.health,
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What all rules say of somebody and a shift."""

    findings: tuple[Finding, ...]

    @property
    def is_eligible(self) -> bool:
        """Whether nothing forbids it."""
        return not self.blocks

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What forbids it."""
        return self._of(Mode.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is to be known by whoever decides it."""
        return self._of(Mode.WARN)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """What is told first: what forbids it or, where nothing does, everything there is to know."""
        return self.blocks or self.findings

    @property
    def is_near_miss(self) -> bool:
        """Whether only one thing forbids it."""
        return len(self.blocks) == 1

    def _of(self, mode: Mode) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.mode is mode)


def judge(slot: Slot, who: Candidate) -> Verdict:
    """Ask every rule whether somebody can take a shift."""
    return Verdict(findings=tuple(finding for rule in RULES for finding in rule(slot, who)))
