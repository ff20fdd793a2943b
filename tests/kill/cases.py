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
    # what the request starts is carried on in its own transaction
    Case("claim.mid_tx", 3, Stand.NOTHING, "api"),
    # the workflow approves, and so writes an event of its own
    Case("accept.in_change", 6, Stand.NOTHING, "page"),
    Case("complete.mid_tx", 3, Stand.NOTHING, "page"),
    Case("complete.before_commit", 3, Stand.NOTHING, "api"),
    # all of it is committed, and nobody has been told
    Case("complete.after_commit", 3, Stand.DECIDED, "page"),
    Case("accept.after_commit", 5, Stand.DECIDED, "page"),
    Case("accept.after_commit", 6, Stand.DECIDED, "api"),
)
