"""When people can work, and when they were away."""

from __future__ import annotations

from tests.http.tables.tables import NO_CARERS, OWN, RECORD, Tables

TABLES = Tables(
    sent={
        "POST /absences/<int:absence_id>/change": {"first_day": "2026-11-20", "reason": "A bad cold"},
        "POST /absences/<int:absence_id>/end": {"last_day": "2026-11-23"},
        "POST /absences/<int:absence_id>/talk": {"note": "All is well."},
        "POST /absences/report/": {"staff_id": "1", "kind": "lateness", "first_day": "2026-11-23"},
        "POST /availability/<int:staff_id>/days/": {"first_day": "2026-12-01", "kind": "preferred"},
        "POST /availability/<int:staff_id>/days/<int:exception_id>/remove": {},
        "POST /availability/<int:staff_id>/weeks/": {
            "valid_from": "2025-01-01",
            "valid_to": "2025-12-31",
            "repeat_weeks": "1",
            "day-0": "sun",
            "kind-0": "preferred",
        },
        "POST /availability/<int:staff_id>/weeks/<int:pattern_id>/remove": {},
        "POST /staff/<int:staff_id>/homes": {"care_home": "2", "scope": "relief"},
        "POST /staff/<int:staff_id>/work-limits/": {"born": "1990-02-28", "most_days_in_a_row": "6"},
    },
    about={
        "POST /absences/<int:absence_id>/talk": {"absence_id": "absence_over"},
    },
    wrong={
        "POST /absences/<int:absence_id>/change": {"first_day": "2030-01-01", "reason": "x" * 5000},
        "POST /absences/<int:absence_id>/end": {"last_day": "2030-01-01"},
        "POST /absences/<int:absence_id>/talk": {"note": "x" * 5000},
        "POST /absences/report/": {"staff_id": "1", "first_day": "yesterday", "reason": "A cold"},
        "POST /availability/<int:staff_id>/days/": {"first_day": "soon", "start": "09:00", "reason": "Dentist"},
        "POST /availability/<int:staff_id>/weeks/": {"valid_from": "soon", "day-0": "tue", "from-0": "25:00"},
        "POST /staff/<int:staff_id>/work-limits/": {"born": "2030-01-01", "most_days_in_a_row": "99"},
    },
    refused={
        "GET /absences/report/": ("dan",),
        "POST /absences/<int:absence_id>/change": ("dan",),
        "POST /absences/<int:absence_id>/end": ("dan",),
        "POST /absences/<int:absence_id>/talk": NO_CARERS,
        "POST /absences/report/": ("dan",),
        "GET /staff/<int:staff_id>/work-limits/": NO_CARERS,
        "POST /staff/<int:staff_id>/homes": NO_CARERS,
        "POST /staff/<int:staff_id>/work-limits/": NO_CARERS,
    },
    for_all_roles={
        "GET /absences/": OWN,
        "GET /absences/<int:absence_id>/": RECORD,
        "GET /availability/": OWN,
        "GET /availability/<int:staff_id>/": RECORD,
        "POST /availability/<int:staff_id>/days/": "Everybody may say when they can work.",
        "POST /availability/<int:staff_id>/days/<int:exception_id>/remove": "Everybody may say when they can work.",
        "POST /availability/<int:staff_id>/weeks/": "Everybody may say when they can work.",
        "POST /availability/<int:staff_id>/weeks/<int:pattern_id>/remove": "Everybody may say when they can work.",
    },
    nothing_to_type={
        "POST /availability/<int:staff_id>/days/<int:exception_id>/remove": "It is one button.",
        "POST /availability/<int:staff_id>/weeks/<int:pattern_id>/remove": "It is one button.",
        "POST /staff/<int:staff_id>/homes": "It has two lists to choose from.",
    },
)
