"""Which jobs somebody may stand in for: those below theirs, never those above."""

from __future__ import annotations

from flowapp.rota.staff import JobRole

_CARE = (JobRole.CARER, JobRole.CARE_ASSISTANT)
CAN_COVER = {
    JobRole.MANAGER: (JobRole.DEPUTY, JobRole.SENIOR_CARER, *_CARE),
    JobRole.DEPUTY: (JobRole.SENIOR_CARER, *_CARE),
    JobRole.NURSE: (JobRole.SENIOR_CARER, *_CARE),
    JobRole.SENIOR_CARER: _CARE,
    JobRole.CARER: (JobRole.CARE_ASSISTANT,),
}


def can_cover(own: JobRole, needed: JobRole) -> bool:
    """Say whether somebody employed as one may stand in for the other."""
    return needed in CAN_COVER.get(own, ())
