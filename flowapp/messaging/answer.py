"""What another program answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from flowapp.messaging.outgoing_errors import OutgoingFailed, OutgoingRefused

TOO_EARLY = frozenset({408, 429})  # ask again later
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer; `body` is cut off at the limit when `truncated`."""

    host: str
    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    truncated: bool = False

    def accepted(self, now: datetime) -> Answer:
        """Answer itself when the other side took the call; raises OutgoingFailed or OutgoingRefused."""
        if 200 <= self.status < 300:
            return self
        if 300 <= self.status < 400:
            message = f"{self.host} sends the call on to another place, and redirects are not followed."
            raise OutgoingRefused(message)
        if self.status in TOO_EARLY or self.status >= 500:
            message = f"{self.host} answered with status {self.status}."
            raise OutgoingFailed(message, retry_after=self._retry_after(now))
        raise OutgoingRefused(f"{self.host} refused the call with status {self.status}.")

    def _retry_after(self, now: datetime) -> timedelta | None:
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdecimal() and len(text) < 10:
            return min(timedelta(seconds=int(text)), LONGEST_WAIT)
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(max(at - now, timedelta()), LONGEST_WAIT)
