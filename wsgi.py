"""FlowApp for gunicorn, and for `flask` commands."""

from __future__ import annotations

from flowapp.factory import create_app

app = create_app()
