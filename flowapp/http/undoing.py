"""Undoing a run for whoever asks, on a page or through the API."""

from __future__ import annotations

from flowapp.engine.undoing.undoing import NothingToUndo, undo
from flowapp.http.access import person
from flowapp.http.changes import cause_of, change
from flowapp.http.running import flow


def undo_run(execution_id: int) -> None:
    """Undo everything that can be undone of a run, in the name of whoever asks; raises as `undo` does."""
    undo(change, flow().parts, execution_id, who=person(), cause=cause_of())


def undo_cancelled(execution_id: int) -> bool:
    """Undo what a run did that was cancelled to be undone; answer whether it had done anything.

    Whoever sends the same request again goes on where it stopped.
    """
    try:
        undo_run(execution_id)
    except NothingToUndo:
        return False
    return True
