"""The points of the road of a leave request at which the server can be made to die."""

from __future__ import annotations

from dataclasses import dataclass

from tests.kill.evidence import Stand


@dataclass(frozen=True)
class Case:
    """Where the third of three requests meets the fault, and how far it has come by then.

    The first two are answered and decided; they pass the point too. So the number is higher than what a worker
    passes that comes after, and only decides what is left over.
    """

    point: str
    nth: int
    stand: Stand
    door: str

    def __str__(self) -> str:
        return f"{self.point}:{self.nth}"


CASES = (
    Case("accept.in_change", 5, Stand.NOTHING, "api"),
    Case("accept.mid_tx", 3, Stand.NOTHING, "page"),
    Case("accept.before_commit", 3, Stand.NOTHING, "api"),
    Case("accept.after_commit", 5, Stand.ASKED, "page"),
    Case("claim.mid_tx", 3, Stand.ASKED, "api"),
    # the workflow approves, and so writes an event of its own
    Case("accept.in_change", 6, Stand.ASKED, "page"),
    Case("complete.mid_tx", 3, Stand.ASKED, "page"),
    Case("complete.before_commit", 3, Stand.ASKED, "api"),
    # the workflow's own event rings the doorbell: its transaction is committed, nothing after it is done
    Case("accept.after_commit", 6, Stand.DECIDED, "api"),
)
