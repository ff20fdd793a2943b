"""Which rules somebody may be put on a shift against, with which right; most forbid it whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.eligibility.company import RULE as COMPANY
from flowapp.rota.eligibility.finding import Finding, Mode

WITH_A_REASON, AGAINST_THE_LAW = "shift.override", "shift.override_block"
# Never by themselves, but a person may: somebody who asks them may hear that they would come after all.
ASKED_AFTER_ALL = frozenset({"E08", "E13"})
REST_AND_HOURS = frozenset({("E09", "REST_LT_11H"), ("E11", "AVG_48H")})  # of somebody grown up
AGREED = "OPT_OUT_ON_FILE"  # they have agreed in writing, which is reason enough


def needed_right(finding: Finding) -> str | None:
    """Answer which right it takes to overrule a finding; None where nobody may."""
    if (finding.rule, finding.code) in REST_AND_HOURS:
        return AGAINST_THE_LAW
    if finding.mode is Mode.WARN or finding.rule in ASKED_AFTER_ALL:
        return WITH_A_REASON
    return None


def needs_override(finding: Finding) -> bool:
    """Say whether a finding stands in the way until somebody overrules it with a reason."""
    return finding.mode is not Mode.RANK and finding.rule != COMPANY and finding.code != AGREED


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands in the way of putting somebody on a shift, for one who would."""

    forbidden: tuple[Finding, ...] = ()  # whatever is said
    needs_reason: tuple[Finding, ...] = ()  # until it is said why


def standing(findings: Iterable[Finding], who: Person, home_id: int) -> Standing:
    """Sort what the rules say into what `who` may not overrule and what they may, with a reason."""
    forbidden: list[Finding] = []
    open_: list[Finding] = []
    for finding in findings:
        if not needs_override(finding):
            continue
        right = needed_right(finding)
        may = right is not None and can(who, right, On(home_id=home_id))
        (open_ if may else forbidden).append(finding)
    return Standing(forbidden=tuple(forbidden), needs_reason=tuple(open_))
