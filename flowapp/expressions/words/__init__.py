"""Expressions in plain words: what they ask (describe), and why they came out so (explain)."""

from __future__ import annotations
