"""What the pages about undoing a run show: each step in words, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import require
from flowapp.accounts.people import On, Person
from flowapp.bootstrap import Flow
from flowapp.engine import queries
from flowapp.engine.undoing.undo import UndoState
from flowapp.engine.undoing.undo_view import LastingLine, UndoLine, UndoView, undo_view
from flowapp.web.filters import When, when
from flowapp.web.parts import sentence_parts

MOST_LINES = 40  # of each list; of more, the first are told and the rest counted


@dataclass(frozen=True, kw_only=True)
class UndoItem:
    """One step: what it did, and in a note what becomes or became of it."""

    sentence: tuple[tuple[str, bool], ...]
    note: str
    kind: str = "action"
    badges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class UndoPage:
    """What undoing a run would do, to be agreed to."""

    title: str
    run: str
    run_url: str
    undo_url: str
    problem: str
    items: tuple[UndoItem, ...]
    more: str
    lasting: tuple[UndoItem, ...]


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What undoing a run did."""

    sentence: str
    word: str  # for a glance
    when: When
    items: tuple[UndoItem, ...]
    more: str


def undo_page(session: Session, person: Person, flow: Flow, execution_id: int) -> UndoPage:
    """Put together what undoing would do; raises NotFound or NotAllowed for who may not see the run, or not undo it."""
    found = queries.detail(session, person, execution_id)
    require(person, "execution.manage", On(home_id=found.execution.home_id))
    view = undo_view(session, found, flow.actions)
    items = tuple(_item(line) for line in view.to_undo[:MOST_LINES])
    return UndoPage(
        title="Undo this run",
        run=found.workflow_name,
        run_url=url_for("executions.show_execution", execution_id=execution_id),
        undo_url=url_for("executions.undo", execution_id=execution_id),
        problem=_problem(view),
        items=items,
        more=_more(len(view.to_undo)),
        lasting=tuple(_stays(line) for line in view.lasting[:MOST_LINES]),
    )


def done_words(session: Session, person: Person, flow: Flow, execution_id: int) -> tuple[str, str]:
    """Say what came of undoing a run, and in which tone."""
    tried = undo_view(session, queries.detail(session, person, execution_id), flow.actions).tried
    if any(line.state is UndoState.REFUSED for line in tried):
        return "Some of this run could not be undone. Under “Undone” it says why.", "warning"
    return "This run is undone.", "success"


def undone(view: UndoView, *, now: datetime, zone: ZoneInfo) -> Undone | None:
    """Say what undoing a run did; None when nobody has tried."""
    if not view.tried or view.tried[0].at is None:
        return None
    by, whole = view.tried[0].by, all(line.state is not UndoState.REFUSED for line in view.tried)
    return Undone(
        sentence=f"Undone by {by}." if by else "",
        word="Undone" if whole else "Partly undone",
        when=when(view.tried[0].at, now=now, zone=zone),
        items=tuple(_item(line) for line in view.tried[:MOST_LINES]),
        more=_more(len(view.tried)),
    )


def _problem(view: UndoView) -> str:
    if not view.ended:
        return "This run is still under way. Cancel it first; then it can be undone."
    if view.live:
        return f"{view.live}, which this run has started, is still under way. Cancel it first, or wait for its end."
    if not view.to_undo:
        return "This run is undone already." if view.tried else "This run did nothing that can be undone."
    return ""


_BADGES = {UndoState.UNDONE: ("Undone", "good"), UndoState.REFUSED: ("Not undone", "bad")}


def _item(line: UndoLine) -> UndoItem:
    badge = _BADGES.get(line.state)
    return UndoItem(
        sentence=sentence_parts(line.sentence),
        note=f"{_turn(line)}{line.words}",
        badges=(badge,) if badge else (),
    )


def _stays(line: LastingLine) -> UndoItem:
    return UndoItem(sentence=sentence_parts(line.sentence), note=f"{_turn(line)}Cannot be taken back: {line.why}.")


def _turn(line: UndoLine | LastingLine) -> str:
    return f"Turn {line.turn}. " if line.turn else ""


def _more(count: int) -> str:
    return f"And {count - MOST_LINES} more." if count > MOST_LINES else ""
