"""The expression field as `ui.expression` draws it: rows or text, and what the condition says."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowapp.expressions import Schema, expression
from flowapp.expressions.rows import (
    MOST_ROWS,
    Comparing,
    Row,
    RowField,
    Rows,
    WrongValue,
    comparing_of,
    comparings,
    fields_of,
    rows_of,
    text_of,
    value_of,
)
from flowapp.web.expressions.answer import NOTHING, Answer, answer_to
from flowapp.web.expressions.form import TypedCondition, TypedRow, Way, rows_typed
from flowapp.workflows.sentences import LABELS

Options = tuple[tuple[str, str], ...]
NO_ROWS = "This condition does not fit into rows, so it is shown as text."
NOT_READ = "What cannot be read cannot be shown as rows. Mend the text first."
UNFINISHED = "A row is not finished. Fill it in or remove it; then the condition can be shown as text."
HINT = "Choose a field and fill in every row, and this place tells you what the condition means."
_ROOTS = {"context": "What happened", "vars": "Variables"}
_INPUTS = {"date": "date", "datetime": "datetime-local"}


@dataclass(frozen=True, kw_only=True)
class RowItem:
    """A row as it is drawn; `kind` keeps the choices of one kind of field apart from those of another."""

    key: int
    field: str
    comparison: str
    value: str
    kind: str = ""
    takes: str = "one"
    input: str = "text"
    comparisons: Options = ()
    choices: Options = ()
    unknown: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class ExpressionField:
    """An expression field; `name` is that of the text, and what the names of everything else begin with."""

    name: str
    way: Way
    text: str = ""
    joined: str = "and"
    rows: tuple[RowItem, ...] = ()
    fields: tuple[tuple[str, Options], ...] = ()
    note: str = ""
    may_add: bool = True
    focus: str = ""
    answer: Answer = field(default=NOTHING)


@dataclass(frozen=True)
class _Read:
    """A row with what it means, or why it means nothing; a row that is only unfinished has no error."""

    item: RowItem
    row: Row | None = None


def expression_field(typed: TypedCondition, schema: Schema, *, name: str = "condition") -> ExpressionField:
    """Put together the field from what was typed, in the way that was asked for if the condition fits it."""
    typed = typed.pressed()
    if typed.way == "rows":
        return _from_rows(typed, schema, name)
    wanted: Way = "rows" if typed.do == "rows" or typed.way is None else "text"
    rows = rows_of(typed.text, schema) if typed.text.strip() else Rows(())
    if wanted == "rows" and rows is not None:
        given = TypedCondition(way="rows", joined=rows.joined, rows=rows_typed(rows))
        return _from_rows(given, schema, name)
    answer = answer_to(typed.text, schema)
    note = "" if wanted == "text" else NO_ROWS if answer.sentence else NOT_READ
    return ExpressionField(name=name, way="text", text=typed.text, note=note, answer=answer)


def _from_rows(typed: TypedCondition, schema: Schema, name: str) -> ExpressionField:
    fields = fields_of(schema)
    read = [_read(each, fields) for each in typed.rows or (TypedRow(key=1),)]
    finished = tuple(each.row for each in read if each.row is not None)
    complete = len(finished) == len(read)
    text = text_of(Rows(finished, typed.joined)) if complete else ""
    blank = all(each.is_blank for each in typed.rows)
    if typed.do == "text" and (complete or blank):
        return ExpressionField(name=name, way="text", text=text, answer=answer_to(text, schema))
    return ExpressionField(
        name=name,
        way="rows",
        joined=typed.joined,
        rows=tuple(each.item for each in read),
        fields=_options(fields),
        note=UNFINISHED if typed.do == "text" else "",
        may_add=len(read) < MOST_ROWS,
        focus=_focus(typed, name),
        answer=answer_to(text, schema) if complete else Answer(hint=HINT),
    )


def _focus(typed: TypedCondition, name: str) -> str:
    """Answer the id of what the keyboard goes on with, after a row came or went."""
    if typed.do == "add" and typed.rows:
        return f"{name}-{typed.rows[-1].key}-field"
    return f"{name}-add" if typed.do.startswith("remove-") else ""


def _read(typed: TypedRow, fields: dict[str, RowField]) -> _Read:
    found = fields.get(typed.field)
    if found is None:
        wrong = f"There is no “{typed.field}” here. Choose another field." if typed.field else ""
        item = RowItem(
            key=typed.key,
            field=typed.field,
            comparison=typed.comparison,
            value=typed.value,
            unknown=typed.field,
            error=wrong,
        )
        return _Read(item)
    comparing = comparing_of(found, typed.comparison) or comparings(found)[0]
    try:
        value = value_of(typed.value, found, comparing)
    except WrongValue as wrong_value:
        return _Read(_item(typed, found, comparing, wrong_value.message if typed.value.strip() else ""))
    return _Read(_item(typed, found, comparing, ""), Row(found.name, comparing.name, value))


def _item(typed: TypedRow, found: RowField, comparing: Comparing, error: str) -> RowItem:
    kind = str(found.item or found.kind)
    # A browser empties a field for dates that holds anything else, so what is wrong stays in a field for text.
    wanted = "text" if error or comparing.takes == "several" else _INPUTS.get(kind, "text")
    return RowItem(
        key=typed.key,
        field=found.name,
        comparison=comparing.name,
        value=typed.value,
        kind=kind,
        takes=comparing.takes,
        input=wanted,
        comparisons=tuple((each.name, each.words) for each in comparings(found)),
        choices=tuple((choice, choice) for choice in found.choices) if comparing.takes == "one" else (),
        error=error,
    )


def _options(fields: dict[str, RowField]) -> tuple[tuple[str, Options], ...]:
    """Answer the fields in the groups that their names have, each in words."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in fields:
        groups.setdefault(_group(name.rpartition(".")[0]), []).append((name, _words(name)))
    return tuple((group, tuple(pairs)) for group, pairs in groups.items())


def _group(prefix: str) -> str:
    words = _ROOTS.get(prefix) or prefix.partition(".")[2].replace("_", " ").replace(".", ": ")
    return words[:1].upper() + words[1:]


def _words(name: str) -> str:
    return expression(name).describe(LABELS)
