"""FlowApp for gunicorn, and for `flask` commands."""

from __future__ import annotations

from flowapp.factory import create_app
from flowapp.kernel.errors import BadSetting

try:
    app = create_app()
except BadSetting as error:
    raise SystemExit(error.message) from None
