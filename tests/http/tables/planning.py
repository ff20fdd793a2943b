"""The rota, its shifts, and what a home needs."""

from __future__ import annotations

from tests.http.tables.tables import RECORD, Tables

A_SHIFT = {
    "home": "ROSE",
    "date": "2026-12-08",
    "unit": "",
    "role": "SCW",
    "start": "08:00",
    "end": "20:00",
    "unpaid_break_minutes": "60",
    "kind": "regular",
    "working_time": "full",
    "skills": "MEDS",
    "notes": "Bring keys",
    "how_many": "2",
    "template": "",
}
A_CHANGE = {name: value for name, value in A_SHIFT.items() if name not in ("home", "how_many", "template")}
A_TEMPLATE = {
    "code": "EVE",
    "name": "Evening",
    "start": "16:00",
    "end": "22:00",
    "unpaid_break_minutes": "0",
    "colour": "red",
    "kind": "regular",
    "working_time": "full",
    "role": "SCA",
    "skills": "",
}
A_NEED = {
    "name": "night",
    "unit": "",
    "role": "SCW",
    "start": "20:00",
    "end": "08:00",
    "fewest": "1",
    "ideal": "2",
    "valid_from": "2026-12-01",
    "valid_to": "",
    "skills": "",
    "weekdays": "mon",
}
PLANS = ("dan", "sorcha", "hana")
ROTA_CHANGES = (
    *("GET /rota/publish/", "POST /rota/publish/", "POST /rota/copy", "GET /shifts/new/", "POST /shifts/new/"),
    *("GET /shifts/<int:shift_id>/change/", "POST /shifts/<int:shift_id>/change/"),
    *("GET /shifts/<int:shift_id>/cancel/", "POST /shifts/<int:shift_id>/cancel/", "POST /shifts/<int:shift_id>/move"),
    *("POST /rota/needs/", "GET /rota/needs/<int:need_id>/", "POST /rota/needs/<int:need_id>/"),
    *("POST /rota/shift-templates/", "GET /rota/shift-templates/<int:template_id>/"),
    "POST /rota/shift-templates/<int:template_id>/",
)

TABLES = Tables(
    sent={
        "POST /rota/copy": {"home": "ROSE", "week": "2026-W50", "as": "same"},
        "POST /rota/needs/": {"home": "ROSE", **A_NEED},
        "POST /rota/needs/<int:need_id>/": A_NEED,
        "POST /rota/publish/": {"home": "ROSE", "week": "2026-W49", "reason": ""},
        "POST /rota/shift-templates/": {"home": "ROSE", **A_TEMPLATE},
        "POST /rota/shift-templates/<int:template_id>/": {**A_TEMPLATE, "offered": "yes"},
        "POST /shifts/new/": A_SHIFT,
        "POST /shifts/<int:shift_id>/acknowledge": {},
        "POST /shifts/<int:shift_id>/cancel/": {"reason": "The home is quiet."},
        "POST /shifts/<int:shift_id>/change/": A_CHANGE,
        "POST /shifts/<int:shift_id>/move": {"date": "2026-12-09"},
    },
    about={
        "POST /shifts/<int:shift_id>/acknowledge": {"shift_id": "shift_of_dan"},
    },
    sender={
        "POST /shifts/<int:shift_id>/acknowledge": "dan",
    },
    wrong={
        "POST /rota/copy": {"home": "ROSE", "week": "next", "as": "open"},
        "POST /rota/needs/": {"home": "ROSE", **A_NEED, "fewest": "many", "ideal": "0", "valid_to": "2026-11-01"},
        "POST /rota/needs/<int:need_id>/": {**A_NEED, "start": "8 am", "name": "x" * 100},
        "POST /rota/publish/": {"home": "ROSE", "week": "2026-W49", "reason": "x" * 5000},
        "POST /rota/shift-templates/": {"home": "ROSE", **A_TEMPLATE, "code": "L-D", "end": "late"},
        "POST /rota/shift-templates/<int:template_id>/": {**A_TEMPLATE, "unpaid_break_minutes": "600"},
        "POST /shifts/new/": {**A_SHIFT, "date": "soon", "how_many": "0", "unpaid_break_minutes": "some"},
        "POST /shifts/<int:shift_id>/cancel/": {"reason": "x" * 5000},
        "POST /shifts/<int:shift_id>/change/": {**A_CHANGE, "start": "8", "skills": "a+b"},
        "POST /shifts/<int:shift_id>/move": {"date": "tomorrow"},
    },
    refused={
        **dict.fromkeys(ROTA_CHANGES, PLANS),
        "GET /rota/needs/": ("dan",),
    },
    for_all_roles={
        "GET /rota/": "Everybody sees the published rota of their home.",
        "GET /rota/open/": "Everybody sees the published shifts that nobody has.",
        "GET /rota/shift-templates/": "Everybody may know what a long day is.",
        "GET /shifts/<int:shift_id>/": RECORD,
        "POST /shifts/<int:shift_id>/acknowledge": (
            "Everybody says it of their own shifts; which ones, the shift decides."
        ),
    },
    nothing_to_type={
        "POST /shifts/<int:shift_id>/acknowledge": "It is one button.",
    },
)
