"""A small workflow for each kind of step, and what must have come of it in the end. To add a kind, add one entry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.factories import approve, condition, notify

INSIDE = ("accept.mid_tx", "accept.before_commit", "claim.mid_tx", "complete.mid_tx", "complete.before_commit",
          "complete.after_commit")  # fmt: skip
OUTSIDE = (*INSIDE, "claim.after_commit", "effect.before", "effect.after")
MAIL = (*INSIDE, "mail.before_send", "mail.after_send")
EVENT = ("accept.in_change", "accept.after_commit")  # passed by whoever raises an event
TELL = notify("tell")
WAKE = "to wake somebody"  # the reason of leave that is asked for so that runs that wait for it go on


def call(id_: str, way: str = "ok", **given: Any) -> dict[str, Any]:
    """Answer a step that calls the web hook of the sink."""
    with_ = {"url": f"${{context.sink}}/{way}", "body": {"step": id_}}
    return {"id": id_, "type": "action", "action": "send_webhook", "with": with_, **given}


def pause(id_: str, seconds: int = 1) -> dict[str, Any]:
    """Answer a step that waits."""
    return {"id": id_, "type": "delay", "for": {"seconds": seconds}}


def listen(id_: str) -> dict[str, Any]:
    """Answer a step that waits until such leave is asked for, however long that takes."""
    awaited = {"event": "leave_requested", "match": f'event.leave.reason == "{WAKE}"'}
    return {"id": id_, "type": "wait", "for_events": [awaited]}


def way(name: str, *steps: dict[str, Any]) -> dict[str, Any]:
    """Answer one way of a branch."""
    return {"name": name, "steps": list(steps)}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of step: its workflow, the fault points on its road, and what each run of it leaves behind."""

    name: str
    steps: Sequence[dict[str, Any]]
    settings: Mapping[str, Any] = field(default_factory=dict)
    points: Sequence[str] = INSIDE  # with a number where it is not the first pass that matters
    status: str = "completed"
    completed: Sequence[str]  # the paths of the steps that are done in the end, in any order
    failed: Sequence[str] = ()
    cancelled: Sequence[str] = ()
    undone: Sequence[str] = ()  # of those that are done, in the order of their effects
    told: int = 1  # notifications
    mails: int = 0
    starts: int = 1  # how often it is started in one case
    attended: bool = False  # whether somebody must do something, so that it goes on

    def __str__(self) -> str:
        return self.name

    def document(self, numbers: Mapping[str, int]) -> dict[str, Any]:
        """Answer its workflow, started by hand or by a program; `<name>` in it becomes a number that is known later."""
        text = json.dumps(list(self.steps))
        for name, number in numbers.items():
            text = text.replace(f'"<{name}>"', str(number))
        trigger = {"id": "by_hand", "type": "manual", "inputs": [{"name": "sink", "label": "Sink", "type": "text"}]}
        about = {"format": "flowapp/1", "name": f"Kind {self.name}", "settings": dict(self.settings)}
        return about | {"triggers": [trigger], "steps": json.loads(text)}


# Started by a kind, never by itself.
CHILD = Kind(name="child", steps=[call("call"), pause("wait"), notify("note")], completed=["call", "wait", "note"])
KINDS = (
    Kind(name="inside", steps=[TELL], completed=["tell"]),
    Kind(name="outside", steps=[call("call"), TELL], points=OUTSIDE, completed=["call", "tell"]),
    Kind(
        name="mail",
        steps=[{"id": "mail", "type": "action", "action": "send_email",
                "with": {"to": "manager", "subject": "Tea", "body": "is ready"}}, TELL],
        points=MAIL, completed=["mail", "tell"], mails=1,
    ),
    Kind(name="condition", steps=[condition("c", "1 < 2", then=[TELL], else_=[notify("not")])],
         completed=["c", "c.then.tell"]),
    Kind(name="delay", steps=[pause("wait"), TELL], completed=["wait", "tell"]),
    Kind(
        name="branch_all",
        steps=[{"id": "b", "type": "branch", "branches": [
            way("out", call("call")), way("in", notify("note")), way("late", pause("wait"), notify("later"))]}, TELL],
        points=OUTSIDE, completed=["b", "b.out.call", "b.in.note", "b.late.wait", "b.late.later", "tell"], told=3,
    ),
    Kind(
        name="branch_first",
        steps=[{"id": "b", "type": "branch", "merge": "first", "branches": [
            way("slow", pause("wait", 600), notify("never")), way("quick", pause("soon"), notify("note"))]}, TELL],
        completed=["b", "b.quick.soon", "b.quick.note", "tell"], cancelled=["b.slow.wait"], told=2,
    ),
    Kind(
        name="loop",
        steps=[{"id": "each", "type": "loop", "items": "${[1, 2, 3]}", "as": "item", "at_once": 2,
                "steps": [call("call"), notify("note")]}, TELL],
        points=OUTSIDE, told=4,
        completed=["each", *(f"each[{n}].{step}" for n in range(3) for step in ("call", "note")), "tell"],
    ),
    Kind(
        name="repeat",
        steps=[{"id": "again", "type": "repeat", "until": "${loop.number} >= 3", "every": {"seconds": 1},
                "steps": [notify("note")]}, TELL],
        completed=["again", *(f"again[{n}].note" for n in range(3)), "tell"], told=4,
    ),
    Kind(name="set", steps=[{"id": "words", "type": "set", "values": {"word": "tea"}},
                            notify("tell", message="${steps.words.word}")], completed=["words", "tell"]),
    Kind(
        name="retry", steps=[call("call", "busy", retry={"attempts": 5, "first": {"seconds": 1}}), TELL],
        points=OUTSIDE, completed=["call", "tell"],
    ),
    Kind(
        # The first event comes while it does something else, the second while it listens, a third never.
        name="wait", attended=True,
        steps=[pause("wait"), listen("early"), listen("late"),
               {"id": "vain", "type": "wait", "for_events": [{"event": "leave_expired"}], "timeout": {"seconds": 1},
                "timed_out": [notify("note")]}, TELL],
        points=(*INSIDE, *EVENT), completed=["wait", "early", "late", "vain", "vain.timed_out.note", "tell"], told=2,
    ),
    Kind(
        name="workflow",
        steps=[{"id": "run", "type": "workflow", "workflow": "<child>", "with": {"sink": "${context.sink}"}}, TELL],
        points=(*OUTSIDE, "accept.mid_tx:2", "accept.before_commit:2", "complete.before_commit:2"),
        completed=["run", "tell"],
    ),
    Kind(
        # Another one may not begin before the leave waits again.
        name="rollback", status="failed", settings={"mode": "queued", "max": 1000},
        steps=[approve("first") | {"with": {"leave_request_id": "<first leave>"}}, call("call"),
               approve("second") | {"with": {"leave_request_id": "<second leave>"}},
               call("breaks", "gone", on_error="rollback"), TELL],
        points=(*OUTSIDE, *EVENT, "complete.mid_tx:2", "complete.before_commit:2", "complete.mid_tx:3",
                "complete.before_commit:3"),
        completed=["first", "call", "second"], failed=["breaks"], undone=["first", "second"], told=0,
    ),
    Kind(
        name="queued", settings={"mode": "queued", "max": 1000, "key": "${context.sink}"}, starts=3,
        steps=[call("call"), pause("wait"), TELL],  # whoever starts it has an answer before it ends
        points=(*OUTSIDE, "complete.before_commit:2", "complete.after_commit:2", "complete.before_commit:3"),
        completed=["call", "wait", "tell"],
    ),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in (CHILD, *KINDS)}
