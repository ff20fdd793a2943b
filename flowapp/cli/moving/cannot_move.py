"""What speaks against a move."""

from __future__ import annotations

from flowapp.kernel.errors import FlowError


class CannotMove(FlowError):
    """The rows cannot be moved; the message says why, and how to mend it. Nothing was changed on either side."""

    code = "cannot_move"
