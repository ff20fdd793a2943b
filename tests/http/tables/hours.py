"""Timesheets and handovers."""

from __future__ import annotations

from tests.http.tables.tables import MANAGERS_ONLY, NO_CARERS, OWN, RECORD, Tables

HR = ("hana",)

TABLES = Tables(
    sent={
        "POST /handovers/write/": {
            "place": "1-0",
            "day": "2026-11-23",
            "time": "08:00",
            "text": "A quiet night.",
            "items": "Call the doctor",
        },
        "POST /handovers/<int:handover_id>/acknowledge": {},
        "POST /handovers/<int:handover_id>/items/<int:item_id>/tick": {"done": "yes"},
        "POST /timesheets/<int:timesheet_id>/approve": {"reason": ""},
        "POST /timesheets/<int:timesheet_id>/query": {"reason": "Why so long?"},
        "POST /timesheets/approve-as-planned": {},
        "POST /timesheets/payroll/": {"home": "1", "first_day": "2026-11-01", "last_day": "2026-11-30"},
        "POST /timesheets/shifts/<int:shift_id>/clock-in": {"reason": "The bus"},
        "POST /timesheets/shifts/<int:shift_id>/clock-out": {},
        "POST /timesheets/shifts/<int:shift_id>/hours/": {
            "start": "08:00",
            "end": "08:45",
            "break_minutes": "0",
            "reason": "I fell ill",
        },
        "POST /watches/<int:home_id>/": {"no_show_minutes": "30", "handover_minutes": ""},
    },
    about={
        "POST /timesheets/shifts/<int:shift_id>/clock-out": {"shift_id": "shift_under_way"},
        "POST /timesheets/shifts/<int:shift_id>/clock-in": {"shift_id": "shift_of_today"},
        "GET /timesheets/shifts/<int:shift_id>/hours/": {"shift_id": "shift_of_today"},
        "POST /timesheets/shifts/<int:shift_id>/hours/": {"shift_id": "shift_of_today"},
    },
    sender={
        "POST /timesheets/shifts/<int:shift_id>/clock-in": "dan",
        "POST /timesheets/shifts/<int:shift_id>/clock-out": "sorcha",
    },
    wrong={
        "POST /handovers/write/": {
            "place": "1-0",
            "day": "2026-11-23",
            "time": "08:00",
            "text": "",
            "items": "x" * 300,
        },
        "POST /timesheets/<int:timesheet_id>/query": {"reason": "x" * 5000},
        "POST /timesheets/payroll/": {"home": "1", "first_day": "2026-11-30", "last_day": "2026-11-01", "again": "yes"},
        "POST /timesheets/shifts/<int:shift_id>/hours/": {
            "start": "08:00",
            "end": "20:00",
            "break_minutes": "241",
            "reason": "I was there all day",
        },
        "POST /watches/<int:home_id>/": {"no_show_minutes": "4", "handover_minutes": "many"},
    },
    refused={
        "GET /handovers/": HR,
        "GET /handovers/<int:handover_id>/": HR,
        "GET /handovers/write/": ("hana", "ada"),
        "POST /handovers/write/": ("hana", "ada"),
        "POST /handovers/<int:handover_id>/acknowledge": ("hana", "ada"),
        "POST /handovers/<int:handover_id>/items/<int:item_id>/tick": ("hana", "ada"),
        "GET /timesheets/payroll/": NO_CARERS,
        "GET /timesheets/payroll/<int:export_id>/": NO_CARERS,
        "GET /timesheets/payroll/<int:export_id>/file/": NO_CARERS,
        "GET /timesheets/waiting/": NO_CARERS,
        "POST /timesheets/<int:timesheet_id>/approve": NO_CARERS,
        "POST /timesheets/<int:timesheet_id>/query": NO_CARERS,
        "POST /timesheets/approve-as-planned": NO_CARERS,
        "POST /timesheets/payroll/": NO_CARERS,
        "GET /watches/": MANAGERS_ONLY,
        "POST /watches/<int:home_id>/": MANAGERS_ONLY,
    },
    for_all_roles={
        "GET /timesheets/": OWN,
        "GET /timesheets/<int:timesheet_id>/": RECORD,
        "GET /timesheets/shifts/<int:shift_id>/hours/": RECORD,
        "POST /timesheets/shifts/<int:shift_id>/clock-in": "Everybody may come to their own shift.",
        "POST /timesheets/shifts/<int:shift_id>/clock-out": "Everybody may go from their own shift.",
        "POST /timesheets/shifts/<int:shift_id>/hours/": "Everybody may hand in their own hours.",
    },
    nothing_to_type={
        "POST /handovers/<int:handover_id>/acknowledge": "It is one button.",
        "POST /handovers/<int:handover_id>/items/<int:item_id>/tick": "It is one button.",
        "POST /timesheets/<int:timesheet_id>/approve": "It is one button; the question beside it belongs to the other.",
        "POST /timesheets/approve-as-planned": "It is one button.",
        "POST /timesheets/shifts/<int:shift_id>/clock-in": "It is one button, with a few words on why one is late.",
        "POST /timesheets/shifts/<int:shift_id>/clock-out": "It is one button.",
    },
)
