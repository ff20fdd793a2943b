"""The ready-made workflow that looks through working time each week."""

from __future__ import annotations

from typing import Any

WEEKLY_COMPLIANCE_CHECK: dict[str, Any] = {
    "format": "flowapp/1",
    "name": "Weekly compliance check",
    "description": "Looks through working time each Monday, records each broken rule once, and tells the manager.",
    "category": "compliance",
    "triggers": [
        {"id": "monday", "type": "schedule", "cron": "0 6 * * MON"},
        {"id": "now", "type": "manual", "inputs": []},
    ],
    "steps": [
        {
            "id": "check",
            "type": "action",
            "name": "Check working time",
            "action": "check_working_time",
            "with": {},
        },
        {
            "id": "any",
            "type": "condition",
            "name": "See whether a rule is broken",
            "if": "${steps.check.count} > 0",
            "then": [
                {
                    "id": "each",
                    "type": "loop",
                    "name": "Go through what is broken",
                    "items": "${steps.check.breaches}",
                    "as": "breach",
                    "on_item_error": "continue",
                    "steps": [
                        {
                            "id": "record",
                            "type": "action",
                            "action": "create_violation",
                            "with": {
                                "rule": "${breach.rule}",
                                "severity": "${breach.severity}",
                                "description": "${breach.description}",
                                "staff_id": "${breach.staff_id}",
                            },
                        }
                    ],
                },
                {
                    "id": "task",
                    "type": "action",
                    "action": "create_task",
                    "with": {
                        "title": "Look through this week’s compliance check",
                        "queue": "manager",
                        "body": "${steps.check.count} rules on working time are broken. "
                        "See under Compliance who it is about, and put it right.",
                        "due_on": "${add_days(today(), 4)}",
                        "dedupe_key": "weekly-compliance-check",
                    },
                },
                {
                    "id": "tell",
                    "type": "action",
                    "action": "send_notification",
                    "with": {
                        "to": "manager",
                        "title": "Weekly compliance check",
                        "message": "${steps.check.count} rules on working time are broken.",
                        "link": "/compliance/",
                    },
                },
            ],
            "else": [],
        },
    ],
}
