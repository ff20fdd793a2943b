"""Who can take a shift."""

from __future__ import annotations

from tests.http.tables.tables import Tables

NO_PLANNING = ("dan", "hana")

TABLES = Tables(
    about={"POST /shifts/<int:shift_id>/give/<int:staff_id>/": {"staff_id": "staff_who_can"}},
    sent={
        "POST /shifts/<int:shift_id>/give/<int:staff_id>/": {"reason": "They asked first"},
    },
    wrong={
        "POST /shifts/<int:shift_id>/give/<int:staff_id>/": {"reason": "x" * 5000},
    },
    refused={
        "GET /shifts/<int:shift_id>/candidates/": NO_PLANNING,
        "GET /shifts/<int:shift_id>/why/<int:staff_id>/": NO_PLANNING,
        "POST /shifts/<int:shift_id>/give/<int:staff_id>/": NO_PLANNING,
    },
)
