"""Functions: every row of the table, with values and with errors."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flowapp.expressions import catalogue
from flowapp.expressions.functions import TABLE
from tests.unit.expressions.world import error_of, evaluate

# The table of the language: nothing more, nothing less.
NAMES = [
    "lower",
    "upper",
    "trim",
    "title",
    "contains",
    "starts_with",
    "ends_with",
    "replace",
    "join",
    "split",
    "text",
    "round",
    "abs",
    "min",
    "max",
    "sum",
    "number",
    "length",
    "first",
    "last",
    "sort",
    "distinct",
    "reverse",
    "today",
    "now",
    "date",
    "datetime",
    "days_between",
    "hours_between",
    "add_days",
    "add_hours",
    "add_working_days",
    "weekday",
    "is_weekend",
    "is_bank_holiday",
    "is_working_day",
    "format_date",
    "default",
    "exists",
]


def test_the_functions_are_those_of_the_table() -> None:
    assert sorted(TABLE) == sorted(NAMES)


@pytest.mark.parametrize(("text", "expected"), [example for entry in catalogue() for example in entry.examples])
def test_an_example_of_the_catalogue_gives_what_it_says(text: str, expected: str) -> None:
    found, wanted = evaluate(text), evaluate(expected)
    assert found == wanted
    assert isinstance(found, type(wanted)) or {type(found), type(wanted)} <= {int, Decimal}


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_every_function_has_a_signature_a_description_and_an_example(entry: object) -> None:
    from flowapp.expressions import FunctionEntry

    assert isinstance(entry, FunctionEntry)
    assert entry.signature.startswith(f"{entry.name}(")
    assert entry.description[0].isupper()
    assert entry.description.endswith(".")
    assert any(f"{entry.name}(" in text for text, _ in entry.examples)


def test_the_catalogue_goes_group_by_group() -> None:
    groups = [entry.group for entry in catalogue()]
    assert list(dict.fromkeys(groups)) == ["text", "numbers", "lists", "dates", "other"]
    assert groups == sorted(groups, key=["text", "numbers", "lists", "dates", "other"].index)
    assert next(entry.signature for entry in catalogue() if entry.name == "round") == "round(x, digits=0)"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('lower("ÄB")', "äb"),
        ('upper("straße")', "STRASSE"),
        ('trim(" \\ta b\\n ")', "a b"),
        ('title("mary-jane o\'neill")', "Mary-Jane O'neill"),
        ('title("")', ""),
        ('contains("abc", "")', True),
        ('contains("abc", "B")', False),
        ('starts_with("abc", "b")', False),
        ('ends_with("abc", "bc")', True),
        ('replace("aaa", "a", "")', ""),
        ('replace("abc", "x", "y")', "abc"),
        ('join([], ", ")', ""),
        ('join(["a"], ", ")', "a"),
        ('join([1, true, today(), "x"], "|")', "1|yes|2026-11-23|x"),
        ('split("a,b,,c", ",")', ["a", "b", "", "c"]),
        ('split("", ",")', [""]),
        ("text(false)", "no"),
        ('text("x")', "x"),
        ("text(now())", "2026-11-23T09:30:00+00:00"),
        ("round(2.4)", 2),
        ("round(0.5)", 1),
        ("round(1.5)", 2),
        ("round(-0.5)", -1),
        ("round(7)", 7),
        ("round(2.675, 2)", Decimal("2.68")),
        ("round(999999999999999.5, 15)", Decimal("999999999999999.5")),
        ("round(2.5, 4 / 2)", Decimal("2.50")),
        ("abs(-2.5)", Decimal("2.5")),
        ("abs(3)", 3),
        ("min(2, 1.5, 3)", Decimal("1.5")),
        ("max([1])", 1),
        ('max("a", "b")', "b"),
        ('min(date("2026-12-01"), date("2026-11-01")) == date("2026-11-01")', True),
        ('max(date("2026-12-01"), "2026-12-24")', "2026-12-24"),
        ("sum([0.1, 0.2]) == 0.3", True),
        ("sum([])", 0),
        ('number("-2.5")', Decimal("-2.5")),
        ('number(" +7 ")', 7),
        ("number(7)", 7),
        ("length([])", 0),
        ('length("Zoë")', 3),
        ("first([null, 1])", None),
        ("last([1, 2])", 2),
        ("sort([])", []),
        ("sort([2, 1.5, 10])", [Decimal("1.5"), 2, 10]),
        ('sort(["b", "B", "a"])', ["B", "a", "b"]),
        ('sort([date("2026-12-01"), "2026-11-01"]) == [date("2026-11-01"), date("2026-12-01")]', True),
        ('distinct([1, 1.0, true, "1", null, null])', [1, True, "1", None]),
        ("length(distinct([context.staff, context.staff, context.shifts[0]]))", 2),
        ("distinct([[1], [1], [2]])", [[1], [2]]),
        ("reverse([])", []),
        ('reverse(split("a b", " "))', ["b", "a"]),
    ],
)
def test_functions_give(text: str, result: object) -> None:
    found = evaluate(text)
    assert found == result
    assert type(found) is type(result)


# A function, and calls of it that do not fit: wrong kinds, null, and values beyond what it can do.
WRONG = {
    "lower": ["lower(1)", "lower(true)", "lower([])", "lower(today())"],
    "upper": ["upper(1)"],
    "trim": ["trim(1)"],
    "title": ["title([])"],
    "contains": ['contains(1, "a")', 'contains("a", 1)', 'contains(["a"], "a")'],
    "starts_with": ['starts_with("a", true)'],
    "ends_with": ['ends_with(context.staff, "a")'],
    "replace": ['replace("a", "b", 1)', 'replace(1, "b", "c")'],
    "join": ['join("abc", ",")', "join([1], 2)", 'join([[1]], ",")', 'join([context.staff], ",")'],
    "split": ['split(1, ",")', 'split("a", 1)'],
    "text": ["text([])", "text(context.staff)"],
    "round": ['round("2.5")', "round(true)", 'round(1, "2")', "round(1, 0.5)"],
    "abs": ['abs("1")', "abs([])"],
    "min": ["min(1)", 'min(1, "a")', "min([1, null])", "min(true, false)", "min([[1]])"],
    "max": ["max(context.staff)", "max([context.staff, context.staff])"],
    "sum": ["sum(1)", 'sum(["1"])', "sum([true])", "sum([null])"],
    "number": [
        'number("abc")',
        'number("")',
        'number("1e5")',
        'number("1,000")',
        "number(true)",
        'number("NaN")',
        'number("0x10")',
        'number("١٢")',
    ],
    "length": ["length(1)", "length(context.staff)"],
    "first": ['first("abc")', "first(1)"],
    "last": ["last(context.staff)"],
    "sort": ['sort([1, "a"])', "sort([1, null])", "sort([true, false])", "sort([[1], [2]])", 'sort("ba")'],
    "distinct": ["distinct(1)"],
    "reverse": ['reverse("abc")'],
    "date": ['date("soon")', 'date("2026-02-30")', "date(1)", 'date("01/12/2026")'],
    "datetime": ['datetime("soon")', 'datetime("2026-11-23T25:00")', "datetime(5)"],
    "days_between": ['days_between("a", "b")', "days_between(1, 2)"],
    "hours_between": ["hours_between(today(), now())", 'hours_between("2026-11-23", now())'],
    "add_days": ['add_days(today(), "1")', "add_days(today(), 0.5)", "add_days(1, 1)"],
    "add_hours": ["add_hours(today(), 1)", 'add_hours(now(), "1")'],
    "add_working_days": ["add_working_days(today(), 1.5)"],
    "weekday": ["weekday(1)", 'weekday("Monday")'],
    "is_weekend": ["is_weekend(true)"],
    "is_bank_holiday": ['is_bank_holiday("Christmas")'],
    "is_working_day": ["is_working_day([])"],
    "format_date": [
        "format_date(1, 'd')",
        "format_date(today(), 1)",
        "format_date(today(), 'HH')",
        "format_date(today(), 'QQ')",
    ],
}


@pytest.mark.parametrize("text", [text for texts in WRONG.values() for text in texts])
def test_functions_refuse_what_does_not_fit(text: str) -> None:
    assert error_of(text).code == "wrong_type"


def test_every_function_that_takes_something_has_a_case_that_does_not_fit() -> None:
    assert {name for name, row in TABLE.items() if row.parameters} - set(WRONG) == {"default", "exists"}


@pytest.mark.parametrize(
    "name",
    [name for name, row in TABLE.items() if row.parameters and row.group != "other" and name not in ("min", "max")],
)
def test_null_where_a_value_is_needed_is_a_missing_value(name: str) -> None:
    rest = ", 1" * (TABLE[name].least - 1)
    error = error_of(f"{name}(null{rest})")
    assert error.code == "missing_value"
    assert "null" in error.message


@pytest.mark.parametrize(
    "text",
    [
        "first([])",
        "last([])",
        "min([])",
        "max([])",
        "max(null)",
        'replace("a", "", "b")',
        'split("abc", "")',
        'join([1, null], ",")',
        "text(null)",
    ],
)
def test_nothing_to_choose_from_is_a_missing_value(text: str) -> None:
    assert error_of(text).code == "missing_value"


@pytest.mark.parametrize(
    "text",
    [
        "round(1.5, 16)",
        "round(1.5, -1)",
        "add_working_days(today(), 3661)",
        "add_days(today(), 9999999)",
        "add_days(today(), -9999999)",
        "add_hours(now(), 1000000000000)",
        "add_hours(now(), 100000000)",
    ],
)
def test_functions_keep_to_the_limits(text: str) -> None:
    assert error_of(text).code == "out_of_range"


@pytest.mark.parametrize(
    ("text", "message", "column", "length"),
    [
        ("lower(context.days)", "lower(…) needs text, but this is a number (2).", 7, 12),
        (
            "lower(context.staff.phone)",
            "lower(…) needs text, but this is null (no value)."
            " Use default(…, …) for a value that may be missing.",
            7,
            19,
        ),
        ('number("abc") + 1', 'The text "abc" is not a number such as 12 or 2.5.', 1, 13),
        ("sum([1, true])", "Only numbers can be added up, and this has yes or no (yes) among them.", 1, 14),
        ('1 + weekday("x")', 'weekday(…) needs a date, but this is text ("x").', 13, 3),
    ],
)  # fmt: skip
def test_errors_of_functions_point_at_what_is_wrong(text: str, message: str, column: int, length: int) -> None:
    error = error_of(text)
    assert (error.message, error.column, error.length) == (message, column, length)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("lowr(1)", "lower"),
        ("Lower(1)", "lower"),
        ("is_holiday(1)", "is_bank_holiday"),
        ("len(1)", "length(list)"),
        ("zzz(1)", None),
        ("eval(1)", None),
        ("__import__(1)", None),
        ("any([true])", "any(x … for x in list)"),
        ("count([1])", "length(list) or count(x for x in list)"),
    ],
)
def test_an_unknown_function_is_refused_with_an_offer(text: str, suggestion: str | None) -> None:
    error = error_of(text)
    assert error.code == "unknown_function"
    if suggestion:
        assert error.suggestion == suggestion
    assert (error.column, error.length) == (1, text.index("("))
