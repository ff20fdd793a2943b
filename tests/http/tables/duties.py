"""Tasks, and where rules are broken."""

from __future__ import annotations

from tests.http.tables.tables import OWN, RECORD, Tables

JUST_CARERS, RESOLVERS = ("dan",), ("dan", "sorcha")

TABLES = Tables(
    sent={
        "POST /tasks/new/": {
            "title": "Book the fire drill",
            "queue": "senior",
            "home": "1",
            "due_on": "2026-12-01",
            "priority": "high",
        },
        "POST /tasks/<int:task_id>/cancel": {"reason": "The lift works again."},
        "POST /tasks/<int:task_id>/finish": {"outcome": "He comes on Friday."},
        "POST /tasks/<int:task_id>/put-back": {},
        "POST /tasks/<int:task_id>/reopen": {},
        "POST /tasks/<int:task_id>/take-on": {},
        "POST /compliance/check-now": {},
        "POST /compliance/<int:violation_id>/accept-risk": {"until": "2026-12-31", "risk": "Until Vic starts."},
        "POST /compliance/<int:violation_id>/acknowledge": {},
        "POST /compliance/<int:violation_id>/not-broken": {"reason": "The break is paid."},
        "POST /compliance/<int:violation_id>/reopen": {"again": "He worked on."},
        "POST /compliance/<int:violation_id>/resolve": {"resolution": "The break is planned now."},
        "POST /compliance/<int:violation_id>/take-on": {},
    },
    about={
        "POST /tasks/<int:task_id>/put-back": {"task_id": "task_taken"},
        "POST /tasks/<int:task_id>/reopen": {"task_id": "task_over"},
        "POST /compliance/<int:violation_id>/reopen": {"violation_id": "violation_over"},
    },
    wrong={
        "POST /tasks/new/": {"title": "", "queue": "senior", "home": "1", "due_on": "2026-12-01", "priority": "high"},
        "POST /tasks/<int:task_id>/cancel": {"reason": "x" * 5000},
        "POST /tasks/<int:task_id>/finish": {"outcome": "x" * 5000},
        "POST /compliance/<int:violation_id>/accept-risk": {"until": "2020-01-01", "risk": "So."},
        "POST /compliance/<int:violation_id>/not-broken": {"reason": "x" * 5000},
        "POST /compliance/<int:violation_id>/reopen": {"again": "x" * 5000},
        "POST /compliance/<int:violation_id>/resolve": {"resolution": "x" * 5000},
    },
    refused={
        "GET /compliance/": JUST_CARERS,
        "GET /compliance/progress": JUST_CARERS,
        "GET /compliance/rules/": JUST_CARERS,
        "GET /compliance/<int:violation_id>/": JUST_CARERS,
        "POST /compliance/check-now": JUST_CARERS,
        "POST /compliance/<int:violation_id>/accept-risk": ("dan", "sorcha", "maya", "hana"),
        "POST /compliance/<int:violation_id>/acknowledge": JUST_CARERS,
        "POST /compliance/<int:violation_id>/not-broken": RESOLVERS,
        "POST /compliance/<int:violation_id>/reopen": RESOLVERS,
        "POST /compliance/<int:violation_id>/resolve": RESOLVERS,
        "POST /compliance/<int:violation_id>/take-on": RESOLVERS,
    },
    for_all_roles={
        "GET /tasks/": OWN,
        "GET /tasks/<int:task_id>/": RECORD,
        "GET /tasks/new/": "Everybody may make a task for themselves; the form says what else.",
        "POST /tasks/new/": "Everybody may make a task for themselves.",
        "POST /tasks/<int:task_id>/cancel": RECORD,
        "POST /tasks/<int:task_id>/finish": RECORD,
        "POST /tasks/<int:task_id>/put-back": RECORD,
        "POST /tasks/<int:task_id>/reopen": RECORD,
        "POST /tasks/<int:task_id>/take-on": RECORD,
    },
    no_outsider={
        "POST /compliance/<int:violation_id>/accept-risk": "Only a regional manager may: tests/unit/rota_compliance.",
    },
    nothing_to_type={
        "POST /tasks/<int:task_id>/put-back": "It is one button.",
        "POST /tasks/<int:task_id>/reopen": "It is one button.",
        "POST /tasks/<int:task_id>/take-on": "It is one button.",
        "POST /compliance/check-now": "It is one button.",
        "POST /compliance/<int:violation_id>/acknowledge": "It is one button.",
        "POST /compliance/<int:violation_id>/take-on": "It is one button.",
    },
)
