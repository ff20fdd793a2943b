"""Reads a list of units: a name on each line, with what it is and how many beds it has if one likes."""

from __future__ import annotations

from dataclasses import dataclass

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.units import LONGEST_NAME, UnitKind

KINDS = {kind.value: kind for kind in UnitKind}
MOST_BEDS = 500
PARTS = 3


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """One unit as the list has it."""

    name: str
    kind: UnitKind = UnitKind.STANDARD
    beds: int = 0


def read_units(text: str) -> tuple[UnitLine, ...]:
    """Answer the units; raises Refused with every line that is not right."""
    wrong: list[str] = []
    found: dict[str, UnitLine] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            unit = _read_line(line)
            if unit.name.lower() in found:
                raise ValueError(f"There is already a unit called {unit.name}.")
            found[unit.name.lower()] = unit
        except ValueError as error:
            wrong.append(f"Line {number}: {error}")
    if wrong:
        raise Refused([Problem(path="units", code="bad_line", message=words) for words in wrong])
    return tuple(found.values())


def _read_line(line: str) -> UnitLine:
    parts = [" ".join(part.split()) for part in line.split(",")]
    if len(parts) > PARTS or not 0 < len(parts[0]) <= LONGEST_NAME or not line.isprintable():
        raise ValueError("Write the unit’s name, and if you like what it is and its beds: Elm, dementia, 12.")
    kind = parts[1].lower() if len(parts) > 1 else UnitKind.STANDARD
    if kind not in KINDS:
        raise ValueError(f"“{kind[:30]}” is not known. Write one of these: {', '.join(KINDS)}.")
    return UnitLine(name=parts[0], kind=KINDS[kind], beds=_beds(parts[2]) if len(parts) == PARTS else 0)


def _beds(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= MOST_BEDS:
        return int(text)
    raise ValueError(f"“{text[:20]}” is no number of beds. Write a whole number such as 12.")
