"""Documents say what is so: settings, decisions, changes, commands, links, requirements."""

from __future__ import annotations

import pytest

from tests.support.house import documents
from tests.support.house.source import ROOT, sources


def read(name: str) -> str:
    """Read a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def existing() -> set[str]:
    """Name every file and folder that a document may link to; an empty name is the root."""
    places = [
        ROOT / "README.md",
        *(ROOT / name for name in ("docs", "flowapp", "tests", "static", "templates")),
    ]
    found = {path for place in places for path in [place, *place.rglob("*")]}
    found |= {path for path in ROOT.iterdir() if not path.name.startswith(".")}
    return {path.relative_to(ROOT).as_posix() for path in found} | {""}


def test_every_setting_is_explained_and_every_explained_setting_is_read() -> None:
    found = documents.undocumented_settings(read("flowapp/kernel/settings.py"), read("docs/settings.md"))
    assert not found, "\n".join(found)


def test_decisions_are_numbered_complete_and_listed() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs/adr").glob("*.md")}
    assert len(files) > 6
    assert not (found := list(documents.bad_decisions(files))), "\n".join(found)


def test_the_change_log_begins_with_what_is_unreleased() -> None:
    assert not (found := list(documents.bad_changelog(read("CHANGELOG.md")))), "\n".join(found)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_commands_that_are_named_exist(name: str) -> None:
    assert not (found := documents.unknown_commands(read(name), read("Makefile"))), "\n".join(found)


def test_links_between_documents_lead_somewhere() -> None:
    known = existing()
    papers = sources(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs"], "*.md")
    found = [line for paper in papers for line in documents.broken_links(paper.path, paper.text, known)]
    assert not found, "\n".join(found)


def test_every_requirement_is_pinned_and_has_a_reason() -> None:
    lines = list(documents.requirements(read("requirements.txt")))
    found = list(documents.unexplained_requirements(lines, read("docs/adr/0006-libraries.md")))
    assert lines
    assert not found, "\n".join(found)


SETTINGS = """
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FLOWAPP_", frozen=True)
    demo: bool = True

    @property
    def zone(self) -> str: ...

class Other:
    nothing: int
"""


def test_a_setting_nobody_explained_and_one_nobody_reads_are_found() -> None:
    assert documents.settings_in_code(SETTINGS) == {"FLOWAPP_DEMO"}
    assert documents.settings_in_code("x = read('FLOWAPP_PORT')") == {"FLOWAPP_PORT"}
    assert documents.undocumented_settings(SETTINGS, "`FLOWAPP_OLD`") == [
        "FLOWAPP_DEMO is not explained in docs/settings.md.",
        "docs/settings.md explains FLOWAPP_OLD, which nothing reads.",
    ]


COMPLETE = "# 1. A\n\nDate: x\n\nStatus: y\n\n## Context\n\n## Decision\n\n## Consequences\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"0001-a.md": COMPLETE, "0003-c.md": COMPLETE, "README.md": "0001-a.md 0003-c.md"},
            "next number is 0002",
        ),
        ({"0001-a.md": COMPLETE.replace("Status", "State"), "README.md": "0001-a.md"}, "has no Status"),
        (
            {"0001-a.md": COMPLETE.replace("## Cons", "## Co"), "README.md": "0001-a.md"},
            "has no Consequences",
        ),
        ({"0001-a.md": COMPLETE, "README.md": ""}, "does not list 0001-a.md"),
        ({"README.md": "", "layers.md": COMPLETE}, "NNNN-what-was-decided.md"),
    ],
)
def test_a_bad_decision_record_is_found(files: dict[str, str], expected: str) -> None:
    assert [expected in complaint for complaint in documents.bad_decisions(files)] == [True]


@pytest.mark.parametrize("text", ["# Changes\n## 1.0\n## Unreleased\n", "# Changes\n## Unreleased\n### Removed\n"])
def test_a_bad_change_log_is_found(text: str) -> None:
    assert len(list(documents.bad_changelog(text))) == 1


def test_a_command_that_does_not_exist_is_found() -> None:
    text = "We make do. `make run` or\n```\nmake lunch\n```\n"
    assert documents.unknown_commands(text, "run: ## Run it\n") == ["`make lunch` is not in the Makefile."]


def test_a_link_that_leads_nowhere_is_found() -> None:
    text = "[a](../README.md#b) [c](https://example.org) [d](gone.md) [e](#f) [g](adr/)"
    found = list(documents.broken_links("docs/a.md", text, {"README.md", "docs/adr"}))
    assert found == ["docs/a.md: gone.md leads nowhere."]


def test_a_requirement_without_pin_or_reason_is_found() -> None:
    lines = list(documents.requirements("# remark\n-r other.txt\nflask==3.1\nlark>=1\nextra[x]==1  # why\n"))
    found = list(documents.unexplained_requirements(lines, "`flask` `extra`"))
    assert [complaint.split(" is ")[0] for complaint in found][:1] == ["lark>=1"]
    assert len(found) == 2
