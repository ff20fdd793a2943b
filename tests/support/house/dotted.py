"""What a name in a module really means, its imports followed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.house.source import Source

LOCAL = "<here>"


def meanings(tree: ast.Module) -> dict[str, str]:
    """Answer what each imported name stands for, and which names are defined at the top of the module."""
    known: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            known[node.name] = f"{LOCAL}.{node.name}"
    for imported in ast.walk(tree):
        if isinstance(imported, ast.Import):
            for alias in imported.names:
                name = alias.asname or alias.name.partition(".")[0]
                known[name] = alias.name if alias.asname else name
        elif isinstance(imported, ast.ImportFrom):
            origin = "." * imported.level + (imported.module or "")
            known.update({alias.asname or alias.name: f"{origin}.{alias.name}" for alias in imported.names})
    return known


def full_name(node: ast.AST, known: dict[str, str]) -> str:
    """Answer what a dotted name means, or `""`: `dt.now` may mean `datetime.datetime.now`."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = full_name(node.value, known)
        return f"{before}.{node.attr}" if before else ""
    return ""


def mentions(source: Source) -> Iterator[tuple[ast.Name | ast.Attribute, str, str]]:
    """Go through every name that is read: the node, what it means, and the function around it."""
    known = meanings(source.tree)
    for node, inside in source.nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node, full_name(node, known), inside


def calls(source: Source) -> Iterator[tuple[ast.Call, str, str]]:
    """Go through every call: the node, what is called, and the function around it."""
    known = meanings(source.tree)
    for node, inside in source.nodes:
        if isinstance(node, ast.Call):
            yield node, full_name(node.func, known), inside


def imports(source: Source) -> Iterator[tuple[ast.stmt, str, str]]:
    """Go through every imported module or name: the node, its full name, and the function around it."""
    for node, inside in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, inside
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}", inside
