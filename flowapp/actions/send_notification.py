"""Tell people something inside FlowApp."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from flowapp.actions._recipients import recipients, recipients_words
from flowapp.messaging.in_app import notify
from flowapp.workflows.kinds import Action, ActionFields, ActionOutput, Effect, Recipient, Run, StepFailed, Text


class SendNotification(Action):
    """Tell people something: it appears under Notifications when they sign in."""

    kind = "send_notification"
    label = "Send a notification"
    category = "people"
    effect = Effect.DB
    lasting = "the message was sent"

    class Fields(ActionFields):
        """What the step is told."""

        to: Recipient
        message: Text = Field(min_length=1, max_length=2000, description="What to tell them")
        title: Text = Field(default="", max_length=120, description="A heading; the workflow's name if empty")
        link: Text = Field(default="", max_length=300, description="A page to look at, such as /leave/12/")

        @field_validator("link")
        @classmethod
        def _is_ours(cls, link: str) -> str:
            # Browsers read `//host` and a backslash as another site, and leave control characters out.
            if link and (link[0] != "/" or link[1:2] in ("/", "\\") or not link.isprintable()):
                raise ValueError("it must be a page of FlowApp, such as /leave/12/")
            return link

    class Output(ActionOutput):
        """What later steps may read."""

        notification_ids: list[int]

    def sentence(self, fields: dict[str, Any]) -> str:
        """Say whom the step tells, and what."""
        return f"Notify **{recipients_words(fields.get('to'))}**: {fields.get('title') or fields.get('message', '')}"

    def run(self, fields: Fields, run: Run) -> Output:
        """Write the notifications; raises StepFailed when nobody is there to be told."""
        people = recipients(run, fields.to)
        if not people:
            raise StepFailed(
                "nobody_to_tell",
                f"Nobody could be told: there is no {recipients_words(fields.to)} with an account here.",
            )
        ids = notify(
            run.session,
            run.cause,
            [person.user_id for person in people],
            title=fields.title or run.workflow_name,
            message=fields.message,
            link=fields.link or None,
            care_home_id=run.home_id,
        )
        return self.Output(notification_ids=ids)
