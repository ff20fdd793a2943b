"""What is said of some pages, by the method and path of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

OWN, RECORD = "Everybody sees their own.", "Every role sees some; which ones, the record itself decides."
# Who of the cast is refused for want of the permission.
NO_CARERS, MANAGERS_ONLY = ("dan", "sorcha"), ("dan", "sorcha", "hana")
LAST_WEEK = {"start_date": "2026-11-16", "end_date": "2026-11-09", "reason": "My sister’s wedding"}

Forms = Mapping[str, Mapping[str, str]]
Words = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The tables of one subject."""

    sent: Forms = field(default_factory=dict)  # what a form is sent when all is well
    # Which record of tests/http/records it is about, where that is not the one named in the address.
    about: Forms = field(default_factory=dict)
    # Who sends it, where that is not whoever has the permission first; "" is nobody signed in.
    sender: Words = field(default_factory=dict)
    # What is sent with something wrong in it; every field must come back as it was typed, but those of `not_kept`.
    wrong: Forms = field(default_factory=dict)
    not_kept: Words = field(default_factory=dict)  # fields that do not come back, and what stands there instead
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Where a question does not apply, and why.
    elsewhere: Words = field(default_factory=dict)
    works_elsewhere: Words = field(default_factory=dict)
    open_to_all: Words = field(default_factory=dict)
    for_all_roles: Words = field(default_factory=dict)
    no_outsider: Words = field(default_factory=dict)
    nothing_to_type: Words = field(default_factory=dict)


def joined(*subjects: Tables) -> Tables:
    """Put the tables of all subjects together; no page may stand in those of two."""
    found: dict[str, dict[str, object]] = {each.name: {} for each in fields(Tables)}
    for subject in subjects:
        for name, table in vars(subject).items():
            assert not found[name].keys() & table.keys(), f"two say {name}: {found[name].keys() & table.keys()}"
            found[name] |= table
    return Tables(**found)  # type: ignore[arg-type]
