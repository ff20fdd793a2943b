"""What each form is sent, and where one of the five questions makes no sense, and why."""

from __future__ import annotations

from collections.abc import Mapping

LAST_WEEK = {"start_date": "2026-11-16", "end_date": "2026-11-09", "reason": "My sister’s wedding"}

# What a form is sent when all is well.
SENT: Mapping[str, Mapping[str, str]] = {
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
    "POST /leave/": {"start_date": "2027-02-01", "end_date": "2027-02-02", "reason": "A wedding"},
    "POST /leave/<int:leave_id>/approve": {"reason": "Enjoy it."},
    "POST /leave/<int:leave_id>/reject": {"reason": "Three others are away."},
    "POST /leave/<int:leave_id>/keep": {"reason": "The rota is out."},
    "POST /leave/<int:leave_id>/let-cancel": {},
    "POST /leave/<int:leave_id>/take-back": {},
    "POST /leave/balance/": {"start_date": "2027-02-01", "end_date": "2027-02-02"},
    "POST /notifications/read-all": {},
    "POST /outbox/<int:mail_id>/send-again": {},
    "POST /sign-in-links/<string:token>/": {"password": "warm porridge at seven"},
    "POST /sign-out": {},
    "POST /staff/<int:staff_id>/sign-in-link": {},
    "POST /workflows/<int:workflow_id>/delete/": {},
    "POST /workflows/<int:workflow_id>/execute/": {"weeks": "2.5"},
    "POST /workflows/<int:workflow_id>/toggle/": {"way": "pause", "reason": "The lift is broken."},
    "POST /workflows/executions/<int:execution_id>/undo": {},
    "POST /workflows/<int:workflow_id>/held/drop": {},
    "POST /workflows/<int:workflow_id>/held/start": {},
    "POST /workflows/executions/<int:execution_id>/cancel/": {"reason": "Asked for twice"},
    "POST /workflows/executions/<int:execution_id>/do-again": {"path": "later"},
    "POST /workflows/executions/<int:execution_id>/give-up": {},
    "POST /workflows/executions/<int:execution_id>/retry": {"from": "failed"},
    "POST /workflows/executions/<int:execution_id>/skip/": {},
    "POST /workflows/executions/<int:execution_id>/was-done": {"path": "later"},
    "POST /workflows/expressions/": {
        "event": "leave_requested",
        "condition-way": "text",
        "condition": "context.days <= 3",
    },
}
# Which record of tests/http/every_page.py it is about, where that is not the one named in the address.
ABOUT = {
    "GET /workflows/executions/<int:execution_id>/undo-preview": {"execution_id": "execution_to_undo"},
    "POST /workflows/executions/<int:execution_id>/undo": {"execution_id": "execution_to_undo"},
    "POST /timesheets/shifts/<int:shift_id>/clock-out": {"shift_id": "shift_under_way"},
    "POST /leave/<int:leave_id>/keep": {"leave_id": "leave_given_back"},
    "POST /leave/<int:leave_id>/let-cancel": {"leave_id": "leave_given_back"},
    "GET /workflows/executions/<int:execution_id>/cancel/": {"execution_id": "waiting_run"},
    "GET /workflows/executions/<int:execution_id>/skip/": {"execution_id": "failed_run"},
    "POST /workflows/executions/<int:execution_id>/cancel/": {"execution_id": "waiting_run"},
    "POST /workflows/executions/<int:execution_id>/do-again": {"execution_id": "run_in_doubt"},
    "POST /workflows/executions/<int:execution_id>/give-up": {"execution_id": "failed_run"},
    "POST /workflows/executions/<int:execution_id>/retry": {"execution_id": "failed_run"},
    "POST /workflows/executions/<int:execution_id>/skip/": {"execution_id": "failed_run"},
    "POST /workflows/executions/<int:execution_id>/was-done": {"execution_id": "run_in_doubt"},
}
# Who sends it, where that is not whoever has the permission first; "" is nobody signed in.
SENDER = {
    "POST /leave/<int:leave_id>/take-back": "dan",
    "POST /timesheets/shifts/<int:shift_id>/clock-in": "dan",
    "POST /timesheets/shifts/<int:shift_id>/clock-out": "sorcha",
    "GET /sign-in-links/<string:token>/": "",
    "POST /sign-in-links/<string:token>/": "",
    "GET /sign-in": "",
    "POST /sign-in": "",
}
# What is sent with something wrong in it; every field must come back as it was typed, but those of `NOT_KEPT`.
WRONG: Mapping[str, Mapping[str, str]] = {
    "POST /leave/": LAST_WEEK,
    "POST /leave/<int:leave_id>/approve": {"reason": "x" * 5000},
    "POST /leave/<int:leave_id>/keep": {"reason": "x" * 5000},
    "POST /leave/<int:leave_id>/let-cancel": {"reason": "x" * 5000},
    "POST /leave/<int:leave_id>/reject": {"reason": "x" * 5000},
    "POST /leave/balance/": LAST_WEEK,
    "POST /handovers/write/": {"place": "1-0", "day": "2026-11-23", "time": "08:00", "text": "", "items": "x" * 300},
    "POST /timesheets/<int:timesheet_id>/query": {"reason": "x" * 5000},
    "POST /timesheets/payroll/": {"home": "1", "first_day": "2026-11-30", "last_day": "2026-11-01", "again": "yes"},
    "POST /timesheets/shifts/<int:shift_id>/hours/": {
        "start": "08:00",
        "end": "20:00",
        "break_minutes": "241",
        "reason": "I was there all day",
    },
    "POST /watches/<int:home_id>/": {"no_show_minutes": "4", "handover_minutes": "many"},
    "POST /sign-in": {"email": "nobody@example.org", "password": "wrong"},
    "POST /sign-in-links/<string:token>/": {"password": "password1"},
    "POST /workflows/<int:workflow_id>/execute/": {"weeks": "many"},
    "POST /workflows/<int:workflow_id>/toggle/": {"reason": "x" * 5000},
    "POST /workflows/executions/<int:execution_id>/cancel/": {"reason": "x" * 5000},
    "POST /workflows/expressions/": {"event": "nonsense", "condition-way": "text", "condition": "context.days <= 3"},
}

