"""Each kind of action and trigger is complete: one file, its words, its fields' help, its test."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, Field

from tests.support.house.kinds import unfinished_kinds, words_of_kinds
from tests.support.house.source import ROOT
from tests.support.house.wording import unsaid_in, unsaid_words

FAMILIES = ("actions", "triggers")


def kinds_of(family: str) -> dict[str, Any]:
    """Answer the registered kinds; the joined application is imported only when asked."""
    from flowapp.bootstrap import registries

    joined = registries()
    return dict({"actions": joined.actions, "triggers": joined.triggers}[family])


@pytest.mark.parametrize("family", FAMILIES)
def test_every_kind_brings_what_its_form_and_its_page_need(family: str) -> None:
    kinds = kinds_of(family)
    assert kinds, f"no {family} are registered"
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / family).rglob("test_*.py")}
    assert not (found := list(unfinished_kinds(family, kinds, tested))), "\n".join(found)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_of_the_folder_is_registered(family: str) -> None:
    files = {path.stem for path in (ROOT / "flowapp" / family).glob("[!_]*.py")}
    assert files == set(kinds_of(family))


@pytest.mark.parametrize("family", FAMILIES)
def test_labels_and_help_use_the_words_of_the_glossary(family: str) -> None:
    unsaid = unsaid_words((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))
    found = [
        f"flowapp/{family}/{kind}.py: {finding.message}"
        for kind, words in words_of_kinds(kinds_of(family))
        for finding in unsaid_in([(1, words)], unsaid)
    ]
    assert not found, "\n".join(found)


class Action:
    """The contract, as the real one: it has the method, and declares nothing."""

    def sentence(self, fields: Any) -> str:
        raise TypeError


class Complete(Action):
    """Approve a leave request."""

    kind = "test_registries"  # the name of this file
    label = "Approve leave"

    class Fields(BaseModel):
        reason: str = Field(description="Why")

    def sentence(self, fields: Any) -> str:
        return "Approve leave"


class Helpless(Complete):
    """A field without help."""

    class Fields(BaseModel):
        reason: str


class Formless(Complete):
    """Fields that are no model."""

    Fields = None  # type: ignore[assignment]


class Wordless(Action):
    """The sentence of the contract only."""

    kind, label, Fields = "test_registries", "Approve leave", Complete.Fields


class Unnamed(Complete):
    """No label."""

    label = ""


class Shouted(Complete):
    """A label that is no sentence case."""

    label = "approve leave."


class Astray(Complete):
    """A kind that is not the file's name."""

    kind = "reject_leave"


Undescribed = type("Undescribed", (Complete,), {})


def test_a_complete_kind_passes_as_class_and_as_instance() -> None:
    for entry in (Complete, Complete()):
        assert not list(unfinished_kinds("actions", {"test_registries": entry}, {"test_registries"}))


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (Helpless, "'reason' has no help"),
        (Formless, "no Fields"),
        (Wordless, "no sentence()"),
        (Unnamed, "label is ''"),
        (Shouted, "sentence case"),
        (Astray, "kind is 'reject_leave'"),
        (Undescribed, "no docstring"),
    ],
)
def test_what_a_kind_lacks_is_found(cls: type, expected: str) -> None:
    found = list(unfinished_kinds("actions", {"test_registries": cls}, {"test_registries"}))
    assert [expected in complaint for complaint in found] == [True]


def test_a_kind_without_a_test_is_found() -> None:
    found = list(unfinished_kinds("actions", {"test_registries": Complete}, ()))
    assert found == ["flowapp/actions/test_registries.py: write tests/actions/test_test_registries.py."]


def test_a_word_not_to_say_is_found_in_labels_and_in_help() -> None:
    words = dict.fromkeys(text for _, text in words_of_kinds({"a": Complete}))
    assert [text for text in words] == ["Approve leave", "Why"]
    assert list(unsaid_in([(1, "Approve the roster")], {"roster": "rota"}))
