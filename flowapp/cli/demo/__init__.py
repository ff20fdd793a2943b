"""The demo: three homes with a history that was really run."""

from __future__ import annotations