# Fields that do not come back, and what stands there instead.
NOT_KEPT = {"password": "", "event": "leave_requested"}  # secret; the first choice, where none was offered like it

# Who of the cast is refused for want of the permission.
RUN_CHANGES = (
    "GET /workflows/executions/<int:execution_id>/cancel/",
    "GET /workflows/executions/<int:execution_id>/skip/",
    "POST /workflows/executions/<int:execution_id>/cancel/",
    "POST /workflows/executions/<int:execution_id>/do-again",
    "POST /workflows/executions/<int:execution_id>/give-up",
    "POST /workflows/executions/<int:execution_id>/retry",
    "POST /workflows/executions/<int:execution_id>/skip/",
    "POST /workflows/executions/<int:execution_id>/was-done",
)
NO_CARERS, MANAGERS_ONLY = ("dan", "sorcha"), ("dan", "sorcha", "hana")
HR = ("hana",)
REFUSED = {
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
    "GET /outbox/": NO_CARERS,
    "GET /outbox/<int:mail_id>/": NO_CARERS,
    "GET /workflows/<int:workflow_id>/delete/": MANAGERS_ONLY,
    "GET /workflows/<int:workflow_id>/execute/": MANAGERS_ONLY,
    "POST /leave/<int:leave_id>/approve": NO_CARERS,
    "POST /leave/<int:leave_id>/keep": NO_CARERS,
    "POST /leave/<int:leave_id>/let-cancel": NO_CARERS,
    "POST /leave/<int:leave_id>/reject": NO_CARERS,
    "POST /outbox/<int:mail_id>/send-again": NO_CARERS,
    "POST /staff/<int:staff_id>/sign-in-link": ("dan", "sorcha", "maya", "hana"),
    "POST /workflows/<int:workflow_id>/delete/": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/execute/": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/toggle/": MANAGERS_ONLY,
    "GET /workflows/executions/<int:execution_id>/undo-preview": MANAGERS_ONLY,
    "POST /workflows/executions/<int:execution_id>/undo": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/held/drop": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/held/start": MANAGERS_ONLY,
    **dict.fromkeys(RUN_CHANGES, MANAGERS_ONLY),
}

