"""Send an email."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flowapp.actions._recipients import addresses, recipients_words
from flowapp.messaging.outbox import queue
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Recipient, Run, StepFailed, Text

MOST_BODY = 64 * 1024


class SendEmail(Action):
    """Send an email to each of these people.

    The mail is written with the step, exactly once, and sent afterwards; where no mail server is set it is kept in
    the outbox, which says so. Everybody gets a mail of their own, so that nobody sees the others' addresses.
    """

    kind = "send_email"
    label = "Send an email"
    category = "people"
    effect = Effect.DB
    lasting = "the mail was sent"

    class Fields(ActionFields):
        """What the step is told."""

        to: Recipient
        subject: Text = Field(min_length=1, max_length=200, description="The subject")
        body: Text = Field(min_length=1, max_length=MOST_BODY, description="The text")
        cc: Recipient | None = Field(default=None, description="Who gets a copy of the first mail")
        reply_to: Text = Field(default="", max_length=254, description="The address that answers go to")

    class Output(ActionOutput):
        """What later steps may read."""

        message_ids: list[int] = Field(description="The numbers of the mails in the outbox")

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say whom the step writes to, and about what."""
        return f"Email **{recipients_words(fields.get('to'))}**: {fields.get('subject') or 'no subject yet'}"

    def run(self, fields: Fields, run: Run) -> Output:
        """Write the mails; raises StepFailed when there is nobody to write to, Refused for what is no address."""
        to = addresses(run, fields.to)
        if not to:
            raise StepFailed("nobody_to_tell", f"There is nobody to write to: no {recipients_words(fields.to)} here.")
        copies = addresses(run, fields.cc) if fields.cc is not None else []
        ids = [
            queue(
                run.session,
                run.cause,
                to=[address],
                subject=fields.subject,
                body=fields.body,
                cc=[] if number else [copy for copy in copies if copy not in to],
                reply_to=fields.reply_to or None,
                care_home_id=run.home_id,
            )
            for number, address in enumerate(to)
        ]
        return self.Output(message_ids=ids)
