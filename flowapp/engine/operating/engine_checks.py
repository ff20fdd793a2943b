"""What the figures of the engine and the outbox say, in words; each check is a function of values alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flowapp.engine.operating.figures import MOST_MISSED, MOST_PARKED, EngineFigures, WorkflowFigures
from flowapp.engine.operating.finding import Finding, fine, look, wrong
from flowapp.engine.operating.readiness import TICK_TOO_OLD
from flowapp.messaging.outbox_figures import OutboxFigures

DUE_TOO_LONG = timedelta(minutes=1)
CLEAN_UP_TOO_OLD = timedelta(days=2)
CLOCK_SLACK = timedelta(minutes=1)
MAIL_TOO_OLD = timedelta(minutes=30)
SEE_LOG = "Look into its log (journalctl -u flowapp) and restart it; what waits goes on by itself."


def tick(found: EngineFigures) -> Finding:
    """Say when the engine last ticked."""
    if found.ticked_at is None:
        return look("tick", "The engine has never ticked with this database.", "Start FlowApp, and ask again.")
    ago = found.at - found.ticked_at
    if ago > TICK_TOO_OLD:
        words = f"The engine last ticked {_long(ago)} ago; no workflow moves."
        return wrong("tick", words, f"Start FlowApp if it does not run. If it does: {SEE_LOG}")
    return fine("tick", f"The engine ticked {_long(ago)} ago.")


def backlog(found: EngineFigures) -> Finding:
    """Say how much is due, and since when."""
    if found.oldest_due_at is None:
        return fine("backlog", "Nothing waits that is due.")
    ago = found.at - found.oldest_due_at
    words = f"{_number(found.due, 'step')} due, the oldest for {_long(ago)}."
    if ago > DUE_TOO_LONG:
        return wrong("backlog", words, f"The engine does not keep up, or does not look. {SEE_LOG}")
    return fine("backlog", words)


def leases(found: EngineFigures) -> Finding:
    """Say whether somebody holds a step and is gone; the engine takes such back within a second."""
    if not found.expired:
        return fine("leases", f"{_number(found.claimed, 'step')} being acted on; no lease has run out.")
    words = f"{_number(found.expired, 'step')} held by a process that is not heard of any more."
    return wrong("leases", words, "A running engine takes them back within a second. Start FlowApp, or restart it.")


def doubts(found: EngineFigures) -> Finding:
    """Say whether steps may or may not have acted."""
    if not found.in_doubt:
        return fine("doubts", "Of every step it is known whether it was done.")
    words = f"Of {_number(found.in_doubt, 'step')} nobody knows whether it was done outside."
    return look("doubts", words, "Open Runs, “Needs attention”, and say of each whether it was done.")


def parked(found: EngineFigures) -> Finding:
    """Say how many failed runs wait for somebody."""
    if not found.parked:
        return fine("failed runs", "No failed run waits for anybody.")
    words = f"{_number(found.parked, 'failed run', most=MOST_PARKED)} waiting for somebody, "
    words += f"{_most(found.parked_for_long, MOST_PARKED)} for longer than a day."
    remedy = "Managers find them under Runs, “Needs attention”: retry, skip the step, or give up."
    return look("failed runs", words, remedy)


def held(found: EngineFigures) -> Finding:
    """Say whether runs are kept from starting until a person answers."""
    if not found.held:
        return fine("held runs", f"No run is held; {_number(found.queued, 'run')} in a queue.")
    words = f"{_number(found.held, 'run')} held, because too many came at once."
    return look("held runs", words, "The workflow’s owner says on its page whether they shall start.")


def clean_up(found: EngineFigures) -> Finding:
    """Say when the nightly clean-up last came to its end."""
    if found.cleaned_at is None or found.at - found.cleaned_at <= CLEAN_UP_TOO_OLD:
        return fine("clean-up", "The nightly clean-up is on time.")
    words = f"The nightly clean-up last came to its end {_long(found.at - found.cleaned_at)} ago."
    return look("clean-up", words, "Leave FlowApp running over two in the night, and look for “clean-up” in its log.")


def clock(found: EngineFigures) -> Finding:
    """Say whether the clock has been put back: what is newest in the database lies in the future then."""
    newest = max((each for each in (found.newest_at, found.ticked_at) if each is not None), default=found.at)
    if newest - found.at > CLOCK_SLACK:
        words = f"The clock is {_long(newest - found.at)} behind the newest row of the database."
        return wrong(
            "clock", words, "Set the machine’s time (timedatectl); delays and schedules wait for it until then."
        )
    return fine("clock", f"The clock agrees with the database: {found.at:%Y-%m-%d %H:%M:%S} UTC.")


def workflows(found: WorkflowFigures) -> Finding:
    """Say which workflows are in trouble."""
    if found.paused_by_themselves:
        words = f"Paused by themselves, because they failed too often: {_names(found.paused_by_themselves)}."
        return wrong("workflows", words, "Open each; its page says why it failed. Mend it, then switch it on again.")
    if found.failing:
        words = f"The last run failed of: {_names(found.failing)}."
        return look("workflows", words, "Open the run; its page names the step and the reason.")
    return fine("workflows", "No workflow is failing.")


def schedules(found: WorkflowFigures) -> Finding:
    """Say whether times were missed."""
    if not found.missed:
        return fine("schedules", "No schedule was missed in the last day.")
    words = (
        f"{_number(found.missed, 'time', most=MOST_MISSED)} of schedules missed in the last day, when FlowApp was away."
    )
    return look("schedules", words, "Each workflow’s page lists what it missed, and what was made good.")


def mails(found: OutboxFigures, now: datetime) -> Finding:
    """Say whether mails get away."""
    waits = now - found.oldest_at if found.oldest_at is not None else timedelta()
    if waits > MAIL_TOO_OLD:
        words = f"{_number(found.waiting, 'mail')} waiting, the oldest for {_long(waits)}."
        return wrong("mails", words, "Open the outbox: each mail says what the mail server answered.")
    if found.failed:
        words = f"{_number(found.failed, 'mail')} could not be sent."
        return look("mails", words, "Open the outbox, mend the address or the mail server, and send them again.")
    return fine("mails", f"{_number(found.waiting, 'mail')} waiting to be sent.")


ENGINE: Sequence[Callable[[EngineFigures], Finding]] = (
    *(tick, backlog, leases, doubts, parked, held, clean_up, clock),
)
WORKFLOWS: Sequence[Callable[[WorkflowFigures], Finding]] = (workflows, schedules)


def _names(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:5]]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _number(number: int, noun: str, *, most: int | None = None) -> str:
    return f"{_most(number, most)} {noun}{'' if number == 1 else 's'}"


def _most(number: int, most: int | None) -> str:
    return f"{number:,} or more" if most is not None and number >= most else f"{number:,}"


def _long(length: timedelta) -> str:
    """Say a length in its largest unit."""
    seconds = int(length.total_seconds())
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return _number(seconds // size, noun)
    return _number(seconds, "second")
