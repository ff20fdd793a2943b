"""Workflows that are ready made, as documents: the demo has them on, and a home of one's own may switch them on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flowapp.workflows.weekly_compliance import WEEKLY_COMPLIANCE_CHECK

AUTO_APPROVE: dict[str, Any] = {
    "format": "flowapp/1",
    "name": "Auto-approve short leave",
    "description": "Approves annual leave of up to three days; asks the manager otherwise.",
    "category": "leave",
    "triggers": [{"id": "asked", "type": "event", "event": "leave_requested"}],
    "steps": [
        {
            "id": "short",
            "type": "condition",
            "name": "Check how long the leave is",
            "if": "${context.days} <= 3",
            "then": [
                {
                    "id": "approve",
                    "type": "action",
                    "action": "approve_leave",
                    "with": {
                        "leave_request_id": "${context.leave_request_id}",
                        "reason": "Three days or fewer are approved at once.",
                    },
                },
                {
                    "id": "tell",
                    "type": "action",
                    "action": "send_notification",
                    "with": {
                        "to": "${context.staff_id}",
                        "title": "Leave approved",
                        "message": "Dear ${context.staff.name}, your leave from ${context.leave.start} to "
                        "${context.leave.end} is approved. It takes ${context.hours} hours"
                        '${"; " + text(context.balance_after) + " are left" '
                        'if context.balance_after is not null else ""}.',
                        "link": "/leave/${context.leave_request_id}/",
                    },
                },
            ],
            "else": [
                {
                    "id": "ask",
                    "type": "action",
                    "action": "send_notification",
                    "with": {
                        "to": "manager",
                        "title": "Leave to decide",
                        "message": "${context.staff.name} asks for ${context.days} days of leave, from "
                        "${context.leave.start} to ${context.leave.end}. Please decide.",
                        "link": "/leave/${context.leave_request_id}/",
                    },
                }
            ],
        }
    ],
}

_TELL = {
    "to": "${context.staff_id}",
    "link": "/leave/${context.leave_request_id}/",
}
TELL_THE_PERSON: dict[str, Any] = {
    "format": "flowapp/1",
    "name": "Tell people what was decided",
    "description": "Tells the person when somebody has decided their leave.",
    "category": "leave",
    "triggers": [
        {"id": "approved", "type": "event", "event": "leave_approved", "when": "not ${context.auto}"},
        {"id": "rejected", "type": "event", "event": "leave_rejected", "when": "not ${context.auto}"},
    ],
    "steps": [
        {
            "id": "tell",
            "type": "action",
            "action": "send_notification",
            "with": _TELL
            | {
                "title": "Your leave is decided",
                "message": "${context.decided_by} has decided on your leave from ${context.leave.start} to "
                "${context.leave.end}. ${context.decision_reason}",
            },
        }
    ],
}

# By the name that addresses and forms use.
READY_MADE: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "auto-approve-short-leave": AUTO_APPROVE,
        "tell-people-what-was-decided": TELL_THE_PERSON,
        "weekly-compliance-check": WEEKLY_COMPLIANCE_CHECK,
    }
)
