"""Texts with values in them, `Dear ${context.name}`, and fields that are one value, `${context.days}`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from flowapp.expressions.compile import compiled
from flowapp.expressions.environment import Environment
from flowapp.expressions.errors import ExpressionError, Fault
from flowapp.expressions.expression import Labels
from flowapp.expressions.frame import Frame, Names, Run
from flowapp.expressions.frame import frame as begin
from flowapp.expressions.functions.text import as_text
from flowapp.expressions.limits import TEXT_BYTES
from flowapp.expressions.nodes import Node
from flowapp.expressions.result import result
from flowapp.expressions.split import pieces_of
from flowapp.expressions.used import names_in, refuse_secrets
from flowapp.expressions.values import bounded_text
from flowapp.expressions.words.describe import described


@dataclass(frozen=True, slots=True)
class Place:
    """A `${…}` in a text: what stands in it, and how to work it out."""

    node: Node
    run: Run


Piece = str | Place


class Template:
    """Text with values in it, read once. What a value says is never read again: `${` in it stays as it is."""

    def __init__(self, text: str, *, secrets: bool = False) -> None:
        self.text = text
        try:
            self.pieces = tuple(_piece(piece, secrets=secrets) for piece in pieces_of(text))
        except Fault as fault:
            raise fault.error(text) from None

    @property
    def places(self) -> tuple[Place, ...]:
        """The `${…}` in it."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Place))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dotted names it reads."""
        return names_in(*(place.node for place in self.places))

    def render(self, names: Names, environment: Environment) -> str:
        """Answer the text with every value filled in."""
        return self.fill(begin(names, environment))

    def fill(self, frame: Frame) -> str:
        """Answer the text with every value filled in, for a frame that others share."""
        try:
            return self._filled(frame)
        except Fault as fault:
            raise fault.error(self.text) from None
        except RecursionError:
            raise ExpressionError("too_deep", "This is nested too deeply to be worked out.") from None

    def describe(self, labels: Labels | None = None) -> str:
        """Put it into words: the values by their names, `Dear [staff name]`."""
        return "".join(
            piece if isinstance(piece, str) else f"[{described(piece.node, labels or {})}]" for piece in self.pieces
        )

    def _filled(self, frame: Frame) -> str:
        written: list[str] = []
        room = TEXT_BYTES
        for piece in self.pieces:
            part = piece if isinstance(piece, str) else _text(piece, frame)
            room -= len(part)
            if room < 0:
                raise Fault("too_long", f"This text becomes too long: it has at most {TEXT_BYTES // 1024} KiB.")
            written.append(part)
        text = "".join(written)
        frame.write(text)
        return text


class Value(Template):
    """A field's text: exactly one `${…}` keeps the kind of its value, anything else is a template."""

    def render(self, names: Names, environment: Environment) -> object:  # type: ignore[override]
        """Answer the value, or the text with every value filled in."""
        return self.fill(begin(names, environment))

    def fill(self, frame: Frame) -> object:  # type: ignore[override]
        """Answer the value for a frame that others share."""
        if self.single is None:
            return super().fill(frame)
        try:
            return result(self.single.run(frame), frame)
        except Fault as fault:
            raise fault.at(self.single.node.start, self.single.node.end).error(self.text) from None
        except RecursionError:
            raise ExpressionError("too_deep", "This is nested too deeply to be worked out.") from None

    @property
    def single(self) -> Place | None:
        """The only `${…}`, if there is nothing else."""
        if len(self.pieces) == 1 and isinstance(self.pieces[0], Place):
            return self.pieces[0]
        return None


def template(text: str) -> Template:
    """Read a template, or take it from those read lately."""
    return _template(_checked(text))


def value(text: str, *, secrets: bool = False) -> Value:
    """Read a field's text, or take it from those read lately; `secrets` is for fields made for secrets."""
    return _value(_checked(text), secrets)


@lru_cache(maxsize=256)
def _template(text: str) -> Template:
    return Template(text)


@lru_cache(maxsize=512)
def _value(text: str, secrets: bool) -> Value:
    return Value(text, secrets=secrets)


def _checked(text: object) -> str:
    if type(text) is not str:
        raise ExpressionError("syntax", "A template is a text.")
    try:
        return bounded_text(text)
    except Fault as fault:
        raise fault.error(text) from None


def _piece(piece: str | Node, *, secrets: bool) -> Piece:
    if isinstance(piece, str):
        return piece
    if not secrets:
        refuse_secrets(piece)
    return Place(piece, compiled(piece))


def _text(place: Place, frame: Frame) -> str:
    try:
        return as_text(place.run(frame), frame)
    except Fault as fault:
        raise fault.at(place.node.start, place.node.end) from None
