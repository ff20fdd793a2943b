"""The first look at a text, before the parser: signs, quotes, brackets, and limits on size and nesting."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from flowapp.expressions.errors import Fault
from flowapp.expressions.limits import CHARACTERS, NESTING, TOKENS
from flowapp.expressions.signs import foreign_sign, strange_number, strange_sign

_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<text>"(?:\\[^\n]|[^"\\\n])*"|'(?:\\[^\n]|[^'\\\n])*')
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?P<tail>[A-Za-z0-9_]*))
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<open>\$\{|[(\[])
      | (?P<close>[)\]}])
      | (?P<sign>\|\||&&|==(?!=)|!=(?!=)|!(?!=)|<=|>=|<(?!>)|[-+*/%>.,])
      | (?P<strange>.)""",
    re.VERBOSE | re.DOTALL,
)
_CLOSES: Final = {"(": ")", "[": "]", "${": "}"}


@dataclass
class _Level:
    """One open bracket, and how deep we were outside it."""

    sign: str
    start: int
    outside: int


@dataclass
class Scan:
    """A walk over one expression; `end` is where it stops, `tokens` how many it has."""

    text: str
    start: int
    in_template: bool
    end: int = 0
    tokens: int = 0
    _levels: list[_Level] = field(default_factory=list)
    _base: int = 0  # how deep brackets and choices around us go
    _run: int = 0  # prefixes such as `not` directly before us
    _after_operand: bool = False

    def walk(self) -> Scan:
        """Look at every sign up to the end, in a template up to the `}` that closes the place."""
        for found in _TOKEN.finditer(self.text, self.start):
            kind = found.lastgroup or ""
            self.end = found.start()
            if self.end - self.start > CHARACTERS:
                raise too_many_characters(self.end, found.end())
            if kind == "space":
                continue
            if self.in_template and not self._levels and found[0] == "}":
                return self
            self._count(found)
            self._look(kind, found)
        self.end = len(self.text)
        self._all_closed()
        return self

    def _count(self, found: re.Match[str]) -> None:
        self.tokens += 1
        if self.tokens > TOKENS:
            raise Fault(
                "too_long",
                f"This has more than {TOKENS} words, numbers and signs. Split it into several steps.",
                start=found.start(),
                end=found.end(),
            )

    def _look(self, kind: str, found: re.Match[str]) -> None:
        start, end = found.span()
        if kind == "strange":
            raise strange_sign(self.text, start) if found[0].isascii() else foreign_sign(self.text, start)
        if kind == "number" and found["tail"]:
            raise strange_number(found[0], start, end)
        if kind == "open":
            self._opened(found[0], start)
        elif kind == "close":
            self._closed(found[0], start)
        else:
            self._passed(kind, found[0], start)

    def _opened(self, sign: str, start: int) -> None:
        self._levels.append(_Level(sign, start, self._base))
        self._base += self._run + 1
        self._run = 0
        self._after_operand = False
        self._not_too_deep(start)

    def _closed(self, sign: str, start: int) -> None:
        level = self._levels.pop() if self._levels else None
        if level is None:
            raise Fault("syntax", f"This “{sign}” closes nothing.", start=start, end=start + 1)
        if _CLOSES[level.sign] != sign:
            wanted = _CLOSES[level.sign]
            message = f"This “{sign}” does not fit: “{level.sign}” is open, which closes with “{wanted}”."
            raise Fault("syntax", message, start=start, end=start + 1)
        self._base = level.outside
        self._run = 0
        self._after_operand = True

    def _passed(self, kind: str, token: str, start: int) -> None:
        prefix = token in ("not", "!") or (token == "-" and not self._after_operand)
        if prefix and not self._after_operand:
            self._run += 1
        elif token == "else":
            self._base += 1
        elif token == ",":
            self._base = self._levels[-1].outside + 1 if self._levels else 0
        self._after_operand = kind in ("text", "number") or (kind == "word" and token not in _NOT_OPERANDS)
        if not prefix:
            self._run = 0
        self._not_too_deep(start)

    def _not_too_deep(self, start: int) -> None:
        if self._base + self._run > NESTING:
            raise Fault(
                "too_deep",
                f"This is nested more than {NESTING} deep. Split it into several steps.",
                start=start,
                end=start + 1,
            )

    def _all_closed(self) -> None:
        if self._levels:
            level = self._levels[-1]
            message = f"This “{level.sign}” is never closed; a “{_CLOSES[level.sign]}” is missing."
            raise Fault("syntax", message, start=level.start, end=level.start + len(level.sign))
        if self.in_template:
            message = "This “${” is never closed; a “}” is missing."
            raise Fault("syntax", message, start=self.start - 2, end=self.start)


_NOT_OPERANDS: Final = frozenset({"and", "or", "not", "in", "is", "if", "else", "for"})


def scan(text: str, start: int = 0, *, in_template: bool = False) -> Scan:
    """Look over the expression that begins at `start`; a fault when it cannot be one."""
    return Scan(text, start, in_template).walk()


def too_many_characters(start: int, end: int) -> Fault:
    """Say that an expression is too long."""
    message = f"This has more than {CHARACTERS:,} characters. Split it into several steps."
    return Fault("too_long", message, start=start, end=end)