# Where a question does not apply, and why.
ELSEWHERE = {
    "GET /setup/": "It is open only while nothing is set up; tests/web/test_setup.py asks these questions of it.",
    "POST /setup/": "It is open only while nothing is set up; tests/web/test_setup.py asks these questions of it.",
}
WORKS_ELSEWHERE = {
    "POST /sign-in": "Nobody of the cast has a password; tests/web/test_sign_in_page.py gives Dan one.",
}
OPEN_TO_ALL = {
    "GET /api/docs": "It says how the API is used, and nothing of anybody’s data.",
    "GET /styleguide": "It shows made-up examples, and is only there with a demo or in tests.",
    "GET /sign-in": "Who signs in is not signed in yet.",
    "POST /sign-in": "Who signs in is not signed in yet.",
    "GET /sign-in-links/<string:token>/": "Having the link is the permission.",
    "POST /sign-in-links/<string:token>/": "Having the link is the permission.",
}
OWN, RECORD = "Everybody sees their own.", "Every role sees some; which ones, the record itself decides."
FOR_ALL_ROLES = {
    "GET /": "It shows each person what is theirs to do.",
    "GET /account": OWN,
    "GET /leave/": OWN,
    "GET /leave/<int:leave_id>/": RECORD,
    "GET /leave/balance/": "Everybody may ask for leave.",
    "GET /leave/calendar/": "Everybody sees who is away from their home.",
    "GET /notifications/": OWN,
    "GET /staff/": OWN,
    "GET /staff/<int:staff_id>/": RECORD,
    "GET /workflows/": "Everybody may know what happens by itself in their home.",
    "GET /workflows/<int:workflow_id>/": RECORD,
    "GET /workflows/executions/": "Everybody may know what happened by itself in their home.",
    "GET /workflows/executions/<int:execution_id>/": RECORD,
    "GET /workflows/executions/<int:execution_id>/live": RECORD,
    "GET /workflows/expressions/": "It changes nothing, and hides the values that somebody may not see.",
    "GET /timesheets/": OWN,
    "GET /timesheets/<int:timesheet_id>/": RECORD,
    "GET /timesheets/shifts/<int:shift_id>/hours/": RECORD,
    "POST /timesheets/shifts/<int:shift_id>/clock-in": "Everybody may come to their own shift.",
    "POST /timesheets/shifts/<int:shift_id>/clock-out": "Everybody may go from their own shift.",
    "POST /timesheets/shifts/<int:shift_id>/hours/": "Everybody may hand in their own hours.",
    "POST /leave/": "Everybody may ask for leave.",
    "POST /leave/<int:leave_id>/take-back": "Everybody may take back what they asked for.",
    "POST /leave/balance/": "Everybody may ask for leave.",
    "POST /notifications/read-all": OWN,
    "POST /sign-out": "Everybody who is signed in may go.",
    "POST /workflows/expressions/": "It changes nothing, and hides the values that somebody may not see.",
}
NO_OUTSIDER = {
    "GET /sign-in-links/<string:token>/": "Having the link is the permission, and it belongs to no home.",
    "POST /sign-in-links/<string:token>/": "Having the link is the permission, and it belongs to no home.",
    "POST /staff/<int:staff_id>/sign-in-link": "Whoever looks after accounts does so in every home.",
}
NOTHING_TO_TYPE = {
    "POST /handovers/<int:handover_id>/acknowledge": "It is one button.",
    "POST /handovers/<int:handover_id>/items/<int:item_id>/tick": "It is one button.",
    "POST /timesheets/<int:timesheet_id>/approve": "It is one button; the question beside it belongs to the other.",
    "POST /timesheets/approve-as-planned": "It is one button.",
    "POST /timesheets/shifts/<int:shift_id>/clock-in": "It is one button, with a few words on why one is late.",
    "POST /timesheets/shifts/<int:shift_id>/clock-out": "It is one button.",
    "POST /leave/<int:leave_id>/take-back": "It is one button.",
    "POST /notifications/read-all": "It is one button.",
    "POST /outbox/<int:mail_id>/send-again": "It is one button.",
    "POST /sign-out": "It is one button.",
    "POST /staff/<int:staff_id>/sign-in-link": "It is one button.",
    "POST /workflows/<int:workflow_id>/delete/": "It is one button.",
    "POST /workflows/executions/<int:execution_id>/undo": "It is one button.",
    "POST /workflows/<int:workflow_id>/held/drop": "It is one button.",
    "POST /workflows/<int:workflow_id>/held/start": "It is one button.",
    "POST /workflows/executions/<int:execution_id>/do-again": "It is one button.",
    "POST /workflows/executions/<int:execution_id>/give-up": "It is one button.",
    "POST /workflows/executions/<int:execution_id>/retry": "It is one button.",
    "POST /workflows/executions/<int:execution_id>/skip/": "It is one button.",
    "POST /workflows/executions/<int:execution_id>/was-done": "It is one button.",
}
# Known faults, of pages that somebody else is at work on; whoever mends one takes its line out.
TABLES: tuple[Mapping[str, object], ...] = (
    *(SENT, ABOUT, SENDER, WRONG, REFUSED, FOR_ALL_ROLES),
    *(ELSEWHERE, WORKS_ELSEWHERE, OPEN_TO_ALL, NO_OUTSIDER, NOTHING_TO_TYPE),
)
