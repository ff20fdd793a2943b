"""A small workflow for each kind of step, and what must have come of it in the end. To add a kind, add one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.factories import condition, notify

INSIDE = ("accept.mid_tx", "accept.before_commit", "claim.mid_tx", "complete.mid_tx", "complete.before_commit",
          "complete.after_commit")  # fmt: skip
OUTSIDE = (*INSIDE, "claim.after_commit", "effect.before", "effect.after")
MAIL = (*INSIDE, "mail.before_send", "mail.after_send")
TELL = notify("tell")


def call(id_: str, way: str = "ok", **given: Any) -> dict[str, Any]:
    """Answer a step that calls the web hook of the sink."""
    with_ = {"url": f"${{context.sink}}/{way}", "body": {"step": id_}}
    return {"id": id_, "type": "action", "action": "send_webhook", "with": with_, **given}


def pause(id_: str, seconds: int = 1) -> dict[str, Any]:
    """Answer a step that waits."""
    return {"id": id_, "type": "delay", "for": {"seconds": seconds}}


def way(name: str, *steps: dict[str, Any]) -> dict[str, Any]:
    """Answer one way of a branch."""
    return {"name": name, "steps": list(steps)}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of step: its workflow, the fault points on its road, and what each run of it leaves behind."""

    name: str
    steps: Sequence[dict[str, Any]]
    points: Sequence[str] = INSIDE
    completed: Sequence[str]  # the paths of the steps that are done in the end, in any order
    cancelled: Sequence[str] = ()
    told: int = 1  # notifications
    mails: int = 0

    def __str__(self) -> str:
        return self.name

    @property
    def document(self) -> dict[str, Any]:
        """Its workflow, started by hand or by a program."""
        trigger = {"id": "by_hand", "type": "manual", "inputs": [{"name": "sink", "label": "Sink", "type": "text"}]}
        return {"format": "flowapp/1", "name": f"Kind {self.name}", "triggers": [trigger], "steps": list(self.steps)}


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
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
