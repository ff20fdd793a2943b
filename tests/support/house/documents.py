"""Documents held against the code: settings, decisions, the change log, commands, links, requirements."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

SETTING = re.compile(r"\bFLOWAPP_[A-Z][A-Z_]*[A-Z]\b")
DECISION_PARTS = ("Date:", "Status:", "## Context", "## Decision", "## Consequences")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def settings_in_code(text: str) -> set[str]:
    """Answer the settings a module reads: fields under an `env_prefix`, and names written out."""
    names = set(SETTING.findall(text))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and (prefix := _prefix(node)):
            fields = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
            names |= {f"{prefix}{field.id}".upper() for field in fields if isinstance(field, ast.Name)}
    return names


def _prefix(node: ast.ClassDef) -> str:
    for word in (part for part in ast.walk(node) if isinstance(part, ast.keyword)):
        if word.arg == "env_prefix" and isinstance(word.value, ast.Constant):
            return str(word.value.value)
    return ""


def undocumented_settings(code: str, document: str) -> list[str]:
    """Compare the settings of the code with those a document explains, both ways."""
    known, told = settings_in_code(code), set(SETTING.findall(document))
    missing = [f"{name} is not explained in docs/settings.md." for name in sorted(known - told)]
    return missing + [f"docs/settings.md explains {name}, which nothing reads." for name in sorted(told - known)]


def bad_decisions(files: Mapping[str, str]) -> Iterator[str]:
    """Find gaps in the numbers of the decision records, missing parts, records that are not listed."""
    records = sorted(name for name in files if re.match(r"\d{4}-[a-z0-9-]+\.md$", name))
    for expected, name in enumerate(records, 1):
        if int(name[:4]) != expected:
            yield f"docs/adr/{name}: the next number is {expected:04}."
    for name in records:
        missing = [part.strip("# :") for part in DECISION_PARTS if f"\n{part}" not in files[name]]
        if missing:
            yield f"docs/adr/{name} has no {', '.join(missing)}."
        if name not in files.get("README.md", ""):
            yield f"docs/adr/README.md does not list {name}."
    for name in sorted(set(files) - set(records) - {"README.md"}):
        yield f"docs/adr/{name}: records are called NNNN-what-was-decided.md."


def bad_changelog(text: str) -> Iterator[str]:
    """Find a change log that does not begin with what is unreleased, or sorts changes under other words."""
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    if versions[:1] != ["Unreleased"]:
        yield 'CHANGELOG.md: the first heading is "## Unreleased".'
    for heading in re.findall(r"^### (.+)$", text, re.MULTILINE):
        if heading not in ("Added", "Improved", "Fixed"):
            yield f"CHANGELOG.md: {heading!r} is neither Added, Improved nor Fixed."


def unknown_commands(document: str, makefile: str) -> list[str]:
    """Find `make` commands in a document's code that the Makefile does not have."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", document, re.DOTALL))
    asked = set(re.findall(r"\bmake ([a-z][a-z-]*)", code))
    return [f"`make {name}` is not in the Makefile." for name in sorted(asked - targets)]


def broken_links(path: str, text: str, existing: Collection[str]) -> Iterator[str]:
    """Find links to files of this repository that do not exist; folders count as existing."""
    folder = path.split("/")[:-1]
    for link in LINK.findall(text):
        target = link.partition("#")[0]
        if not target or re.match(r"[a-z]+:", target):
            continue
        parts = list(folder)
        for part in target.strip("/").split("/"):
            if part == ".." and parts:
                parts.pop()
            elif part != ".":
                parts.append(part)
        if "/".join(parts) not in existing:
            yield f"{path}: {link} leads nowhere."


def requirements(text: str) -> Iterator[str]:
    """Answer the requirement lines, remarks and included files left out."""
    for line in text.splitlines():
        wanted = line.partition("#")[0].strip()
        if wanted and not wanted.startswith("-"):
            yield wanted


def unexplained_requirements(lines: Iterable[str], record: str) -> Iterator[str]:
    """Find requirements that are not pinned exactly, or whose reason the record does not give."""
    for line in lines:
        name, pinned, _ = line.partition("==")
        if not pinned:
            yield f"{line} is not pinned with ==."
        if f"`{name.partition('[')[0]}`" not in record:
            yield f"docs/adr/0006-libraries.md does not say why `{name}` is needed."
