"""The parts of the checker: what is known of the names (schema), and what does not fit (infer)."""

from __future__ import annotations
