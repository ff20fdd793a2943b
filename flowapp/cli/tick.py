"""`flask flow tick`: one look at everything that is due."""

from __future__ import annotations

from collections import Counter

import click
from flask.cli import AppGroup

from flowapp.bootstrap import Flow
from flowapp.cli.printing import refusals, say, say_data
from flowapp.http.running import flow as running
from flowapp.kernel.schema import migrate

WORDS = {
    "schedules": "Runs started by their schedules",
    "leave": "Leave requests closed because their day has come",
    "missing": "People who did not come, and handovers nobody wrote",
    "carried_on": "Times a run was carried on",
    "mails_sent": "Mails sent",
    "mails_not_sent": "Mails that could not be sent",
    "mails_kept": "Mails kept in the outbox, because no mail server is set",
}
GO_ON = ("schedules", "leave", "missing", "carried_on", "mails_sent")  # after one of these something else may be due


def add_to(group: AppGroup) -> None:
    """Add the command."""
    group.command("tick", help="Do everything that is due now, and say what that was.")(tick)


@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def tick(as_json: bool) -> None:
    """Do everything that is due now."""
    flow = running()
    migrate(flow.database)
    with refusals():
        done = _work_off(flow)
    if as_json:
        say_data({name: done[name] for name in WORDS})
        return
    for name, words in WORDS.items():
        if done[name]:
            say(f"{words}: {done[name]}")
    if not done.total():
        say("Nothing is due.")


def _work_off(flow: Flow) -> Counter[str]:
    """Look until nothing is due any more; a further look finds the mails that steps have written."""
    done: Counter[str] = Counter()
    flow.worker.start()
    try:
        while True:
            found = _look(flow)
            done.update(found)
            if not any(found[name] for name in GO_ON):
                return done
    finally:
        flow.worker.close()


def _look(flow: Flow) -> Counter[str]:
    ticked = flow.tick()
    flow.worker.look_after()
    carried_on = flow.worker.work_off()
    mails = ticked.mails.result()
    return Counter(
        schedules=ticked.started,
        leave=ticked.closed,
        missing=ticked.missing,
        carried_on=carried_on,
        mails_sent=mails.sent,
        mails_not_sent=mails.retried + mails.failed,
        mails_kept=mails.kept,
    )
