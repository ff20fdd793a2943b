"""What each form is sent, and where one of the five questions makes no sense, and why."""

from __future__ import annotations

from collections.abc import Mapping

LAST_WEEK = {"start_date": "2026-11-16", "end_date": "2026-11-09", "reason": "My sister’s wedding"}

# What a form is sent when all is well.
SENT: Mapping[str, Mapping[str, str]] = {
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
    "POST /staff/<int:staff_id>/personal-data/": {"sure": "yes"},
    "POST /staff/<int:staff_id>/homes": {"care_home": "2", "scope": "relief"},
    "POST /training/certificates/<int:certificate_id>/change": {"issued_on": "2025-12-06", "evidence_ref": "Drawer 2"},
    "POST /training/certificates/<int:certificate_id>/judge": {"competency": "competent"},
    "POST /training/certificates/<int:certificate_id>/verify": {},
    "POST /training/certificates/<int:certificate_id>/withdraw": {"reason": "It is another person’s."},
    "POST /training/staff/<int:staff_id>/record/": {"type": "2", "issued_on": "2026-11-02"},
    "POST /training/types/<int:type_id>/": {"name": "Lifting", "code": "MOVING_HANDLING", "category": "statutory"},
    "POST /training/types/<int:type_id>/needed": {"grace_days": "28"},
    "POST /training/types/new/": {"name": "PEG feeding", "code": "PEG", "category": "clinical"},
    "POST /training/types/requirements/<int:requirement_id>/drop": {},
    "POST /staff/<int:staff_id>/sign-in-link": {},
    "POST /staff/<int:staff_id>/work-limits/": {"born": "1990-02-28", "most_days_in_a_row": "6"},
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
    "POST /absences/<int:absence_id>/talk": {"absence_id": "absence_over"},
    "GET /workflows/executions/<int:execution_id>/undo-preview": {"execution_id": "execution_to_undo"},
    "POST /workflows/executions/<int:execution_id>/undo": {"execution_id": "execution_to_undo"},
    "POST /staff/<int:staff_id>/personal-data/": {"staff_id": "leaver"},
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
    "GET /sign-in-links/<string:token>/": "",
    "POST /sign-in-links/<string:token>/": "",
    "GET /sign-in": "",
    "POST /sign-in": "",
}
# What is sent with something wrong in it; every field must come back as it was typed, but those of `NOT_KEPT`.
WRONG: Mapping[str, Mapping[str, str]] = {
    "POST /absences/<int:absence_id>/change": {"first_day": "2030-01-01", "reason": "x" * 5000},
    "POST /absences/<int:absence_id>/end": {"last_day": "2030-01-01"},
    "POST /absences/<int:absence_id>/talk": {"note": "x" * 5000},
    "POST /absences/report/": {"staff_id": "1", "first_day": "yesterday", "reason": "A cold"},
    "POST /availability/<int:staff_id>/days/": {"first_day": "soon", "start": "09:00", "reason": "Dentist"},
    "POST /availability/<int:staff_id>/weeks/": {"valid_from": "soon", "day-0": "tue", "from-0": "25:00"},
    "POST /leave/": LAST_WEEK,
    "POST /leave/<int:leave_id>/approve": {"reason": "x" * 5000},
    "POST /leave/<int:leave_id>/keep": {"reason": "x" * 5000},
    "POST /leave/<int:leave_id>/let-cancel": {"reason": "x" * 5000},
    "POST /leave/<int:leave_id>/reject": {"reason": "x" * 5000},
    "POST /leave/balance/": LAST_WEEK,
    "POST /sign-in": {"email": "nobody@example.org", "password": "wrong"},
    "POST /sign-in-links/<string:token>/": {"password": "password1"},
    "POST /staff/<int:staff_id>/personal-data/": {},
    "POST /staff/<int:staff_id>/work-limits/": {"born": "2030-01-01", "most_days_in_a_row": "99"},
    "POST /training/certificates/<int:certificate_id>/change": {"issued_on": "2025-12-06", "expires_on": "2025-01-01"},
    "POST /training/certificates/<int:certificate_id>/judge": {"competency": "perhaps"},
    "POST /training/certificates/<int:certificate_id>/withdraw": {"reason": "", "revoked_on": "2025-01-01"},
    "POST /training/staff/<int:staff_id>/record/": {"type": "2", "issued_on": "2026-11-02", "expires_on": "2020-01-01"},
    "POST /training/types/<int:type_id>/": {"name": "Lifting", "code": "?", "validity_months": "many"},
    "POST /training/types/<int:type_id>/needed": {"grace_days": "many"},
    "POST /training/types/new/": {"name": "PEG feeding", "code": "?", "reminder_days": "soon"},
    "POST /workflows/<int:workflow_id>/execute/": {"weeks": "many"},
    "POST /workflows/<int:workflow_id>/toggle/": {"reason": "x" * 5000},
    "POST /workflows/executions/<int:execution_id>/cancel/": {"reason": "x" * 5000},
    "POST /workflows/expressions/": {"event": "nonsense", "condition-way": "text", "condition": "context.days <= 3"},
}

