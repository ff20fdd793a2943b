"""How things are called and introduced: names, docstrings, annotations, nothing left for later."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.support.house.source import Finding, Source

SAYS_NOTHING = re.compile(r"^(base|manager|managers|model|models)$|^(.*_)?(util|helper|service|common|misc)s?$")
CLASS_SAYS_NOTHING = re.compile(r"(Manager|Helper|Helpers|Util|Utils|Service|Services)$")
LEFT_FOR_LATER = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|for now)\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def empty_names(source: Source) -> Iterator[Finding]:
    """Find modules and classes whose names say nothing about what lives there."""
    for part in source.path.removesuffix(".py").split("/"):
        if SAYS_NOTHING.match(part):
            yield Finding(1, f"{part!r} says nothing. Name it after the noun of the field it holds.")
    for node, inside in source.nodes:
        if isinstance(node, ast.ClassDef) and CLASS_SAYS_NOTHING.search(node.name):
            yield Finding(node.lineno, f"{node.name} says nothing. Name it after what it is or does.", inside)


def missing_docstrings(source: Source) -> Iterator[Finding]:
    """Find modules, public classes and public functions (methods aside) without a sentence."""
    if source.text.strip() and not _sentence(source.tree):
        yield Finding(1, "no docstring. Say in one sentence what lives in this file.")
    for node in source.tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            words = _sentence(node)
            if not words:
                yield Finding(node.lineno, f"{node.name} has no docstring. One plain sentence.", node.name)
            elif re.search(r"^\s*:(param|return|raises|type)", words, re.MULTILINE):
                yield Finding(node.lineno, f"{node.name} lists parameters; types do that.", node.name)


def _sentence(node: ast.Module | Function | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").strip()


def missing_annotations(source: Source) -> Iterator[Finding]:
    """Find functions with an argument or an answer whose type is not written down."""
    for node, inside in source.nodes:
        if not isinstance(node, Function):
            continue
        bare = [arg.arg for arg in _arguments(node) if arg.annotation is None]
        if "." in inside and bare[:1] in (["self"], ["cls"], ["mcs"]):
            bare = bare[1:]
        if bare:
            yield Finding(node.lineno, f"{inside} does not say the type of {', '.join(bare)}.", inside)
        if node.returns is None:
            yield Finding(node.lineno, f"{inside} does not say what it returns (`-> None`?).", inside)


def _arguments(node: Function) -> list[ast.arg]:
    given = node.args
    several = [arg for arg in (given.vararg, given.kwarg) if arg is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *several]


def left_for_later(source: Source) -> Iterator[Finding]:
    """Find marks of work put off."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if found := LEFT_FOR_LATER.search(line):
            yield Finding(number, f"{found[0]!r}: do it now, or open an issue and say nothing here.")
