"""How fast expressions are, beside Python's own compiled eval read in the same run.

Run with `python -m benchmarks.expressions`. Machines differ and are noisy: the column to read is the ratio.
Other evaluators are measured where they are installed (simpleeval, asteval, common-expression-language, cel-python).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.row import ROUNDS, Row
from benchmarks.table import as_text
from flowapp.expressions import Environment, Schema, check, condition, template
from flowapp.expressions.expression import Condition

TEXT = 'context.days <= 3 and context.role == "Manager"'
CONTEXT: dict[str, Any] = {
    "days": 2,
    "hours": Decimal("7.5"),
    "role": "Manager",
    "staff": {"name": "Anna Boyd"},
    "shifts": [{"hours": 7, "role": "Carer"}, {"hours": 9, "role": "Nurse"}] * 10,
}
NAMES = {"context": CONTEXT}
AS_CEL, CEL_NAMES = TEXT.replace(" and ", " && "), {"context": {"days": 2, "role": "Manager"}}
HERE = Environment(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), ZoneInfo("Europe/London"))
FIELDS = {
    "type": "object",
    "properties": {"days": {"type": "number"}, "role": {"type": "string"}},
    "required": ["days", "role"],
}
# What Python would write for the same, over dict look-ups.
PYTHON = {
    TEXT: 'context["days"] <= 3 and context["role"] == "Manager"',
    "context.days <= 3": 'context["days"] <= 3',
    "context.hours * 2 > context.days + 10": 'context["hours"] * 2 > context["days"] + 10',
    'context.role in ["HR", "Manager"] or contains(context.staff.name, "Boyd")': (
        'context["role"] in ["HR", "Manager"] or "Boyd" in context["staff"]["name"]'
    ),
    "any(s.hours > 8 for s in context.shifts)": 'any(s["hours"] > 8 for s in context["shifts"])',
}


def nanoseconds(work: Callable[[], object], times: int = 20_000) -> float:
    """Answer how long one call takes, over many calls."""
    begun = time.perf_counter_ns()
    for _ in range(times):
        work()
    return (time.perf_counter_ns() - begun) / times


def median_of(work: Callable[[], object], times: int = 20_000) -> float:
    """Answer how long one call takes: the median of the rounds."""
    return statistics.median(nanoseconds(work, times) for _ in range(ROUNDS))


def python_evaluation(text: str) -> Callable[[], object]:
    """Answer Python's own way: code compiled once, and evaluated over the same names."""
    code = compile(text, "<benchmark>", "eval")
    rules: dict[str, Any] = {"__builtins__": {"any": any}}
    if "any(" in text:
        rules |= NAMES  # the inside of a generator sees no locals
    return lambda: eval(code, rules, NAMES)


def evaluations() -> list[tuple[str, list[float], list[float]]]:
    """Measure each expression, compiled once, and its Python, turn by turn."""
    found = []
    for text, python in PYTHON.items():
        read, reference = condition(text), python_evaluation(python)
        rounds = [
            (nanoseconds(lambda read=read: read.evaluate(NAMES, HERE)), nanoseconds(reference))  # type: ignore[misc]
            for _ in range(ROUNDS)
        ]
        ours, theirs = zip(*rounds, strict=True)
        found.append((text, list(ours), list(theirs)))
    return found


def others() -> list[tuple[str, float]]:
    """Measure the same condition in other evaluators, those that happen to be installed."""
    rows = []
    if find_spec("simpleeval"):
        evaluator = import_module("simpleeval").SimpleEval(names=NAMES)
        parsed = evaluator.parse(PYTHON[TEXT])
        rows.append(("simpleeval, read once", median_of(lambda: evaluator.eval(PYTHON[TEXT], parsed), 2_000)))
    if find_spec("asteval"):
        interpreter = import_module("asteval").Interpreter(usersyms=dict(NAMES))
        tree = interpreter.parse(PYTHON[TEXT])
        rows.append(("asteval, read once", median_of(lambda: interpreter.run(tree), 2_000)))
    if find_spec("cel"):
        cel = import_module("cel")
        program = cel.compile(AS_CEL)
        rows.append(("the Rust CEL, compiled", median_of(lambda: program.execute(CEL_NAMES), 2_000)))
    if find_spec("celpy"):
        celpy = import_module("celpy")
        environment = celpy.Environment()
        runner = environment.program(environment.compile(AS_CEL))
        given = {name: celpy.json_to_cel(value) for name, value in CEL_NAMES.items()}
        rows.append(("cel-python, compiled", median_of(lambda: runner.evaluate(given), 500)))
    if find_spec("jinja2"):
        compiled = import_module("jinja2.sandbox").SandboxedEnvironment().compile_expression(TEXT)
        rows.append(("jinja2 sandbox, compiled", median_of(lambda: compiled(**NAMES), 2_000)))
    return rows


def readings() -> list[tuple[str, float]]:
    """Measure reading, checking, explaining and filling in, each from nothing."""
    schema = Schema.from_json_schema(FIELDS)
    letter = template("Dear ${context.staff.name}, you asked for ${context.days} days.")
    read = condition(TEXT)
    return [
        ("read and compile", median_of(lambda: Condition(TEXT), 200)),
        ("check (reads it too)", median_of(lambda: check(TEXT, schema), 200)),
        ("describe", median_of(read.describe, 200)),
        ("explain", median_of(lambda: read.explain(NAMES, HERE), 200)),
        ("fill in a template", median_of(lambda: letter.render(NAMES, HERE), 2_000)),
    ]


def starting() -> list[tuple[str, float]]:
    """Measure what starting costs, each time in a new Python."""
    rows = []
    for label, work in (
        ("import flowapp.expressions", "import flowapp.expressions"),
        (
            "and the first expression (loads and builds the parser)",
            "from flowapp.expressions import condition; condition('true')",
        ),
    ):
        taken = []
        for _ in range(ROUNDS):
            program = f"import time; t = time.process_time_ns(); {work}; print(time.process_time_ns() - t)"
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            taken.append(float(done.stdout))
        rows.append((label, statistics.median(taken)))
    return rows


def rows() -> list[Row]:
    """Measure each expression beside its Python; the rest is only printed when this is run by itself."""
    return [
        Row(
            key=f"expressions.{text}",
            words=text,
            unit="ns",
            figures=ours,
            beside="Python's own eval",
            references=theirs,
        )
        for text, ours, theirs in evaluations()
    ]


def main() -> None:
    """Print the tables."""
    print(as_text(rows(), None))
    for label, other in others():
        print(f"{label + ': ' + TEXT:<76}{other:>8.0f}")
    print(f"\n{'reading':<76}{'µs':>8}")
    for label, taken in readings():
        print(f"{label:<76}{taken / 1_000:>8.1f}")
    print(f"\n{'starting':<76}{'ms':>8}")
    for label, taken in starting():
        print(f"{label:<76}{taken / 1_000_000:>8.1f}")


if __name__ == "__main__":
    main()
