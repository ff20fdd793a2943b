"""E04: whether somebody is registered as their work needs it; looked at where the home keeps a record of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.eligibility.candidate import Candidate, Certificate
from flowapp.rota.eligibility.finding import Finding, Mode
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.staff import JobRole
from flowapp.rota.training.validity import last_day
from flowapp.rota.wording import day_text

PVG, DBS, SSSC, NMC = "PVG", "DBS", "SSSC", "NMC"
CRIMINAL_RECORD = {Nation.SCOTLAND: PVG, Nation.ENGLAND: DBS, Nation.WALES: DBS}
CARE = frozenset({JobRole.MANAGER, JobRole.DEPUTY, JobRole.SENIOR_CARER, JobRole.CARER, JobRole.CARE_ASSISTANT})
# SSSC from 3 June 2024: apply within three months of starting, be registered within six.
APPLY_MONTHS, REGISTER_MONTHS = 3, 6


def registered(slot: Slot, who: Candidate) -> Iterator[Finding]:
    """E04: the criminal record check holds; a nurse is on the register, a carer too or soon after starting."""
    for code in _needed(slot, who):
        held = who.certificates.get(code, ())
        if any(each.validity.holds_on(slot.day) for each in held):
            continue
        if code == SSSC and _is_new(slot, who, held):
            continue
        yield Finding(
            rule="E04",
            mode=Mode.BLOCK,
            code=f"NOT_REGISTERED:{code}",
            text=_words(slot, who, code, held),
            fix=f"record {slot.registers[code]} once it is there",
            evidence={"certificate_id": held[-1].certificate_id} if held else {},
        )


def _needed(slot: Slot, who: Candidate) -> Iterator[str]:
    codes = [CRIMINAL_RECORD.get(slot.nation, "")]
    if who.role is JobRole.NURSE:
        codes.append(NMC)
    elif who.role in CARE and slot.nation is Nation.SCOTLAND:
        codes.append(SSSC)
    return (code for code in codes if code in slot.registers)


def _is_new(slot: Slot, who: Candidate, held: tuple[Certificate, ...]) -> bool:
    """Say whether the time for registering still runs; beyond three months the application must be in."""
    if who.start_date == date.min or slot.day > last_day(who.start_date, REGISTER_MONTHS):
        return False
    return bool(held) or slot.day <= last_day(who.start_date, APPLY_MONTHS)


def _words(slot: Slot, who: Candidate, code: str, held: tuple[Certificate, ...]) -> str:
    name = slot.registers[code]
    ended = [ends for each in held if (ends := each.validity.expires_on) is not None and ends < slot.day]
    if ended:
        return f"{name} ended on {day_text(max(ended))}"
    if code == SSSC and who.start_date != date.min:
        if slot.day > last_day(who.start_date, REGISTER_MONTHS):
            return f"{name}: six months were over on {day_text(last_day(who.start_date, REGISTER_MONTHS))}"
        return f"{name} was to be applied for by {day_text(last_day(who.start_date, APPLY_MONTHS))}"
    return f"{name} is not confirmed yet" if held else f"{name} is missing"
