"""What each form is sent, and where one of the five questions makes no sense, and why."""

from __future__ import annotations

from collections.abc import Mapping

LAST_WEEK = {"start_date": "2026-11-16", "end_date": "2026-11-09", "reason": "My sister’s wedding"}

CLOSED = {"home": "1", "way": "once", "first_day": "2027-12-20", "last_day": "2028-01-03", "message": "Christmas"}
NEVER = {**CLOSED, "last_day": "2027-12-01"}

# What a form is sent when all is well.
SENT: Mapping[str, Mapping[str, str]] = {
    "POST /account/calendar": {},
    "POST /account/calendar/take-back": {},
    "POST /settings/bank-holidays/": {"home": "ROSE", "day": "2027-07-12", "name": "Town fair"},
    "POST /settings/bank-holidays/remove": {"home": "ROSE", "day": "2027-07-12"},
    "POST /settings/closed-to-leave/": CLOSED,
    "POST /settings/closed-to-leave/<int:embargo_id>/": CLOSED,
    "POST /settings/closed-to-leave/<int:embargo_id>/remove": {},
    "POST /settings/import/": {"kind": "staff", "text": "employee_no\nE-Dan"},
    "POST /settings/import/<int:import_id>/start": {"only_good": "yes"},
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
    "POST /account/calendar": "dan",
    "POST /account/calendar/take-back": "dan",
    "POST /leave/<int:leave_id>/take-back": "dan",
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
    "POST /settings/bank-holidays/": {"home": "ROSE", "day": "2026-12-25", "name": "Christmas"},
    "POST /settings/closed-to-leave/": NEVER,
    "POST /settings/closed-to-leave/<int:embargo_id>/": NEVER,
    "POST /settings/import/": {"kind": "staff", "text": ""},
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
REFUSED = {
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
    "GET /settings/": "Everybody finds there what is closed to leave, and the bank holidays.",
    "GET /settings/bank-holidays/": "Everybody may know the bank holidays of their home.",
    "GET /settings/closed-to-leave/": "Everybody may know when their home is closed to leave.",
    "POST /account/calendar": OWN,
    "POST /account/calendar/take-back": OWN,
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
    "POST /account/calendar": "It is one button.",
    "POST /account/calendar/take-back": "It is one button.",
    "POST /settings/bank-holidays/remove": "It is one button.",
    "POST /settings/closed-to-leave/<int:embargo_id>/remove": "It is one button.",
    "POST /settings/import/<int:import_id>/start": "It is one box to tick and one button.",
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
