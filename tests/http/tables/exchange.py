"""Lists in and out, calendars, days on which leave is closed."""

from __future__ import annotations

from tests.http.tables.tables import MANAGERS_ONLY, NO_CARERS, OWN, Tables

CLOSED = {"home": "1", "way": "once", "first_day": "2027-12-20", "last_day": "2028-01-03", "message": "Christmas"}
NEVER = {**CLOSED, "last_day": "2027-12-01"}

TABLES = Tables(
    sent={
        "POST /account/calendar": {},
        "POST /account/calendar/take-back": {},
        "POST /settings/bank-holidays/": {"home": "ROSE", "day": "2027-07-12", "name": "Town fair"},
        "POST /settings/bank-holidays/remove": {"home": "ROSE", "day": "2027-07-12"},
        "POST /settings/closed-to-leave/": CLOSED,
        "POST /settings/closed-to-leave/<int:embargo_id>/": CLOSED,
        "POST /settings/closed-to-leave/<int:embargo_id>/remove": {},
        "POST /settings/import/": {"kind": "staff", "text": "employee_no\nE-Dan"},
        "POST /settings/import/<int:import_id>/start": {"only_good": "yes"},
    },
    sender={
        "POST /account/calendar": "dan",
        "POST /account/calendar/take-back": "dan",
    },
    wrong={
        "POST /settings/bank-holidays/": {"home": "ROSE", "day": "2026-12-25", "name": "Christmas"},
        "POST /settings/closed-to-leave/": NEVER,
        "POST /settings/closed-to-leave/<int:embargo_id>/": NEVER,
        "POST /settings/import/": {"kind": "staff", "text": ""},
    },
    refused={
        "GET /settings/closed-to-leave/<int:embargo_id>/": MANAGERS_ONLY,
        "POST /settings/closed-to-leave/": MANAGERS_ONLY,
        "POST /settings/closed-to-leave/<int:embargo_id>/": MANAGERS_ONLY,
        "POST /settings/closed-to-leave/<int:embargo_id>/remove": MANAGERS_ONLY,
        "POST /settings/bank-holidays/": MANAGERS_ONLY,
        "POST /settings/bank-holidays/remove": MANAGERS_ONLY,
        "GET /settings/export/": ("dan",),
        "GET /settings/export/leave.csv": NO_CARERS,
        "GET /settings/export/shifts.csv": ("dan",),
        "GET /settings/export/staff.csv": NO_CARERS,
        "GET /settings/import/": NO_CARERS,
        "GET /settings/import/<int:import_id>/": NO_CARERS,
        "POST /settings/import/": NO_CARERS,
        "POST /settings/import/<int:import_id>/start": NO_CARERS,
    },
    for_all_roles={
        "GET /settings/": "Everybody finds there what is closed to leave, and the bank holidays.",
        "GET /settings/bank-holidays/": "Everybody may know the bank holidays of their home.",
        "GET /settings/closed-to-leave/": "Everybody may know when their home is closed to leave.",
        "POST /account/calendar": OWN,
        "POST /account/calendar/take-back": OWN,
    },
    nothing_to_type={
        "POST /account/calendar": "It is one button.",
        "POST /account/calendar/take-back": "It is one button.",
        "POST /settings/bank-holidays/remove": "It is one button.",
        "POST /settings/closed-to-leave/<int:embargo_id>/remove": "It is one button.",
        "POST /settings/import/<int:import_id>/start": "It is one box to tick and one button.",
    },
)
