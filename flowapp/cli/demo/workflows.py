"""The workflows of the demo."""

from __future__ import annotations

from typing import Any

from flowapp.workflows.library import AUTO_APPROVE, TELL_THE_PERSON

__all__ = ["AUTO_APPROVE", "OLD_REMINDER", "TELL_THE_PERSON"]

OLD_REMINDER: dict[str, Any] = {
    "format": "flowapp/1",
    "name": "Old reminder",
    "description": "Tells Elspeth when leave is given back.",
    "category": "leave",
    "triggers": [{"id": "given_back", "type": "event", "event": "leave_cancelled"}],
    "steps": [
        {
            "id": "remind",
            "type": "action",
            "action": "send_notification",
            "with": {
                "to": "elspeth.gunn@example.org",
                "title": "Leave is given back",
                "message": "${context.staff.name} gives back the leave from ${context.leave.start} to "
                "${context.leave.end}. Please look at the rota.",
                "link": "/leave/${context.leave_request_id}/",
            },
        }
    ],
}
