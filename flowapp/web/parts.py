"""Sentences with values in bold, as lists of parts that a template can draw."""

from __future__ import annotations


def sentence_parts(sentence: str) -> tuple[tuple[str, bool], ...]:
    """Take a sentence with `**` around its values apart: each part, and whether it is a value."""
    parts = sentence.split("**")
    return tuple((part, bool(index % 2)) for index, part in enumerate(parts) if part)
