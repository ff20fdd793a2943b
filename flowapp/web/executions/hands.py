"""What a reader can do with a run: the buttons, and the words beside them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.bootstrap import Flow
from flowapp.engine.people.choices import Choices, choices
from flowapp.engine.queries import ExecutionDetail
from flowapp.kernel.ids import new_token
from flowapp.workflows.sentences import plain_words, step_sentence
from flowapp.workflows.steps.workflow import Names
from flowapp.workflows.workflow import Workflow, version

RETRY_STEP = "Retrying the step does nothing again that is done already; from the start, everything is done again."


@dataclass(frozen=True, kw_only=True)
class StepInHand:
    """A step about which a person can do something."""

    path: str
    sentence: str
    skip_url: str


@dataclass(frozen=True, kw_only=True)
class Hands:
    """What can be done with a run; an address that is empty is no choice."""

    nonce: str
    retry_url: str
    retry_step: bool
    why_not: str
    retry_start: bool
    newer_version: int | None
    failed: StepInHand | None
    in_doubt: tuple[StepInHand, ...]
    waiting: tuple[StepInHand, ...]
    cancel_url: str
    give_up_url: str
    was_done_url: str
    do_again_url: str

    @property
    def words(self) -> str:
        """Say what trying again does, or why the step that failed cannot be tried again."""
        return RETRY_STEP if self.retry_step else self.why_not

    @property
    def is_over(self) -> bool:
        """Whether the run stopped, and can be taken up again."""
        return self.retry_step or self.retry_start or bool(self.give_up_url) or self.failed is not None


def hands(session: Session, person: Person, flow: Flow, found: ExecutionDetail, names: Names) -> Hands | None:
    """Answer what somebody can do with a run; None where they may do nothing, or nothing is left to do."""
    execution_id = found.execution.id
    if not can(person, "execution.manage", On(home_id=found.execution.home_id)):
        return None
    offered = choices(flow.parts, session, execution_id)
    if offered == Choices():
        return None

    def url(name: str) -> str:
        return url_for(f"run_changes.{name}", execution_id=execution_id)

    def steps(*paths: str) -> tuple[StepInHand, ...]:
        return tuple(step_in_hand(found, flow, path, names) for path in paths)

    return Hands(
        nonce=new_token(),
        retry_url=url("retry"),
        retry_step=offered.retry_step,
        why_not=offered.why_not if offered.retry_start else "",
        retry_start=offered.retry_start,
        newer_version=_newer_version(session, found),
        failed=next(iter(steps(offered.skip)), None) if offered.skip else None,
        in_doubt=steps(*offered.in_doubt),
        waiting=steps(*offered.waiting),
        cancel_url=url("ask_to_cancel") if offered.cancel else "",
        give_up_url=url("give_up") if offered.give_up else "",
        was_done_url=url("was_done"),
        do_again_url=url("do_again"),
    )


def step_in_hand(found: ExecutionDetail, flow: Flow, path: str, names: Names) -> StepInHand:
    """Put a step into words; raises StopIteration for a path at which none is."""
    step = next(row.step for row in found.steps if row.path == path)
    return StepInHand(
        path=path,
        sentence=plain_words(step_sentence(step, flow.actions, names)),
        skip_url=url_for("run_changes.ask_to_skip", execution_id=found.execution.id, path=path),
    )


def _newer_version(session: Session, found: ExecutionDetail) -> int | None:
    """Answer the published version when it is another than the one that ran."""
    workflow = session.get(Workflow, found.execution.workflow_id)
    current = workflow.current_version if workflow else None
    if workflow is None or current is None or current == found.version:
        return None
    return version(session, workflow.id, current).number
