"""What each role may do, and how far: the one table that every check reads and the docs are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flowapp.accounts.roles import Reach, Role

_NO, _OWN, _HOME, _ORG = Reach.NONE, Reach.OWN, Reach.HOME, Reach.ORG
_LETTERS = {"-": _NO, "w": _OWN, "h": _HOME, "o": _ORG}


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing that may be done; whoever lacks `seen_by` is told that the thing does not exist."""

    name: str
    description: str
    seen_by: str
    reaches: Mapping[Role, Reach]


# Columns: staff, senior, manager, HR, regional, admin. Letters: - nothing, w one's own, h homes, o all.
_ROWS = """
rota.view            | hhhoho | See the published rota; staff see their own unit
rota.view_all        | -hhoho | See every unit's rota, and shifts that are not published yet | rota.view
rota.publish         | --h-ho | Publish the rota | rota.view
shift.edit           | --h-ho | Create, change and cancel shifts | rota.view
shift.cover          | -hh-ho | Arrange swaps and cover on the same day | rota.view
shift.assign         | -hh-ho | Put somebody on a shift, where no rule warns | rota.view
shift.override       | --h-ho | Put somebody on a shift against a warning, with a reason | rota.view
shift.override_block | ----ho | Put somebody on a shift against the rest or 48-hour rule | rota.view
shift.claim          | wwh-ho | Claim, drop or swap shifts | rota.view
swap.decide          | --h-ho | Decide claims, drops and swaps; never one's own | rota.view
home.view            | hhhoho | See a care home and its units
home.edit            | --h-ho | Change a care home's units, needs and rules
staff.view           | whhoho | See members of staff
staff.edit           | --hoho | Add and change members of staff
staff.private        | wwhoww | See dates of birth and private addresses | staff.view
staff.export         | w--o-o | Hand somebody everything that is held about them | staff.view
staff.anonymise      | ---o-o | Take the personal data of somebody who has left out of everything | staff.view
staff.health         | wwwoww | See what occupational health has written | staff.view
availability.edit    | wwhoho | Change when somebody can work | staff.view
leave.view           | whhoho | See leave: who, when, which type and how it stands
leave.request        | whhoho | Ask for leave, and take a request back
leave.recommend      | -hhoho | Recommend how to decide on leave; never one's own
leave.decide         | --hoho | Approve leave or turn it down; never one's own
leave.balance        | wwhoho | See how much leave is left
leave.reason         | wwhoww | See why somebody is off, health included
leave.adjust         | ---o-o | Change leave entitlements
absence.view         | whhoho | See that somebody is off sick or did not come
absence.record       | -hhoho | Record that somebody is off sick or did not come
absence.talk         | --hoho | Note the talk with somebody who was off sick; never one's own
certificate.view     | whhoho | See certificates and training
certificate.upload   | wwhoww | Send in a certificate for checking
certificate.record   | --ho-- | Record certificates
certificate.verify   | ---o-o | Confirm that a certificate is genuine
training.edit        | ---o-o | Change types of training, and who needs them | certificate.view
violation.view       | -hhoho | See where a rule is broken
violation.note       | -hhoho | Acknowledge that a rule is broken
violation.resolve    | --h-ho | Resolve a broken rule
violation.training   | --hoho | Resolve a broken rule about training
violation.accept     | ----ho | Accept the risk of a broken rule until a date
task.view            | whhwho | See tasks
task.edit            | whhwho | Take on, finish and cancel tasks
task.hr              | -hhoho | See and do the tasks of the HR queue
timesheet.view       | whhoho | See timesheets
timesheet.submit     | wwhoho | Hand in a timesheet
timesheet.decide     | --hoho | Approve or query a timesheet; never one's own
handover.view        | hhh-ho | Read handovers
handover.write       | hhh-h- | Write handovers, acknowledge them and tick off what they ask for
pay.rates            | ---oho | See rates of pay
pay.totals           | --hoho | See what a home's rota costs
workflow.view        | hhhoho | See workflows
workflow.edit        | --h-ho | Create, change, publish, pause and delete workflows
workflow.edit_hr     | --hoho | Create and change workflows about HR matters | workflow.view
workflow.run         | --h-ho | Start workflows by hand
workflow.run_marked  | -hhoho | Start workflows that are marked as free for seniors | workflow.view
execution.view       | hhhoho | See runs, without other people's data
execution.data       | whhoho | See names, reasons and data in runs
execution.manage     | --h-ho | Retry, cancel, skip and undo runs
execution.trace      | -----o | See the technical details of a failed step
approval.view        | whhoho | See what waits for a decision
approval.decide      | -hhoho | Decide what a workflow asks, where one is asked
event.view           | --hoho | See events and their facts
event.post           | -----o | Report an event from another program
variable.view        | --h-ho | See variables that workflows read
variable.edit        | --h-ho | Change variables that workflows read
secret.edit          | -----o | Set secrets that workflows use
notification.view    | wwwwww | See one's own notifications
mail.view            | --hoho | See mails that were sent or wait to be sent
mail.retry           | --hoho | Send a failed mail again
analytics.view       | -hhoho | See figures about the rota and workflows
audit.view           | ----ho | See who changed what
audit.view_hr        | ---oho | See who changed staff, leave, training and certificates
audit.export         | -----o | Export the audit
account.view         | wwwoho | See accounts and their roles
account.manage       | -----o | Create accounts, change roles, and close accounts
token.manage         | -----o | Create and revoke API tokens
metrics.view         | -----o | Read the figures of the server, from another machine
settings.edit        | -----o | Change how FlowApp itself works, and pause all workflows
"""

# Refused on one's own record whatever the role: nobody decides for themselves.
NOT_OWN = frozenset({"leave.decide", "leave.recommend", "swap.decide", "timesheet.decide", "absence.talk"})
# A person must answer for these; a workflow may not do them with anybody's rights.
NOT_BY_WORKFLOW = frozenset({"shift.override", "shift.override_block", "violation.accept"})


def _permission(row: str) -> Permission:
    name, letters, description, *seen_by = (cell.strip() for cell in row.split("|"))
    reaches = {role: _LETTERS[letter] for role, letter in zip(Role, letters, strict=True)}
    family = name.partition(".")[0]
    return Permission(
        name=name,
        description=description,
        seen_by=seen_by[0] if seen_by else f"{family}.view",
        reaches=MappingProxyType(reaches),
    )


def _table() -> Mapping[str, Permission]:
    made = [_permission(row) for row in _ROWS.strip().splitlines()]
    return MappingProxyType({each.name: each for each in made})


PERMISSIONS: Mapping[str, Permission] = _table()


def reach_of(role: Role, permission: str) -> Reach:
    """Answer how far a role's permission reaches; an unknown role or permission reaches nothing."""
    known = PERMISSIONS.get(permission)
    return Reach.NONE if known is None else known.reaches.get(role, Reach.NONE)