# Fields that do not come back, and what stands there instead.
# Secret; the first choice, where none was offered like it.
NOT_KEPT = {"password": "", "event": "leave_requested", "competency": "pending"}

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
FOR_HR = (
    "GET /training/types/",
    "GET /training/types/<int:type_id>/",
    "GET /training/types/new/",
    "POST /training/types/<int:type_id>/",
    "POST /training/types/<int:type_id>/needed",
    "POST /training/types/new/",
    "POST /training/types/requirements/<int:requirement_id>/drop",
)
NO_CARERS, MANAGERS_ONLY = ("dan", "sorcha"), ("dan", "sorcha", "hana")
REFUSED = {
    "GET /absences/report/": ("dan",),
    "POST /absences/<int:absence_id>/change": ("dan",),
    "POST /absences/<int:absence_id>/end": ("dan",),
    "POST /absences/<int:absence_id>/talk": NO_CARERS,
    "POST /absences/report/": ("dan",),
    "GET /outbox/": NO_CARERS,
    "GET /outbox/<int:mail_id>/": NO_CARERS,
    "GET /workflows/<int:workflow_id>/delete/": MANAGERS_ONLY,
    "GET /workflows/<int:workflow_id>/execute/": MANAGERS_ONLY,
    "POST /leave/<int:leave_id>/approve": NO_CARERS,
    "POST /leave/<int:leave_id>/keep": NO_CARERS,
    "POST /leave/<int:leave_id>/let-cancel": NO_CARERS,
    "POST /leave/<int:leave_id>/reject": NO_CARERS,
    "POST /outbox/<int:mail_id>/send-again": NO_CARERS,
    "GET /staff/<int:staff_id>/personal-data/": ("sorcha", "maya"),
    "GET /staff/<int:staff_id>/personal-data/everything.json": ("sorcha", "maya"),
    "POST /staff/<int:staff_id>/personal-data/": ("dan", "sorcha", "maya"),
    "GET /staff/<int:staff_id>/work-limits/": NO_CARERS,
    "POST /staff/<int:staff_id>/homes": NO_CARERS,
    "POST /staff/<int:staff_id>/sign-in-link": ("dan", "sorcha", "maya", "hana"),
    "POST /staff/<int:staff_id>/work-limits/": NO_CARERS,
    "POST /workflows/<int:workflow_id>/delete/": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/execute/": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/toggle/": MANAGERS_ONLY,
    "GET /workflows/executions/<int:execution_id>/undo-preview": MANAGERS_ONLY,
    "POST /workflows/executions/<int:execution_id>/undo": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/held/drop": MANAGERS_ONLY,
    "POST /workflows/<int:workflow_id>/held/start": MANAGERS_ONLY,
    "POST /training/certificates/<int:certificate_id>/change": ("dan", "sorcha", "ada"),
    "POST /training/certificates/<int:certificate_id>/judge": ("dan", "sorcha", "ada"),
    "POST /training/certificates/<int:certificate_id>/verify": ("dan", "sorcha", "maya"),
    "POST /training/certificates/<int:certificate_id>/withdraw": ("dan", "sorcha", "ada"),
    **dict.fromkeys(FOR_HR, ("dan", "sorcha", "maya")),
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
    "GET /absences/": OWN,
    "GET /absences/<int:absence_id>/": RECORD,
    "GET /account": OWN,
    "GET /availability/": OWN,
    "GET /availability/<int:staff_id>/": RECORD,
    "GET /leave/": OWN,
    "GET /leave/<int:leave_id>/": RECORD,
    "GET /leave/balance/": "Everybody may ask for leave.",
    "GET /leave/calendar/": "Everybody sees who is away from their home.",
    "GET /notifications/": OWN,
    "GET /staff/": OWN,
    "GET /staff/<int:staff_id>/": RECORD,
    "GET /training/": OWN,
    "GET /training/certificates/<int:certificate_id>/": RECORD,
    "GET /training/staff/<int:staff_id>/record/": "Everybody may send in their own.",
    "POST /training/staff/<int:staff_id>/record/": "Everybody may send in their own.",
    "GET /workflows/": "Everybody may know what happens by itself in their home.",
    "GET /workflows/<int:workflow_id>/": RECORD,
    "GET /workflows/executions/": "Everybody may know what happened by itself in their home.",
    "GET /workflows/executions/<int:execution_id>/": RECORD,
    "GET /workflows/executions/<int:execution_id>/live": RECORD,
    "GET /workflows/expressions/": "It changes nothing, and hides the values that somebody may not see.",
    "POST /availability/<int:staff_id>/days/": "Everybody may say when they can work.",
    "POST /availability/<int:staff_id>/days/<int:exception_id>/remove": "Everybody may say when they can work.",
    "POST /availability/<int:staff_id>/weeks/": "Everybody may say when they can work.",
    "POST /availability/<int:staff_id>/weeks/<int:pattern_id>/remove": "Everybody may say when they can work.",
    "POST /leave/": "Everybody may ask for leave.",
    "POST /leave/<int:leave_id>/take-back": "Everybody may take back what they asked for.",
    "POST /leave/balance/": "Everybody may ask for leave.",
    "POST /notifications/read-all": OWN,
    "POST /sign-out": "Everybody who is signed in may go.",
    "POST /workflows/expressions/": "It changes nothing, and hides the values that somebody may not see.",
}
NO_OUTSIDER = {
    "POST /staff/<int:staff_id>/personal-data/": "HR does this in every home.",
    "GET /sign-in-links/<string:token>/": "Having the link is the permission, and it belongs to no home.",
    "POST /sign-in-links/<string:token>/": "Having the link is the permission, and it belongs to no home.",
    "POST /staff/<int:staff_id>/sign-in-link": "Whoever looks after accounts does so in every home.",
    "POST /training/certificates/<int:certificate_id>/verify": "Whoever checks certificates does so in every home.",
    **dict.fromkeys(
        (each for each in FOR_HR if "<" in each), "Types of training are the same in every home, and HR keeps them."
    ),
}
NOTHING_TO_TYPE = {
    "POST /availability/<int:staff_id>/days/<int:exception_id>/remove": "It is one button.",
    "POST /availability/<int:staff_id>/weeks/<int:pattern_id>/remove": "It is one button.",
    "POST /staff/<int:staff_id>/homes": "It has two lists to choose from.",
    "POST /leave/<int:leave_id>/take-back": "It is one button.",
    "POST /notifications/read-all": "It is one button.",
    "POST /outbox/<int:mail_id>/send-again": "It is one button.",
    "POST /sign-out": "It is one button.",
    "POST /staff/<int:staff_id>/sign-in-link": "It is one button.",
    "POST /training/certificates/<int:certificate_id>/verify": "It is one button.",
    "POST /training/types/requirements/<int:requirement_id>/drop": "It is one button.",
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
