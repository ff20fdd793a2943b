"""E17: whether those who work together can run the home, with this person among them."""

from __future__ import annotations

from collections.abc import Iterator

from flowapp.rota.eligibility.candidate import Candidate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.shifts import WorkingTime
from flowapp.rota.staff import Contract, JobRole
from flowapp.rota.working_time import night

LEADS = frozenset({JobRole.MANAGER, JobRole.DEPUTY, JobRole.NURSE, JobRole.SENIOR_CARER})
CARE = LEADS | {JobRole.CARER, JobRole.CARE_ASSISTANT}
AWAKE_AT_NIGHT = 2
RULE = "E17"


def mix(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E17: somebody leads, nobody is awake alone at night, and at most half of them come from an agency.

    It is about the home and nothing that keeps the person from it: without them there would be one fewer.
    """
    if slot.company is None or slot.role not in CARE:
        return
    if not slot.company.leading and who.role not in LEADS:
        yield _about("NO_LEAD", "nobody who leads would be in the home", "put a senior carer or nurse on as well")
    awake = slot.company.awake + (slot.working_time is WorkingTime.FULL)
    if awake < AWAKE_AT_NIGHT and night.is_night_work(slot.interval, slot.timezone):
        people = "nobody" if awake == 0 else "only one person"
        text = f"{people} would be awake in the home (needs {AWAKE_AT_NIGHT})"
        yield _about("LONE_WORKING", text, "fill the other night shifts of the home")
    sent, together = slot.company.from_agency + 1, slot.company.people + 1
    if who.contract is Contract.AGENCY and sent * 2 > together:
        text = f"{sent} of {together} would come from an agency (half at most)"
        yield _about("AGENCY_SHARE", text, "ask somebody of the home first")


def _about(code: str, text: str, fix: str) -> Finding:
    return Finding(rule=RULE, mode=Mode.WARN, code=code, text=text, fix=fix)
