"""What turns data into code: evaluation, unpickling, names out of data, trusted markup, shells."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.house.dotted import calls, imports, mentions
from tests.support.house.source import Finding, Source

EVALUATES = frozenset({"eval", "exec", "compile", "__import__"})
UNPICKLES = frozenset({"pickle", "cPickle", "dill", "marshal", "shelve", "jsonpickle"})
LOADS_YAML = frozenset({"yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"})
BY_NAME = {"getattr": 1, "setattr": 1, "delattr": 1, "operator.attrgetter": 0, "importlib.import_module": 0}
TRUSTED_MARKUP = frozenset({"markupsafe.Markup", "flask.Markup", "jinja2.Markup"})
TEMPLATE_FROM_TEXT = frozenset({"flask.render_template_string", "flask.stream_template_string"})
SHELLS = frozenset({"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"})


def evaluation(source: Source) -> Iterator[Finding]:
    """Find Python evaluated from text."""
    for node, name, inside in mentions(source):
        if name.removeprefix("builtins.") in EVALUATES:
            yield Finding(node.lineno, f"{name}: make a closure or a table; text is never run.", inside)


def unpickling(source: Source) -> Iterator[Finding]:
    """Find formats that run code when they are read."""
    for node, name, inside in imports(source):
        if name.partition(".")[0] in UNPICKLES:
            yield Finding(node.lineno, f"{name} runs code when it reads; use kernel.plain.", inside)
    for call, name, inside in calls(source):
        if name in LOADS_YAML:
            yield Finding(call.lineno, f"{name} builds any object; use yaml.safe_load.", inside)


def names_out_of_data(source: Source) -> Iterator[Finding]:
    """Find attributes and modules looked up by a name that is not written in the code."""
    for call, name, inside in calls(source):
        place = BY_NAME.get(name)
        if place is None or len(call.args) <= place or isinstance(call.args[place], ast.Constant):
            continue
        yield Finding(call.lineno, f"{name} by a name out of data: use a dict of choices.", inside)


def trusted_markup(source: Source) -> Iterator[Finding]:
    """Find text that is declared safe HTML, and templates made from text."""
    for node, name, inside in mentions(source):
        if name in TRUSTED_MARKUP:
            yield Finding(node.lineno, "Markup: let a template build the HTML, it escapes.", inside)
        if name in TEMPLATE_FROM_TEXT or name.endswith(".from_string"):
            yield Finding(node.lineno, f"{name}: a template is a file, never text out of data.", inside)


def shells(source: Source) -> Iterator[Finding]:
    """Find commands handed to a shell."""
    for call, name, inside in calls(source):
        through = any(
            word.arg == "shell" and not (isinstance(word.value, ast.Constant) and not word.value.value)
            for word in call.keywords
        )
        if name in SHELLS or through:
            yield Finding(call.lineno, f"{name} goes through a shell; pass a list of arguments.", inside)
