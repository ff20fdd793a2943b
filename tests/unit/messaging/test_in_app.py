"""Notifications inside FlowApp."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flowapp.events.cause import Actor, ActorKind, Cause
from flowapp.kernel.db import Database
from flowapp.kernel.errors import NotFound, Refused
from flowapp.messaging import in_app
from flowapp.messaging.in_app import Notification, notify

MAYA, DAN = 1, 2


def told(database: Database, cause: Cause, *user_ids: int, **given: Any) -> list[int]:
    text = {"title": "Leave approved", "message": "Two days in March.", "link": "/leave/12/"} | given
    return database.write(lambda session: notify(session, cause, user_ids, **text))


def inbox(database: Database, user_id: int, **given: Any) -> list[Notification]:
    with database.read() as session:
        return in_app.latest(session, user_id, **({"limit": 50} | given))


def test_each_person_is_told_once(database: Database, cause: Cause) -> None:
    ids = told(database, cause, DAN, MAYA, DAN)
    assert [inbox(database, user)[0].id for user in (DAN, MAYA)] == ids
    assert len(inbox(database, DAN)) == 1


def test_a_notification_keeps_what_was_said_and_which_step_said_it(database: Database, cause: Cause) -> None:
    run = Actor(kind=ActorKind.WORKFLOW, id=4, name="Short leave", execution_id=12, step="short.tell")
    told(database, cause.by(run), MAYA, care_home_id=3)
    kept = inbox(database, MAYA)[0]
    assert (kept.title, kept.message, kept.link, kept.care_home_id) == (
        "Leave approved",
        "Two days in March.",
        "/leave/12/",
        3,
    )
    assert (kept.execution_id, kept.step_path, kept.created_at, kept.read_at) == (
        12,
        "short.tell",
        cause.at,
        None,
    )


def test_telling_nobody_does_nothing(database: Database, cause: Cause) -> None:
    assert told(database, cause) == []


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/",
        "//evil.example/",  # browsers go to another server
        "/\\evil.example/",  # so they do here
        "javascript:alert(1)",
        "leave/12/",
        "/leave/\n12/",
        "/" + "x" * 300,
    ],
)
def test_a_link_leads_to_a_page_of_flowapp(database: Database, cause: Cause, link: str) -> None:
    with pytest.raises(Refused, match="page of FlowApp"):
        told(database, cause, MAYA, link=link)


def test_a_notification_needs_no_link(database: Database, cause: Cause) -> None:
    told(database, cause, MAYA, link=None)
    told(database, cause, MAYA, link="")
    assert [each.link for each in inbox(database, MAYA)] == [None, None]


@pytest.mark.parametrize("given", [{"title": "a\nb"}, {"title": "x" * 121}, {"message": "a\x00b"}, {"message": ""}])
def test_text_that_cannot_be_shown_is_refused(database: Database, cause: Cause, given: dict[str, str]) -> None:
    with pytest.raises(Refused):
        told(database, cause, MAYA, **given)
    assert inbox(database, MAYA) == []


def test_the_newest_comes_first_and_pages_go_back(database: Database, cause: Cause) -> None:
    for n in range(5):
        told(database, cause, MAYA, title=f"No. {n}")
    first = inbox(database, MAYA, limit=2)
    assert [each.title for each in first] == ["No. 4", "No. 3"]
    assert [each.title for each in inbox(database, MAYA, limit=2, before=first[-1].id)] == ["No. 2", "No. 1"]


def test_reading_counts_down_for_oneself_only(database: Database, cause: Cause) -> None:
    first, second, his = (
        *told(database, cause, MAYA),
        *told(database, cause, MAYA),
        *told(database, cause, DAN),
    )

    def unread() -> tuple[int, int]:
        with database.read() as session:
            return in_app.unread_count(session, MAYA), in_app.unread_count(session, DAN)

    assert unread() == (2, 1)
    later = cause.at + timedelta(minutes=5)
    database.write(lambda session: in_app.mark_read(session, MAYA, first, later))
    assert unread() == (1, 1)
    with pytest.raises(NotFound):
        database.write(lambda session: in_app.mark_read(session, MAYA, his, later))
    assert unread() == (1, 1)
    database.write(lambda session: in_app.mark_all_read(session, MAYA, later + timedelta(minutes=5)))
    assert unread() == (0, 1)
    read_at = {each.id: each.read_at for each in inbox(database, MAYA)}
    assert read_at == {first: later, second: later + timedelta(minutes=5)}


def test_reading_again_does_not_change_when_it_was_read(database: Database, cause: Cause) -> None:
    told(database, cause, MAYA)
    for minutes in (1, 2):
        at = cause.at + timedelta(minutes=minutes)
        database.write(lambda session, at=at: in_app.mark_read(session, MAYA, 1, at))
    assert inbox(database, MAYA)[0].read_at == cause.at + timedelta(minutes=1)
