"""Nothing is longer than can be read at a sitting."""

from __future__ import annotations

import pytest

from tests.support.house import sizes
from tests.support.house.source import Source, breaches, python_sources, sources

CODE = ("flowapp", "app.py", "wsgi.py", "gunicorn.conf.py", "benchmarks", "migrations", "tests")


def test_files_can_be_read_at_a_sitting() -> None:
    found = python_sources(*CODE)
    assert found, "no Python files were found: the folders have moved"
    assert not (long := breaches(found, sizes.long_files)), "\n".join(long)


def test_functions_can_be_read_at_a_glance() -> None:
    assert not (long := breaches(python_sources(*CODE), sizes.long_functions)), "\n".join(long)


def test_templates_are_short() -> None:
    assert not (long := breaches(sources(["templates"], "*.html"), sizes.long_files)), "\n".join(long)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("flowapp/rota/shifts.py", 300),  # code
        ("tests/unit/test_shifts.py", 400),  # a test
        ("tests/conftest.py", 150),  # fixtures draw everything to themselves
        ("templates/rota/week.html", 120),  # a page
    ],
)
def test_a_file_one_line_over_its_limit_is_found(path: str, limit: int) -> None:
    assert not list(sizes.long_files(Source(path, "x\n" * limit)))
    assert [finding.line for finding in sizes.long_files(Source(path, "x\n" * (limit + 1)))] == [limit + 1]


def test_a_function_one_line_over_the_limit_is_found_with_its_name() -> None:
    body = "        pass\n"
    just = Source("a.py", "class Home:\n    def open(self):\n" + body * 39)
    over = Source("a.py", "class Home:\n    def open(self):\n" + body * 40)
    assert not list(sizes.long_functions(just))
    assert [finding.inside for finding in sizes.long_functions(over)] == ["Home.open"]


def test_what_tools_make_and_others_wrote_is_left_out() -> None:
    assert not [source for source in sources(["migrations", "static"], "*") if "/vendor/" in source.path]
