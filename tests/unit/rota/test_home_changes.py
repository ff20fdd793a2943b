"""What a home is called, where it is and when its year begins: what makes sense, and how it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from flowapp.bootstrap import Flow
from flowapp.kernel.errors import Conflict
from flowapp.rota import home_changes, staff_changes
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.home_changes import HomeDetails, wrong_details
from flowapp.rota.homes import home
from flowapp.rota.staff import member
from tests.cast import Cast
from tests.factories import cause_of

ROSE = HomeDetails(code="ROSE", name="Rose House", nation=Nation.SCOTLAND, timezone="Europe/London")


def test_the_code_is_kept_in_capitals_and_words_without_blanks_around_them() -> None:
    details = replace(ROSE, code=" rose ", name="  Rose   House ")
    assert details == ROSE
    assert not [*wrong_details(details)]


@pytest.mark.parametrize(
    "given",
    [
        {"code": "R2"},
        {"code": "2R"},
        {"code": "ABCDEFGH"},
        {"timezone": "Atlantic/Stanley"},
        {"leave_year_start": "02-28"},
        {"leave_year_start": "12-31"},
        {"name": "Taigh Ròs"},
    ],
)
def test_what_makes_sense_is_let_be(given: dict[str, Any]) -> None:
    assert not [*wrong_details(replace(ROSE, **given))]


def test_a_change_made_since_it_was_read_is_not_lost(flow: Flow, cast: Cast) -> None:
    """Another process may write between the reading and the writing where the database lets it."""
    cause = cause_of(cast.ada, flow.clock.now())

    def homes(session: Any) -> None:
        read = home(session, cast.rose)
        session.execute(text("UPDATE care_home SET version = 2"))
        assert read.version == 1
        home_changes.change(session, cause, cast.ada, cast.rose, name="Rose Court")

    def people(session: Any) -> None:
        assert cast.dan.staff_id is not None
        read = member(session, cast.dan.staff_id)
        session.execute(text("UPDATE staff SET version = 2"))
        assert read.version == 1
        staff_changes.change(session, cause, cast.ada, cast.dan.staff_id, name="Daniel")

    for write in (homes, people):
        with pytest.raises(Conflict):
            flow.database.write(write)
