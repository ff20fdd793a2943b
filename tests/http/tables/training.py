"""Training and certificates."""

from __future__ import annotations

from tests.http.tables.tables import OWN, RECORD, Tables

FOR_HR = (
    "GET /training/types/",
    "GET /training/types/<int:type_id>/",
    "GET /training/types/new/",
    "POST /training/types/<int:type_id>/",
    "POST /training/types/<int:type_id>/needed",
    "POST /training/types/new/",
    "POST /training/types/requirements/<int:requirement_id>/drop",
)

TABLES = Tables(
    sent={
        "POST /training/certificates/<int:certificate_id>/change": {
            "issued_on": "2025-12-06",
            "evidence_ref": "Drawer 2",
        },
        "POST /training/certificates/<int:certificate_id>/judge": {"competency": "competent"},
        "POST /training/certificates/<int:certificate_id>/verify": {},
        "POST /training/certificates/<int:certificate_id>/withdraw": {"reason": "It is another person’s."},
        "POST /training/staff/<int:staff_id>/record/": {"type": "2", "issued_on": "2026-11-02"},
        "POST /training/types/<int:type_id>/": {"name": "Lifting", "code": "MOVING_HANDLING", "category": "statutory"},
        "POST /training/types/<int:type_id>/needed": {"grace_days": "28"},
        "POST /training/types/new/": {"name": "PEG feeding", "code": "PEG", "category": "clinical"},
        "POST /training/types/requirements/<int:requirement_id>/drop": {},
    },
    wrong={
        "POST /training/certificates/<int:certificate_id>/change": {
            "issued_on": "2025-12-06",
            "expires_on": "2025-01-01",
        },
        "POST /training/certificates/<int:certificate_id>/judge": {"competency": "perhaps"},
        "POST /training/certificates/<int:certificate_id>/withdraw": {"reason": "", "revoked_on": "2025-01-01"},
        "POST /training/staff/<int:staff_id>/record/": {
            "type": "2",
            "issued_on": "2026-11-02",
            "expires_on": "2020-01-01",
        },
        "POST /training/types/<int:type_id>/": {"name": "Lifting", "code": "?", "validity_months": "many"},
        "POST /training/types/<int:type_id>/needed": {"grace_days": "many"},
        "POST /training/types/new/": {"name": "PEG feeding", "code": "?", "reminder_days": "soon"},
    },
    not_kept={
        "competency": "pending",
    },
    refused={
        "POST /training/certificates/<int:certificate_id>/change": ("dan", "sorcha", "ada"),
        "POST /training/certificates/<int:certificate_id>/judge": ("dan", "sorcha", "ada"),
        "POST /training/certificates/<int:certificate_id>/verify": ("dan", "sorcha", "maya"),
        "POST /training/certificates/<int:certificate_id>/withdraw": ("dan", "sorcha", "ada"),
        **dict.fromkeys(FOR_HR, ("dan", "sorcha", "maya")),
    },
    for_all_roles={
        "GET /training/": OWN,
        "GET /training/certificates/<int:certificate_id>/": RECORD,
        "GET /training/staff/<int:staff_id>/record/": "Everybody may send in their own.",
        "POST /training/staff/<int:staff_id>/record/": "Everybody may send in their own.",
    },
    no_outsider={
        "POST /training/certificates/<int:certificate_id>/verify": "Whoever checks certificates does so in every home.",
        **dict.fromkeys(
            (each for each in FOR_HR if "<" in each), "Types of training are the same in every home, and HR keeps them."
        ),
    },
    nothing_to_type={
        "POST /training/certificates/<int:certificate_id>/verify": "It is one button.",
        "POST /training/types/requirements/<int:requirement_id>/drop": "It is one button.",
    },
)
