"""Texts with values in them, `Dear ${context.name}`, and fields that are one value, `${context.days}`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from flowapp.expressions.compile import compiled
from flowapp.expressions.environment import Environment
from flowapp.expressions.errors import ExpressionError, Fault, placed
from flowapp.expressions.expression import Labels
from flowapp.expressions.frame import Frame, Names, Run, frame
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


class Pieces:
    """A text with values in it, read once. What a value says is never read again: `${` in it stays as it is."""

    def __init__(self, text: str, *, secrets: bool = False) -> None:
        self.text = text
        with placed(text):
            self._pieces = tuple(_piece(piece, secrets=secrets) for piece in pieces_of(text))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dotted names it reads."""
        return names_in(*(piece.node for piece in self._pieces if isinstance(piece, Place)))

    def describe(self, labels: Labels | None = None) -> str:
        """Put it into words: the values by their names, `Dear [staff name]`."""
        return "".join(
            piece if isinstance(piece, str) else f"[{described(piece.node, labels or {})}]" for piece in self._pieces
        )

    def _filled(self, begun: Frame) -> str:
        written: list[str] = []
        room = TEXT_BYTES
        for piece in self._pieces:
            part = piece if isinstance(piece, str) else _text(piece, begun)
            room -= len(part)
            if room < 0:
                raise Fault("too_long", f"This text becomes too long: it has at most {TEXT_BYTES // 1024} KiB.")
            written.append(part)
        text = "".join(written)
        begun.write(text)
        return text


class Template(Pieces):
    """A text: whatever stands in it, it comes out as text."""

    def render(self, names: Names, environment: Environment) -> str:
        """Answer the text with every value filled in."""
        with placed(self.text):
            return self._filled(frame(names, environment))


class Value(Pieces):
    """A field's text: exactly one `${…}` keeps the kind of its value, anything else is a template."""

    def render(self, names: Names, environment: Environment) -> object:
        """Answer the value, or the text with every value filled in."""
        return self.fill(frame(names, environment))

    def fill(self, begun: Frame) -> object:
        """Answer the same in an evaluation that other fields share."""
        with placed(self.text):
            if len(self._pieces) == 1 and isinstance(self._pieces[0], Place):
                return self._single(self._pieces[0], begun)
            return self._filled(begun)

    def _single(self, place: Place, begun: Frame) -> object:
        try:
            return result(place.run(begun), begun)
        except Fault as fault:
            raise fault.at(place.node.start, place.node.end) from None


def template(text: str) -> Template:
    """Read a template, or take it from those read lately."""
    return _template(_is_text(text))


def value(text: str, *, secrets: bool = False) -> Value:
    """Read a field's text, or take it from those read lately; `secrets` is for fields made for secrets."""
    return _value(_is_text(text), secrets)


@lru_cache(maxsize=256)
def _template(text: str) -> Template:
    return Template(_bounded(text))


@lru_cache(maxsize=512)
def _value(text: str, secrets: bool) -> Value:
    return Value(_bounded(text), secrets=secrets)


def _is_text(text: object) -> str:
    if type(text) is not str:
        raise ExpressionError("syntax", "A template is a text.")
    return text


def _bounded(text: str) -> str:
    with placed(text):
        return bounded_text(text)


def _piece(piece: str | Node, *, secrets: bool) -> Piece:
    if isinstance(piece, str):
        return piece
    if not secrets:
        refuse_secrets(piece)
    return Place(piece, compiled(piece))


def _text(place: Place, begun: Frame) -> str:
    try:
        return as_text(place.run(begun), begun)
    except Fault as fault:
        raise fault.at(place.node.start, place.node.end) from None
