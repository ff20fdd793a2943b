"""Call another program's web hook."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field, field_validator

from flowapp.kernel.settings import read_settings
from flowapp.messaging.answer import Answer
from flowapp.messaging.content import content_of, value_of
from flowapp.messaging.destination import allowed_from
from flowapp.messaging.outgoing_errors import OutgoingFailed, OutgoingRefused
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Run, Secret, StepFailed, Text

if TYPE_CHECKING:
    from flowapp.messaging.outgoing import Outgoing

MOST_BODY = 256 * 1024  # bytes
_HOST = re.compile(r"https?://(?:[^/?#]*@)?([^/?#@]+)", re.IGNORECASE)
_KEPT_BACK = frozenset({"set-cookie", "set-cookie2"})  # opens the other program's doors
_CHECK_THE_RIGHTS = "Check the secret and the headers of this step."
_CHECK_THE_PLACE = "Check the address and the method of this step."
_ADVICE = {
    401: _CHECK_THE_RIGHTS,
    403: _CHECK_THE_RIGHTS,
    404: _CHECK_THE_PLACE,
    405: _CHECK_THE_PLACE,
    410: _CHECK_THE_PLACE,
}


class SendWebhook(Action):
    """Call another program's web hook, and keep its answer for later steps.

    Every attempt carries one id, as `webhook-id` and as `Idempotency-Key`, by which the other side can tell that it
    has had the call before; with a secret the call is signed as Standard Webhooks has it. Redirects are not followed,
    and addresses inside a network are refused unless a setting lets them through.
    """

    kind = "send_webhook"
    label = "Call a web hook"
    category = "systems"
    effect = Effect.IDEMPOTENT
    lasting = "the other program was told"
    secrets = ("headers", "secret")

    class Fields(ActionFields):
        """What the step is told."""

        # Otherwise the trace of a value that does not fit would have the secrets in it.
        model_config = ConfigDict(hide_input_in_errors=True)

        url: Text = Field(min_length=1, max_length=4096, description="The address, such as https://example.org/hook")
        method: Literal["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"] = Field(
            default="POST", description="What to do there; POST if not said"
        )
        body: Any = Field(default=None, description="What to send: a text as it stands, anything else as JSON")
        headers: dict[str, Secret] = Field(
            default_factory=dict, max_length=50, description="Further headers by name; their values are not shown"
        )
        secret: Secret | None = Field(
            default=None, description="The secret to sign with: whsec_ and then 24 to 64 bytes as base64; never shown"
        )

        @field_validator("secret", mode="before")
        @classmethod
        def _is_there(cls, secret: Any) -> Any:
            # A secret that turned out to be nothing must not become a call without a signature.
            if secret is None:
                raise ValueError("it has no value; leave it out to send the call without a signature")
            return secret

    class Output(ActionOutput):
        """What later steps may read."""

        status: int = Field(description="The status of the answer, such as 200")
        body: Any = Field(description="What the answer says: JSON as records and lists, anything else as text")
        headers: dict[str, str] = Field(description="The answer's headers, their names in small letters")

    def __init__(self, outgoing: Outgoing | None = None) -> None:
        self._given = outgoing

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say where the step calls; the rest of an address may be as good as a password."""
        return f"Call the web hook of **{_place(str(fields.get('url') or ''))}**"

    def run(self, fields: Fields, run: Run) -> Output:
        """Make the call; raises StepFailed for any answer but a success, and for none."""
        # Nothing is read from here on, and what was begun for reading may not stand open while others take their time.
        run.session.rollback()
        answer = _success(self._call(fields, run), run.now)
        told = {name: value for name, value in answer.headers.items() if name not in _KEPT_BACK}
        body = value_of(answer.body, answer.headers.get("content-type", ""))
        return self.Output(status=answer.status, body=body, headers=told)

    def _call(self, fields: Fields, run: Run) -> Answer:
        content = content_of(fields.body)
        if len(content.data) > MOST_BODY:
            message = f"What this step would send is longer than {MOST_BODY // 1024} KiB. Send less at once."
            raise StepFailed("webhook_not_sent", message)
        headers = {name: value.get_secret_value() for name, value in fields.headers.items()}
        if content.type and "content-type" not in map(str.lower, headers):
            headers["Content-Type"] = content.type
        secret = fields.secret.get_secret_value() if fields.secret is not None else None
        try:
            return self._outgoing.request(
                fields.method, fields.url, body=content.data, headers=headers, secret=secret, key=run.key, now=run.now
            )
        except OutgoingRefused as refused:
            # Its cause may quote a header.
            raise StepFailed("webhook_not_sent", f"The web hook was not called. {refused.message}") from None
        except OutgoingFailed as failed:
            message = f"{failed.message} Ask whoever looks after that server whether it is at work."
            raise StepFailed("webhook_no_answer", message, permanent=False) from failed

    @cached_property
    def _outgoing(self) -> Outgoing:
        if self._given is not None:
            return self._given
        # Its library for HTTP takes a tenth of a second to load, which a start need not wait for.
        from flowapp.messaging.outgoing import Outgoing

        return Outgoing(allow=allowed_from(read_settings().outbound_allow))


def _success(answer: Answer, now: datetime) -> Answer:
    try:
        answer.accepted(now)
    except OutgoingRefused as refused:
        advice = _ADVICE.get(answer.status) or (
            "Write the address it leads to instead." if answer.status < 400 else "Check what this step sends."
        )
        raise StepFailed("webhook_refused", f"{refused.message} {advice}") from None
    except OutgoingFailed as failed:
        message = f"{failed.message} It may be busy; ask whoever looks after it if this goes on."
        raise StepFailed("webhook_failed", message, permanent=False, after=failed.retry_after) from None
    if answer.truncated:
        message = (
            f"{answer.host} took the call, but its answer is longer than {len(answer.body) // 1024} KiB, and half an "
            "answer is not used. Ask there for a shorter one."
        )
        raise StepFailed("webhook_answer_too_long", message)
    return answer


def _place(url: str) -> str:
    found = _HOST.match(url)
    if found is None or "${" in found[0]:
        return "an address worked out on the way" if "${" in url else "nobody yet"
    return found[1]
