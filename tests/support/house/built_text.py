"""Text put together from parts where only written text may stand: SQL, patterns, addresses to go to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.house.dotted import calls, full_name, meanings
from tests.support.house.source import Finding, Source

SQL_TEXT = ("sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.DDL", "sqlalchemy.literal_column")
RUNS_SQL = frozenset({"execute", "executemany", "executescript", "exec_driver_sql", "scalar", "scalars"})
PATTERNS = frozenset({"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
ASKED = frozenset({"args", "values", "form", "headers", "cookies", "referrer", "json", "url", "full_path", "view_args"})
GOES = frozenset({"redirect", "see_other"})


def sql_from_parts(source: Source) -> Iterator[Finding]:
    """Find SQL put together from parts; values belong in bound parameters."""
    known = meanings(source.tree)
    for call, name, inside in calls(source):
        runs = isinstance(call.func, ast.Attribute) and call.func.attr in RUNS_SQL
        if not call.args or not (runs or name in SQL_TEXT):
            continue
        if _is_built(call.args[0], _built_names(source, inside)):
            asked = name or full_name(call.func, known) or "execute"
            yield Finding(call.lineno, f"{asked} of text put together: bind values as :parameters.", inside)


def _built_names(source: Source, inside: str) -> frozenset[str]:
    names = set()
    for node, place in source.nodes:
        if isinstance(node, ast.Assign) and place == inside and _is_built(node.value, frozenset()):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(names)


def _is_built(node: ast.expr, built: frozenset[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in built
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        sides = (node.left, node.right)
        literal = all(_is_text(side) for side in sides)
        return not literal and any(_is_text(side) or _is_built(side, built) for side in sides)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("format", "format_map", "join", "replace") and _is_text(node.func.value)
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def patterns_from_data(source: Source) -> Iterator[Finding]:
    """Find patterns that are not written in the code; one out of data can hang the process."""
    for call, name, inside in calls(source):
        module, _, function = name.rpartition(".")
        if module != "re" or function not in PATTERNS or not call.args:
            continue
        if not _is_written(call.args[0]):
            yield Finding(call.lineno, f"{name} of a pattern out of data: write it out, or re.escape.", inside)


def _is_written(node: ast.expr) -> bool:
    """Say whether a pattern is literal, a CONSTANT, escaped, or put together from such."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name | ast.Attribute):
        return (node.id if isinstance(node, ast.Name) else node.attr).lstrip("_").isupper()
    if isinstance(node, ast.BinOp):
        return _is_written(node.left) and _is_written(node.right)
    if isinstance(node, ast.JoinedStr):
        return all(_is_written(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "escape"


def redirects_from_data(source: Source) -> Iterator[Finding]:
    """Find redirects to where the request says; a function that checks the address in between is the way."""
    known = meanings(source.tree)
    for call, name, inside in calls(source):
        if name.rpartition(".")[2] not in GOES:
            continue
        asked = _asked_names(source, inside, known)
        given = [*call.args, *(word.value for word in call.keywords)]
        if any(_is_asked(value, asked, known) for value in given):
            yield Finding(call.lineno, f"{name} to where the request says: check it is ours.", inside)


def _asked_names(source: Source, inside: str, known: dict[str, str]) -> frozenset[str]:
    names: set[str] = set()
    for node, place in source.nodes:
        if place == inside and isinstance(node, ast.Assign | ast.NamedExpr):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if _is_asked(node.value, frozenset(names), known):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(names)


def _is_asked(node: ast.expr, asked: frozenset[str], known: dict[str, str]) -> bool:
    """Say whether a value is what the request said; not what a function made of it."""
    if isinstance(node, ast.Name):
        return node.id in asked
    if isinstance(node, ast.Attribute):
        of_request = full_name(node.value, known).rpartition(".")[2] == "request"
        return (of_request and node.attr in ASKED) or _is_asked(node.value, asked, known)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and _is_asked(node.func.value, asked, known)
    parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return any(_is_asked(part, asked, known) for part in parts)
