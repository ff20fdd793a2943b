"""The page that asks before a workflow is archived, and asks again when something is wrong with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import url_for

from flowapp.workflows.switching import Switch
from flowapp.workflows.workflow import Workflow, WorkflowStatus

# What the one switch of a workflow does next.
TOGGLES: Mapping[str, Switch] = {
    WorkflowStatus.DRAFT: Switch.ACTIVATE,
    WorkflowStatus.ACTIVE: Switch.PAUSE,
    WorkflowStatus.PAUSED: Switch.ACTIVATE,
    WorkflowStatus.ARCHIVED: Switch.RESTORE,
}
_TITLES = {
    Switch.ACTIVATE: "Switch on {name}",
    Switch.PAUSE: "Pause {name}",
    Switch.ARCHIVE: "Archive {name}",
    Switch.RESTORE: "Bring back {name}",
}
_SENTENCES = {
    Switch.ACTIVATE: "From now on it is started again. What came while it was paused stays as it is.",
    Switch.PAUSE: "Nothing starts it while it is paused. What would have is noted and shown as not run; "
    "what has begun goes on.",
    Switch.ARCHIVE: "It starts nothing any more and is left out of the lists. Its runs are kept, what has begun goes "
    "on, and it can be brought back.",
    Switch.RESTORE: "It is in the lists again, and starts nothing until it is switched on.",
}
_BUTTONS = {
    Switch.ACTIVATE: ("Switch it on", "play", "primary"),
    Switch.PAUSE: ("Pause it", "pause", "primary"),
    Switch.ARCHIVE: ("Archive it", "inbox", "danger"),
    Switch.RESTORE: ("Bring it back", "undo-2", "primary"),
}
DONE = {
    Switch.ACTIVATE: "Switched on.",
    Switch.PAUSE: "Paused.",
    Switch.ARCHIVE: "Archived.",
    Switch.RESTORE: "Brought back. It starts nothing until you switch it on.",
}


@dataclass(frozen=True, kw_only=True)
class SwitchPage:
    """What will happen, what may be said about it, and the button."""

    title: str
    sentence: str
    name: str
    back: str
    action: str
    way: str
    rev: int
    button: tuple[str, str, str]  # words, icon, tone
    asks_why: bool
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field."""
        return tuple(self.errors.items())


def switch_page(
    workflow: Workflow, way: Switch, *, reason: str = "", errors: Mapping[str, str] | None = None
) -> SwitchPage:
    """Put together the page; `reason` is what was typed."""
    post = "delete_now" if way is Switch.ARCHIVE else "toggle_now"
    return SwitchPage(
        title=_TITLES[way].format(name=workflow.name),
        sentence=_SENTENCES[way],
        name=workflow.name,
        back=url_for("workflows.show_workflow", workflow_id=workflow.id),
        action=url_for(f"workflow_switching.{post}", workflow_id=workflow.id),
        way=way,
        rev=workflow.rev,
        button=_BUTTONS[way],
        asks_why=way is Switch.PAUSE,
        reason=reason,
        errors=errors or {},
    )
