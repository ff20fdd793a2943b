"""Things are called by the field's words, introduced by a sentence, typed, and finished."""

from __future__ import annotations

import pytest

from tests.support.house import names
from tests.support.house.source import Rule, Source, breaches, python_sources, sources

CODE = ("flowapp", "app.py", "wsgi.py", "gunicorn.conf.py", "benchmarks")


def test_no_name_says_nothing() -> None:
    assert not (found := breaches(python_sources(*CODE, "tests"), names.empty_names)), "\n".join(found)


def test_every_module_public_class_and_public_function_is_introduced() -> None:
    found = breaches(python_sources(*CODE, "tests/support"), names.missing_docstrings)
    assert not found, "\n".join(found)


def test_every_argument_and_answer_has_a_type() -> None:
    found = breaches(python_sources(*CODE, "tests/support"), names.missing_annotations)
    assert not found, "\n".join(found)


def test_nothing_is_left_for_later() -> None:
    found = breaches(
        [*python_sources("flowapp"), *sources(["templates"], "*.html"), *sources(["static/js"], "*.js")],
        names.left_for_later,
    )
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("rule", "path", "text", "expected"),
    [
        # a file that could hold anything
        (names.empty_names, "flowapp/rota/utils.py", "", "'utils'"),
        # the same with a noun in front
        (names.empty_names, "flowapp/rota/date_helpers.py", "", "'date_helpers'"),
        # a folder
        (names.empty_names, "flowapp/services/leave.py", "", "'services'"),
        # the models of everything
        (names.empty_names, "flowapp/rota/models.py", "", "'models'"),
        # a class
        (names.empty_names, "flowapp/rota/leave.py", "class LeaveManager: ...", "LeaveManager"),
        # a module without a sentence
        (names.missing_docstrings, "a.py", "x = 1", "no docstring"),
        # a public function without one
        (names.missing_docstrings, "a.py", '"""A."""\ndef find(): ...', "find has no docstring"),
        # a public class without one
        (names.missing_docstrings, "a.py", '"""A."""\nclass Home: ...', "Home has no docstring"),
        # an empty one
        (names.missing_docstrings, "a.py", '"""A."""\ndef find():\n    """ """', "find has no docstring"),
        # a list of parameters
        (names.missing_docstrings, "a.py", '"""A."""\ndef f(a):\n    """B.\n\n    :param a: c"""', "lists"),
        # an argument without a type
        (names.missing_annotations, "a.py", "def f(home) -> None: ...", "type of home"),
        # further arguments without one
        (names.missing_annotations, "a.py", "def f(*many, **named) -> None: ...", "type of many, named"),
        # an answer without one
        (names.missing_annotations, "a.py", "def f(): ...", "returns"),
        # a function that calls its first argument self, and is no method
        (names.missing_annotations, "a.py", "def f(self) -> None: ...", "type of self"),
        # work put off
        (names.left_for_later, "a.py", "x = 1  # TODO later", "'TODO'"),
        (names.left_for_later, "a.py", "# good enough for now", "'for now'"),
        (names.left_for_later, "a.py", "raise NotImplementedError", "NotImplementedError"),
    ],
)
def test_a_breach_is_found(rule: Rule, path: str, text: str, expected: str) -> None:
    assert [expected in finding.message for finding in rule(Source(path, text))] == [True]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        # the role of a person is a word of the field
        (names.empty_names, "flowapp/rota/home_manager.py", ""),
        # what begins with a line is nobody else's business
        (names.missing_docstrings, "a.py", '"""A."""\ndef _find(): ...'),
        # an empty file has nothing to introduce
        (names.missing_docstrings, "a/__init__.py", ""),
        # a method knows what self is
        (names.missing_annotations, "a.py", "class A:\n    def f(self) -> None: ..."),
    ],
)
def test_what_is_right_is_let_be(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Source(path, text)))
