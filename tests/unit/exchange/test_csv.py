"""CSV as RFC 4180 has it, and as spreadsheets write it."""

from __future__ import annotations

import pytest

from flowapp.kernel.errors import Refused
from flowapp.rota.exchange.csv_file import LONGEST_CELL, MOST_ROWS, take_apart, text_of
from flowapp.rota.exchange.csv_text import csv_text
from flowapp.rota.exchange.lists import ListKind, batches, read_list


def cells(text: str) -> list[tuple[int, dict[str, str]]]:
    """Take a file apart."""
    return [(line.number, dict(line.cells)) for line in take_apart(text).lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # lines end as Windows, Unix and old Macs end them
        ("a,b\r\n1,2\r\n", [(2, {"a": "1", "b": "2"})]),
        ("a,b\n1,2", [(2, {"a": "1", "b": "2"})]),
        # a byte order mark, capitals and blanks in the names
        ("\ufeff A , B\n1,2", [(2, {"a": "1", "b": "2"})]),
        # other separators
        ("a;b\n1,5;2", [(2, {"a": "1,5", "b": "2"})]),
        ("a\tb\n1\t2", [(2, {"a": "1", "b": "2"})]),
        # a comma, a doubled quote and a new line inside quotation marks; lines are counted as an editor counts them
        ('a,b\n"x, ""y""\nz",2\n3,4', [(2, {"a": 'x, "y"\nz', "b": "2"}), (4, {"a": "3", "b": "4"})]),
        # empty lines, and cells that are missing at the end
        ("a,b\n\n,\n1\n", [(4, {"a": "1"})]),
        # the quote that our export puts before what looks like a formula
        ("a,b\n'=1+1,'quoted'", [(2, {"a": "=1+1", "b": "'quoted'"})]),
    ],
)
def test_a_file_is_taken_apart(text: str, expected: list[tuple[int, dict[str, str]]]) -> None:
    assert cells(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no rows"),
        ("a,b\n", "has no rows"),
        ("a,b\n1,2,3", "Line 2 has more cells"),
        ("a,A\n1,2", "column “a” twice"),
        ('a,b\n"1,2', "Line 2 cannot be read"),
        ('a,b\n"1"x,2', "Line 2 cannot be read"),
        (f"a\n{'x' * (LONGEST_CELL + 1)}", "more than 4,000 characters"),
        (f"a\n1\n{'x' * 200_000}", "Line 3 has a cell of more than 4,000"),  # beyond what Python reads
        ("a\n" + "1\n" * (MOST_ROWS + 1), "more than 10,000 rows"),
        (",".join("abc"[n % 3] * (n + 1) for n in range(61)) + "\n1", "more than 60 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        take_apart(text)


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"name\nJos\xe9", "not in UTF-8: byte 9"), (b"a\nb\0c", "NUL"), ("a\nb".encode("utf-16"), "not in UTF-8")],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        text_of(data)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert text_of("\ufeffname".encode()) == "name"


@pytest.mark.parametrize("kind", list(ListKind))
def test_columns_that_are_missing_or_not_known_are_named(kind: ListKind) -> None:
    with pytest.raises(Refused, match=r"column “[a-z_]+” that is not known|has no column"):
        read_list(kind, "employee_no,type,start,end,date,shoe_size\n1,2,3,4,5,6")


def test_what_looks_like_a_formula_is_guarded_and_comes_back_as_it_was() -> None:
    names = ["=1+1", "+44 7700", "-5", "@home", "\tx", "plain", "a,b", 'say "hi"', "two\nlines"]
    text = "".join(csv_text(["name"], [(name,) for name in names]))
    assert "\r\n'=1+1\r\n'+44 7700\r\n'-5\r\n'@home\r\n" in text
    assert [line.cells["name"] for line in take_apart(text).lines] == [name.strip() for name in names]


def test_the_mark_for_excel_stands_first() -> None:
    assert "".join(csv_text(["a"], [], mark=True)) == "\ufeffa\r\n"


def test_a_long_list_is_written_in_pieces() -> None:
    pieces = list(csv_text(["a"], ((str(n),) for n in range(1000))))
    assert len(pieces) == 6
    assert "".join(pieces).count("\r\n") == 1001


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("abcdef", [(0, 2), (2, 4), (4, 6)]),
        ("aaaabc", [(0, 4), (4, 6)]),  # those of one person stay together
        (["", "", "", "", ""], [(0, 2), (2, 4), (4, 5)]),  # those of nobody need not
        ("", []),
    ],
)
def test_rows_are_parted_between_people(groups: str, expected: list[tuple[int, int]]) -> None:
    assert list(batches(groups, 0, 2)) == expected
