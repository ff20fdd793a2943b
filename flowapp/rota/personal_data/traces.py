"""What tells who somebody is, wherever it is written, and what stands in its place once they are forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowapp.kernel import plain

FEWEST_LETTERS = 3  # of a word that is looked for; a shorter one would be found in other words' company


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as texts know them."""

    staff_id: int
    names: tuple[str, ...]
    emails: tuple[str, ...]
    employee_no: str


@dataclass(frozen=True)
class Traces:
    """The words to look for, each with the one that takes its place; longer ones come first."""

    told: tuple[tuple[str, str], ...]

    def found_in(self, text: str) -> bool:
        """Say whether any of them stands in a text."""
        return self.taken_out_of(text) != text

    def taken_out_of(self, text: str) -> str:
        """Answer the text with each of them replaced, whatever its capitals, and never inside a longer word."""
        for word, instead in self.told:
            for form in _forms(word):
                found = re.compile(re.escape(form), re.IGNORECASE)
                text = found.sub(lambda hit, instead=instead: instead if _is_word(hit) else hit[0], text)  # type: ignore[misc]
        return text

    def sought(self) -> list[str]:
        """Answer every form in which they may be kept: as they are, and as JSON writes them."""
        return sorted({form for word, _ in self.told for form in _forms(word)})


def traces_of(person: Person) -> Traces:
    """Answer what tells of a person."""
    told = {name: former_name(person.staff_id) for name in person.names}
    told |= {email: former_email(person.staff_id) for email in person.emails}
    told[person.employee_no] = former_number(person.staff_id)
    long_enough = ((word, instead) for word, instead in told.items() if len(word) >= FEWEST_LETTERS)
    return Traces(tuple(sorted(long_enough, key=lambda pair: (-len(pair[0]), pair[0]))))


def former_name(staff_id: int) -> str:
    """Answer what somebody is called once they are forgotten."""
    return f"Former staff {staff_id}"


def former_email(staff_id: int) -> str:
    """Answer an address that nobody has, and that no mail reaches."""
    return f"former-{staff_id}@removed.invalid"


def former_number(staff_id: int) -> str:
    """Answer what takes the place of an employee number."""
    return f"former-{staff_id}"


def _is_word(hit: re.Match[str]) -> bool:
    before, after = hit.string[: hit.start()][-1:], hit.string[hit.end() :][:1]
    return not (before.isalnum() or after.isalnum() or "_" in (before, after))


def _forms(word: str) -> set[str]:
    return {word, plain.dump(word)[1:-1]}
