"""Actions that do one thing a test wants to see: write a row, fail in some way, act outside."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import select

from flowapp.kernel.errors import Conflict
from flowapp.kernel.transaction import TransactionLost
from flowapp.messaging.in_app import Notification, notify
from flowapp.rota.homes import CareHome
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Run, StepFailed


class NoteFields(ActionFields):
    """What is written."""

    word: str = "noted"


class NoteOutput(ActionOutput):
    """What was written."""

    word: str
    key: str = ""


class Note(Action):
    """Write a word where the owner finds it."""

    kind: ClassVar[str] = "note"
    label: ClassVar[str] = "Note"
    category: ClassVar[str] = "people"
    effect: ClassVar[Effect] = Effect.DB
    Fields = NoteFields
    Output = NoteOutput

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what it does."""
        return f"Note **{fields.get('word', '')}**"

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Write it."""
        write_note(run, fields.word)
        return NoteOutput(word=fields.word, key=run.key)


def write_note(run: Run, word: str) -> None:
    """Write a word as a notification of the owner."""
    notify(run.session, run.cause, [run.owner.user_id], title="note", message=word)


def noted(session: Any) -> list[str]:
    """Answer every word that was written, in order."""
    query = select(Notification.message).where(Notification.title == "note").order_by(Notification.id)
    return list(session.scalars(query))


class Explode(Note):
    """Write a word, then fail like a fault of our own."""

    kind = "explode"

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Write and fail."""
        write_note(run, fields.word)
        raise ZeroDivisionError("the boiler")


class Refuse(Note):
    """Write a word, then fail in words."""

    kind = "refuse"

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Write and fail."""
        write_note(run, fields.word)
        raise StepFailed("no_tea", "There is no tea left. Buy some, then try again.")


class Busy(Note):
    """Fail in a way that may pass, as often as a test says."""

    kind = "busy"

    def __init__(self) -> None:
        self.failures = 0
        self.retry_after: float | None = None

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Fail, or write."""
        if self.failures:
            self.failures -= 1
            after = None if self.retry_after is None else timedelta(seconds=self.retry_after)
            raise StepFailed("busy", "The line is busy.", permanent=False, after=after)
        return super().run(fields, run)


class BreakARule(Note):
    """Write a word, then something the database refuses, through the session."""

    kind = "break_a_rule"

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Write and fail."""
        write_note(run, fields.word)
        first = run.session.scalars(select(CareHome).order_by(CareHome.id)).first()
        assert first is not None
        values = {c.key: getattr(first, c.key) for c in CareHome.__table__.columns if c.key != "id"}
        run.session.add(CareHome(**values))
        run.session.flush()
        return NoteOutput(word="never")


class Poison(Note):
    """Fail in a way the engine takes for the database's trouble."""

    kind = "poison"

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Give the whole transaction up."""
        raise TransactionLost


class Flaky(Note):
    """Fail for good at the paths that a test says."""

    kind = "flaky"

    def __init__(self) -> None:
        self.fails_at: set[str] = set()

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Fail, or write."""
        if run.path in self.fails_at:
            raise StepFailed("flaky", "The printer is off. Switch it on, then try again.")
        return super().run(fields, run)


class Slow(Note):
    """Take longer than the engine may hold the database."""

    kind = "slow"

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Wait, then write."""
        threading.Event().wait(0.025)
        return super().run(fields, run)


class Inside(Note):
    """Write a word, and whatever else a test says, in the transaction of the run."""

    kind = "inside"

    def __init__(self) -> None:
        self.does: Callable[[Run], None] = lambda run: None

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Do it."""
        self.does(run)
        return super().run(fields, run)


class Outside(Note):
    """Act outside, under a key; a test says what happens there."""

    kind = "outside"
    effect = Effect.IDEMPOTENT

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.does: Callable[[Run], None] = lambda run: None

    def run(self, fields: NoteFields, run: Run) -> NoteOutput:
        """Act."""
        self.keys.append(run.key)
        self.does(run)
        return NoteOutput(word=fields.word, key=run.key)


class OutsideOnce(Outside):
    """Act outside, without any key."""

    kind = "outside_once"
    effect = Effect.AT_MOST_ONCE


class Chalk(Note):
    """Write a word that can be wiped off again."""

    kind = "chalk"
    undoes = "The word is wiped off."

    def undo_note(self, fields: NoteFields, run: Run) -> dict[str, str]:
        """Remember the word."""
        return {"word": fields.word}

    def undo(self, note: dict[str, str], run: Run) -> str:
        """Write that it is wiped off."""
        write_note(run, f"no {note['word']}")
        return f"“{note['word']}” is wiped off."


class Ink(Chalk):
    """Write a word over which somebody has painted by the time it shall be wiped off."""

    kind = "ink"

    def undo(self, note: dict[str, str], run: Run) -> str:
        """Wipe, and then see that it was wrong."""
        super().undo(note, run)
        raise Conflict(f"Somebody has painted over “{note['word']}” since.")


class Scratch(Chalk):
    """Write a word whose undoing has a fault of our own."""

    kind = "scratch"

    def undo(self, note: dict[str, str], run: Run) -> str:
        """Wipe and fail."""
        super().undo(note, run)
        raise ZeroDivisionError("the sponge")


class Acid(Chalk):
    """Write a word whose undoing fails in a way the engine takes for the database's trouble."""

    kind = "acid"

    def undo(self, note: dict[str, str], run: Run) -> str:
        """Wipe, and give the whole transaction up."""
        super().undo(note, run)
        raise TransactionLost


class Air(Chalk):
    """Find after the effect that there was none."""

    kind = "air"

    def undo_note_afterwards(self, note: dict[str, str], output: NoteOutput, run: Run) -> None:
        """Answer that nothing need be undone."""


def made() -> tuple[Action, ...]:
    """Answer one of each, new for every test."""
    kinds = (Note, Explode, Refuse, Busy, BreakARule, Poison, Flaky, Slow, Inside, Outside, OutsideOnce)
    return tuple(kind() for kind in (*kinds, Chalk, Ink, Scratch, Acid, Air))


def do(kind: str, id_: str, word: str = "noted") -> dict[str, Any]:
    """Answer a step that does one of these."""
    return {"id": id_, "type": "action", "action": kind, "with": {"word": word}}
