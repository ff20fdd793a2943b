"""Numbers of new rows go on after the last one, also where its row is gone."""

from __future__ import annotations

from flowapp.bootstrap import Flow
from flowapp.kernel.numbering import count_on, last_given
from tests.cast import Cast
from tests.factories import leave_asked


def test_an_empty_table_begins_with_one_and_others_after_their_last_row(flow: Flow, cast: Cast) -> None:
    flow.database.write(count_on)
    with flow.database.read() as session:
        assert last_given(session)["leave_request"] == 0
        assert last_given(session)["care_home"] == cast.elm
    assert leave_asked(flow, cast.dan) == 1
    with flow.database.read() as session:
        assert last_given(session)["leave_request"] == 1


def test_numbers_that_were_given_before_are_not_given_again(flow: Flow, cast: Cast) -> None:
    flow.database.write(lambda session: count_on(session, {"event": 500}))
    with flow.database.read() as session:
        assert last_given(session)["event"] == 500
    leave_asked(flow, cast.dan)
    with flow.database.read() as session:
        assert last_given(session)["event"] == 501
