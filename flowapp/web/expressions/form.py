"""Reading what was typed into an expression field, whichever way it was shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from werkzeug.datastructures import MultiDict

from flowapp.expressions.rows import MOST_ROWS, Joined, Rows, typed

Way = Literal["rows", "text"]
MOST_TEXT: Final = 4000  # beyond the limit of the language, so that it can say that the text is too long
MOST_VALUE: Final = 500
_UNSHOWN: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef\\ufffe\\uffff]")


@dataclass(frozen=True, kw_only=True)
class TypedRow:
    """One row as it was typed; `key` stays the same while other rows come and go."""

    key: int
    field: str = ""
    comparison: str = ""
    value: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen yet."""
        return not (self.field or self.value.strip())


@dataclass(frozen=True, kw_only=True)
class TypedCondition:
    """An expression field as it was typed; `do` is the button that was pressed."""

    way: Way | None = None
    text: str = ""
    joined: Joined = "and"
    rows: tuple[TypedRow, ...] = ()
    do: str = ""

    def pressed(self) -> TypedCondition:
        """Answer the same with a row added or removed, if that was asked for."""
        if self.do == "add" and len(self.rows) < MOST_ROWS:
            last = max((row.key for row in self.rows), default=0)
            return replace(self, rows=(*self.rows, TypedRow(key=last + 1)))
        if self.do.startswith("remove-"):
            return replace(self, rows=tuple(row for row in self.rows if self.do != f"remove-{row.key}"))
        return self


def read_condition(form: MultiDict[str, str], name: str) -> TypedCondition:
    """Take the field of this name out of a form; what is missing or makes no sense is left out."""
    way = form.get(f"{name}-way")
    return TypedCondition(
        way="rows" if way == "rows" else "text" if way == "text" else None,
        text=_clean(form.get(name, "")[:MOST_TEXT].replace("\r\n", "\n")),
        joined="or" if form.get(f"{name}-joined") == "or" else "and",
        rows=_rows(form, name),
        do=form.get(f"{name}-do", ""),
    )


def rows_typed(rows: Rows) -> tuple[TypedRow, ...]:
    """Answer rows as they would have been typed."""
    return tuple(
        TypedRow(key=key, field=row.field, comparison=row.comparison, value=typed(row.value))
        for key, row in enumerate(rows.rows, 1)
    )


def _rows(form: MultiDict[str, str], name: str) -> tuple[TypedRow, ...]:
    pattern = re.compile(rf"{re.escape(name)}-([1-9][0-9]{{0,5}})-field")
    keys = sorted(int(found[1]) for each in form if (found := pattern.fullmatch(each)))
    return tuple(_row(form, f"{name}-{key}", key) for key in keys[:MOST_ROWS])


def _row(form: MultiDict[str, str], name: str, key: int) -> TypedRow:
    def part(which: str) -> str:
        return _clean(form.get(f"{name}-{which}", "")[:MOST_VALUE])

    return TypedRow(key=key, field=part("field"), comparison=part("comparison"), value=part("value"))


def _clean(text: str) -> str:
    """Take out the signs that cannot be typed and that no page can show."""
    return _UNSHOWN.sub("", text)
