"""What the actions that decide leave give to later steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from flowapp.kernel.errors import NotFound
from flowapp.rota.leave import OpenRequest
from flowapp.workflows.kinds import ActionOutput, Run


class DecidedLeave(ActionOutput):
    """A leave request as it was decided."""

    leave_request_id: int = Field(description="The number of the leave request")
    staff_id: int = Field(description="Whose leave it is")
    status: str = Field(description="approved or rejected")
    type: str = Field(description="The type of leave, such as ANNUAL")
    start_date: date = Field(description="The first day")
    end_date: date = Field(description="The last day")
    hours: Decimal = Field(description="The hours it takes")
    decided_at: datetime = Field(description="When it was decided")


@contextmanager
def one_leave_request(leave_request_id: int) -> Iterator[None]:
    """Say which leave request it is that does not exist, or that the workflow's owner may not see."""
    try:
        yield
    except NotFound as error:
        raise NotFound(f"There is no leave request number {leave_request_id}.") from error


def decided_leave(found: OpenRequest, run: Run) -> DecidedLeave:
    """Answer a leave request as this step has decided it."""
    return DecidedLeave(
        leave_request_id=found.id,
        staff_id=found.staff_id,
        status=found.status.value,
        type=found.type,
        start_date=found.start_date,
        end_date=found.end_date,
        hours=found.hours,
        decided_at=run.now,
    )
