"""A step that waits for something to happen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from flowapp.events.catalogue import catalogue, context_schema
from flowapp.workflows.durations import Duration
from flowapp.workflows.kinds import Action
from flowapp.workflows.steps.part import Expression, Part
from flowapp.workflows.steps.step import BaseStep, Fault, Lane, Schema, Schemas, Text, either_of, record_of
from flowapp.workflows.steps.words import listed, match_words

if TYPE_CHECKING:
    from flowapp.workflows.document import Step

MOST_EVENTS = 20
_NOTHING: Schema = {"type": "null"}
_TEXT: Schema = {"type": "string"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}


def label_of(event_type: str) -> str:
    """Answer what happens, in words."""
    known = catalogue().get(event_type)
    return known.label if known else "something happens that FlowApp does not know"


class Awaited(Part):
    """One of the events that are waited for, and what must be so of it."""

    event: Annotated[str, Field(min_length=1, max_length=40)]
    match: Expression | None = None

    @property
    def schema_of_context(self) -> Schema | None:
        """What the event brings; None when there is no such event."""
        return dict(context_schema(self.event)) if self.event in catalogue() else None

    @property
    def words(self) -> str:
        """What happens, and what must be so of it, with marks around values."""
        label = f"**{label_of(self.event)}**"
        return f"{label} and {match_words(self.match)}" if self.match else label


def _some(events: tuple[Awaited, ...]) -> tuple[Awaited, ...]:
    if not events:
        raise ValueError("say what is waited for: give one event at least")
    return events


class WaitStep(BaseStep):
    """Wait for any of several events, and go one way when one comes, another when none comes in time."""

    type: Literal["wait"]
    for_events: Annotated[tuple[Awaited, ...], Field(max_length=MOST_EVENTS), AfterValidator(_some)]
    then: tuple[Step, ...] = ()
    timed_out: tuple[Step, ...] = ()

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of event it listens to, each once."""
        return tuple(dict.fromkeys(each.event for each in self.for_events))

    @property
    def awaited_words(self) -> str:
        """What is waited for."""
        return listed([each.words for each in self.for_events], last="or")

    def allowed(self) -> Duration | None:
        """Answer that it may take as long as it takes: its time-out is a way that it goes, and no failure."""
        return None

    def lanes(self) -> Iterable[Lane]:
        """Answer what is done when it comes, and when it does not."""
        came = record_of({"timed_out": {"type": "boolean"}, "event": self._event()})
        missed = record_of({"timed_out": {"type": "boolean"}, "event": _NOTHING})
        yield Lane("then", self.then, "then", "When it comes", own=came)
        yield Lane("timed_out", self.timed_out, "timed_out", "If it does not come in time", own=missed)

    def texts(self) -> Iterable[Text]:
        """Answer what must be so of each event; only there `event` is what it brings."""
        for number, each in enumerate(self.for_events):
            if each.match is not None:
                names = {"event": each.schema_of_context}
                yield Text(f"for_events[{number}].match", each.match, "condition", names=names)

    def faults(self) -> Iterable[Fault]:
        """Answer events that do not exist, and a way that can never be gone."""
        for number, each in enumerate(self.for_events):
            if each.event not in catalogue():
                near = get_close_matches(each.event, list(catalogue()), 1)
                offer = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(catalogue())}."
                message = f"There is no event called {each.event!r}.{offer}"
                yield Fault(f"for_events[{number}].event", "unknown_event", message, near[0] if near else None)
        if self.timed_out and self.timeout is None:
            message = "these steps are never reached, because it waits for ever. Say in timeout how long it waits."
            yield Fault("timed_out", "never_reached", f"{self.id}.timed_out: {message}")

    def sentence(self, actions: Mapping[str, Action]) -> str:
        """Say what it waits for."""
        most = f", for **{self.timeout.words}** at most" if self.timeout else ""
        return f"Wait until {self.awaited_words}{most}"

    def output(self, actions: Mapping[str, Action], lasts: Schemas) -> Schema | None:
        """Answer that it tells whether it was in vain, and which event came."""
        event = either_of(self._event(), _NOTHING) if self.timeout else self._event()
        return record_of({"timed_out": {"type": "boolean"}, "event": event})

    def _event(self) -> Schema | None:
        return either_of(
            *(
                record_of({"name": _TEXT, "at": _MOMENT, "context": Awaited(event=name).schema_of_context})
                for name in self.event_types
            )
        )
