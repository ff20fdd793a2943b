"""How an outgoing call goes wrong."""

from __future__ import annotations

from datetime import timedelta

from flowapp.kernel.errors import FlowError


class OutgoingRefused(FlowError):
    """This call is not made, or was refused for good; trying again would not help."""

    code = "outgoing_refused"


class OutgoingFailed(FlowError):
    """The call did not succeed this time; `retry_after` is what the other side asked for."""

    code = "outgoing_failed"

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
