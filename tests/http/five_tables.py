"""What each form is sent, and where one of the five questions makes no sense, and why, of all pages together."""

from __future__ import annotations

from collections.abc import Mapping

from tests.http.tables import duties, eligibility, exchange, first, hours, personal_data, planning, presence, training
from tests.http.tables.tables import joined

_SUBJECTS = (duties, eligibility, exchange, first, hours, personal_data, planning, presence, training)
_ALL = joined(*(each.TABLES for each in _SUBJECTS))

SENT, ABOUT, SENDER, WRONG, NOT_KEPT = _ALL.sent, _ALL.about, _ALL.sender, _ALL.wrong, _ALL.not_kept
REFUSED, FOR_ALL_ROLES, NO_OUTSIDER = _ALL.refused, _ALL.for_all_roles, _ALL.no_outsider
ELSEWHERE, WORKS_ELSEWHERE, OPEN_TO_ALL = _ALL.elsewhere, _ALL.works_elsewhere, _ALL.open_to_all
NOTHING_TO_TYPE = _ALL.nothing_to_type
TABLES: tuple[Mapping[str, object], ...] = (
    *(SENT, ABOUT, SENDER, WRONG, REFUSED, FOR_ALL_ROLES),
    *(ELSEWHERE, WORKS_ELSEWHERE, OPEN_TO_ALL, NO_OUTSIDER, NOTHING_TO_TYPE),
)
