"""What can be wrong with an expression: one error for callers, one fault while it is being worked on."""

from __future__ import annotations

from typing import Final, Literal

from flowapp.kernel.errors import FlowError

Code = Literal[
    "syntax",  # it cannot be read
    "unknown_name",  # a record has no such field
    "unknown_function",  # the table of functions has no such name
    "wrong_type",  # the kinds of value do not fit each other
    "not_boolean",  # a condition gives something else than yes or no
    "missing_value",  # null, or nothing to choose from, where a value is needed
    "out_of_range",  # a number, date or position beyond what is allowed
    "too_long",  # too many characters, tokens or items
    "too_deep",  # nested too deeply
    "too_many_steps",  # too much work
    "divide_by_zero",
    "secret_not_allowed",  # a secret outside the fields made for secrets
    "not_ascii",  # a sign from outside ASCII outside text in quotes
]

CODES: Final[tuple[Code, ...]] = Code.__args__  # type: ignore[attr-defined]


class ExpressionError(FlowError):
    """This expression does not work.

    Lines and columns count from 1; `length` says how many characters from there on are meant. `path` is set
    by `render`: the field that the text stands in.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        line: int = 1,
        column: int = 1,
        length: int = 1,
        suggestion: str | None = None,
        *,
        path: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.line = line
        self.column = column
        self.length = length
        self.suggestion = suggestion
        self.path = path

    def caret(self, text: str) -> str:
        """Answer the line the error is in, with carets under the place."""
        lines = text.split("\n")
        line = lines[self.line - 1] if self.line <= len(lines) else ""
        room = max(1, min(self.length, len(line) - self.column + 1))
        return f"{line}\n{' ' * (self.column - 1)}{'^' * room}"


class Fault(Exception):
    """Something is wrong; whoever knows the place adds it, and the outermost makes an ExpressionError."""

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        suggestion: str | None = None,
        start: int = -1,
        end: int = -1,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.start = start
        self.end = end

    def at(self, start: int, end: int) -> Fault:
        """Place the fault, unless somebody deeper inside, who knows better, has done so."""
        if self.start < 0:
            self.start = start
            self.end = end
        return self

    def error(self, text: str) -> ExpressionError:
        """Turn the fault into the error for callers, with the line and column in this text."""
        start = min(max(self.start, 0), len(text))
        end = self.end if self.end > start else start + 1
        if self.start < 0:
            end = max(len(text), 1)
        line = text.count("\n", 0, start) + 1
        column = start - text.rfind("\n", 0, start)
        return ExpressionError(self.code, self.message, line, column, end - start, self.suggestion)


def error_of(wrong: Fault | RecursionError, text: str) -> ExpressionError:
    """Answer the error for callers, with its place in this text."""
    if isinstance(wrong, Fault):
        return wrong.error(text)
    return Fault("too_deep", "This is nested too deeply to be worked out.").error(text)


class placed:
    """Turn what goes wrong inside into the error for callers."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, wrong: BaseException | None, trace: object) -> None:
        """Raise the error for callers in place of a fault."""
        if isinstance(wrong, Fault | RecursionError):
            raise error_of(wrong, self._text) from None
