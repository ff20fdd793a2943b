"""Writes the documents that are made from the code, or checks that they are up to date.

`python -m flowapp.cli.docs` writes `docs/reference.md` and `docs/permissions.md`; with `--check` it only says what
is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flowapp.accounts.permissions import PERMISSIONS
from flowapp.accounts.roles import Reach, Role
from flowapp.bootstrap import registries
from flowapp.cli.printing import refuse, say
from flowapp.events.catalogue import catalogue, context_schema
from flowapp.kernel.settings import ROOT

DOCS = ROOT / "docs"
_REACH = {Reach.NONE: "–", Reach.OWN: "own", Reach.HOME: "homes", Reach.ORG: "all"}
_MADE = "<!-- Made from the code by `make docs`; change the code, not this file. -->"


def documents() -> Mapping[Path, str]:
    """Answer each made document with its text."""
    return {
        DOCS / "reference.md": "\n".join([*_reference()]) + "\n",
        DOCS / "permissions.md": "\n".join([*_permissions()]) + "\n",
    }


def main(arguments: list[str]) -> None:
    """Write them, or check them."""
    stale = [path for path, text in documents().items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments and stale:
        refuse(f"Out of date: {', '.join(path.name for path in stale)}. Run: make docs")
    for path in stale:
        path.write_text(documents()[path])
        say(f"wrote {path.relative_to(ROOT)}")


def _reference() -> Iterator[str]:
    yield from ("# Actions, triggers and events", "", _MADE, "", "## Actions")
    for kind, action in registries().actions.items():
        yield from ("", f"### `{kind}`: {action.label}", "", _words(action))
        if action.reversible:
            yield from ("", f"Can be undone: {action.undoes[0].lower()}{action.undoes[1:]}")
        yield from _table("field", action.Fields.model_json_schema())
        yield from _table("gives", action.Output.model_json_schema())
    yield from ("", "## Triggers")
    for kind, trigger in registries().triggers.items():
        yield from ("", f"### `{kind}`: {trigger.label}", "", _words(trigger))
        yield from _table("field", trigger.Fields.model_json_schema())
    yield from ("", "## Events", "", "What `${context.…}` may read after each.")
    for kind, event in catalogue().items():
        yield from ("", f"### `{kind}`: {event.label}", "", _words(event))
        yield from _table("name", context_schema(kind))


def _words(thing: object) -> str:
    cls = thing if isinstance(thing, type) else type(thing)
    return " ".join((cls.__doc__ or "").split())


def _table(head: str, schema: Mapping[str, Any]) -> Iterator[str]:
    rows = [*_rows(schema, schema, "")]
    if rows:
        yield from ("", f"| {head} | kind | what it is |", "|---|---|---|", *rows)


def _rows(schema: Mapping[str, Any], root: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        if "$ref" in field and (inside := root["$defs"][field["$ref"].rpartition("/")[2]]).get("properties"):
            yield from _rows(inside, root, f"{prefix}{name}.")
        else:
            needed = "" if name in schema.get("required", ()) else ", optional"
            yield f"| `{prefix}{name}` | {_kind(field)}{needed} | {field.get('description', '')} |"


def _kind(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        # A decimal may also be written as text in JSON Schema; to people it is a number.
        kinds = [_kind(each) for each in field["anyOf"] if "pattern" not in each]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind != "null")) or "number"
    if field.get("type") == "array":
        return "list"
    kind = str(field.get("type", "anything"))
    named = {"string": str(field.get("format", "text")), "integer": "number", "boolean": "yes or no"}
    return named.get(kind, kind)


def _permissions() -> Iterator[str]:
    yield from ("# Who may do what", "", _MADE, "")
    yield "*own*: one's own record · *homes*: the homes one is responsible for · *all*: the whole organisation."
    yield "Nobody decides their own leave, whatever their role."
    yield from ("", f"| | {' | '.join(role.label for role in Role)} |", f"|---|{'---|' * len(Role)}")
    for permission in PERMISSIONS.values():
        reaches = " | ".join(_REACH[permission.reaches[role]] for role in Role)
        yield f"| {permission.description} (`{permission.name}`) | {reaches} |"


if __name__ == "__main__":
    main(sys.argv[1:])
