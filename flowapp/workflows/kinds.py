"""The contracts of what can be added: actions and triggers, one file each.

To add an action, add a file under `flowapp/actions` named after its kind, and its test. Form, JSON Schema,
documentation, checking and the log all come from the one class in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.events.cause import Cause
from flowapp.expressions.values import plain_text
from flowapp.kernel.errors import FlowError
from flowapp.workflows.workflow import CatchUp


class Effect(StrEnum):
    """What repeating an action would do, and so what the engine may promise."""

    DB = "db"  # changes our own database, in the completing transaction: exactly once
    READ = "read"  # only asks: may be repeated freely
    IDEMPOTENT = "idempotent"  # acts outside under a stable key: at least once
    AT_MOST_ONCE = "at_most_once"  # acts outside without a key: once, or `uncertain`


@dataclass(frozen=True, kw_only=True)
class Retry:
    """Whether doing a failed step again may help, and how long the other side asked to be left alone first."""

    may_help: bool = False
    after: timedelta | None = None


NO_RETRY = Retry()


class StepFailed(FlowError):
    """A step could not do its work.

    `permanent` says that trying again would not help; `after` is how long the other side asked us to wait.
    """

    def __init__(self, code: str, message: str, *, permanent: bool = True, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry = Retry(may_help=not permanent, after=after)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a running action is given.

    `session` is the completing transaction for `db` actions. `key` is the same on every attempt. `owner` is the
    person with whose rights the workflow acts.
    """

    session: Session
    cause: Cause
    owner: Person
    home_id: int | None
    execution_id: int
    workflow_name: str
    path: str
    zone: ZoneInfo

    @property
    def now(self) -> datetime:
        """The moment this attempt was claimed."""
        return self.cause.at

    @property
    def key(self) -> str:
        """The key of the effect: the same on every attempt."""
        return f"{self.execution_id}:{self.path}"


class ActionFields(BaseModel):
    """The settings of one action step, once the expressions in them have their values."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ActionOutput(BaseModel):
    """What later steps may read of an action."""

    model_config = ConfigDict(frozen=True)


class Action:
    """One kind of thing a step can do.

    A subclass declares `kind` (its file's name), `label`, `category`, `effect`, `Fields` and `Output`, and
    overrides `sentence` and `run`; with fields that may hold secrets it names them in `secrets`.

    One that can be undone changes our own database alone (`Effect.DB`), overrides `undo_note` and `undo`, and says in
    `undoes` what undoing it does; any other that leaves something behind says in `lasting` why that stays.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    category: ClassVar[str]
    effect: ClassVar[Effect]
    aliases: ClassVar[tuple[str, ...]] = ()  # names it used to have
    secrets: ClassVar[tuple[str, ...]] = ()  # fields that are covered wherever a step is kept or shown
    undoes: ClassVar[str] = ""  # a sentence: `The request waits for a decision again.`
    lasting: ClassVar[str] = "what it did cannot be reversed"
    Fields: ClassVar[type[ActionFields]]
    Output: ClassVar[type[ActionOutput]]

    def covered(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Answer fields as they may be kept and shown, with a cover over every secret."""
        return {name: _cover(value) if name in self.secrets else value for name, value in fields.items()}

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say what the step does; `fields` are as the document has them, `**` stands around values."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def run(self, fields: Any, run: Run) -> ActionOutput:
        """Do it; may raise StepFailed or any FlowError, whose message people will read."""
        raise TypeError(f"{type(self).__name__} does nothing")

    @property
    def reversible(self) -> bool:
        """Whether what it does can be undone."""
        return type(self).undo is not Action.undo

    def undo_note(self, fields: Any, run: Run) -> Any:
        """Answer, before the effect, what must be remembered to undo it: plain data without secrets."""
        raise TypeError(f"{type(self).__name__} remembers nothing")

    def undo_note_afterwards(self, note: Any, output: Any, run: Run) -> Any:
        """Answer the note with what is known only after the effect; None when there was no effect to undo."""
        return note

    def undo(self, note: Any, run: Run) -> str:
        """Undo it, and say in a sentence how things stand then; `run.owner` is whoever undoes it.

        Raises Conflict or Refused, naming the record, when the record is no longer as this action left it.
        """
        raise TypeError(f"{type(self).__name__} cannot be undone")


class TriggerFields(BaseModel):
    """The settings of one trigger."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times at which a trigger starts a workflow, again and again."""

    cron: str
    timezone: str | None  # None is that of the workflow's home
    catch_up: CatchUp


class Trigger:
    """One kind of thing that can start a workflow.

    A subclass declares `kind`, `label` and `Fields`, and overrides `sentence` and `context_schemas`.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    Fields: ClassVar[type[TriggerFields]]

    def sentence(self, fields: Any) -> str:
        """Say what starts the workflow: `When leave is requested`."""
        raise TypeError(f"{type(self).__name__} does not say when it starts")

    def listens_to(self, fields: Any) -> str | None:
        """Answer the type of event it waits for, if it waits for one."""
        return None

    def times(self, fields: Any) -> Times | None:
        """Answer the times at which it starts, if it goes by the clock."""
        return None

    def when(self, fields: Any) -> str | None:
        """Answer the condition that must hold, if there is one."""
        return None

    def context_schema(self, fields: Any) -> dict[str, Any] | None:
        """Answer the JSON Schema of the context it brings, or None when anything may come."""
        return None


def _as_text(value: Any) -> Any:
    """A text that is exactly one `${…}` keeps its value's kind; a text field takes it as the language writes it."""
    return plain_text(value) if isinstance(value, int | Decimal | date) else value


def _cover(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _cover(inner) for name, inner in value.items()}
    return None if value is None else COVER


COVER = "••••••"
Text = Annotated[str, BeforeValidator(_as_text)]
Secret = Annotated[SecretStr, BeforeValidator(_as_text)]  # a text that shows itself to nobody who prints it
LeaveRequestRef = Annotated[
    int, Field(description="The number of a leave request", json_schema_extra={"ref": "leave_request"})
]
ShiftRef = Annotated[
    int, Field(ge=1, lt=2**63, description="The number of a shift", json_schema_extra={"ref": "shift"})
]
StaffRef = Annotated[
    int, Field(ge=1, lt=2**63, description="The number of a member of staff", json_schema_extra={"ref": "staff"})
]
HomeRef = Annotated[str | int, Field(description="A care home: its number, code or name")]
Recipient = Annotated[
    str | int | list[str | int],
    Field(description="manager, senior, hr or regional, somebody's staff number or address, or a list of these"),
]
