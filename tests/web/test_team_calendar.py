"""The team calendar: who is away, and who may see it."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.kernel.errors import Refused
from flowapp.rota.leave import LeaveStatus
from flowapp.rota.leave_decisions import approve, take_back
from flowapp.rota.leave_period import LeavePeriod
from flowapp.web.leave.calendar_month import Month, read_month
from flowapp.web.leave.calendar_spans import Away, stretches
from tests.cast import Cast
from tests.factories import a_member, cause_of, leave_asked
from tests.support.page import PageClient
from tests.support.visitors import sign_in


def linked(page: PageClient, words: str) -> str:
    """Answer where a link leads."""
    return str(next(link["href"] for link in page.soup.find_all("a") if link.get_text(strip=True) == words))


def row_of(page: PageClient, name: str) -> list[tuple[int, str]]:
    """Answer the leave in somebody's row: how many days each, and the words for those who listen."""
    row = next(row for row in page.soup.select(".calendar tbody tr") if row.th.get_text(strip=True) == name)
    cells = [(int(cell.get("colspan", 1)), cell) for cell in row.find_all("td")]
    assert sum(days for days, _ in cells) == len(page.soup.select(".calendar thead th")) - 1
    return [(days, cell.select_one(".visually-hidden").get_text()) for days, cell in cells if cell.a]


def away_on(page: PageClient, day: int) -> str:
    """Answer what the last row says of a day, for those who listen."""
    return page.soup.select(".calendar tfoot td")[day - 1].select_one(".visually-hidden").get_text()


def header(page: PageClient, day: int) -> str:
    """Answer what the head of a day's column says to those who listen."""
    return page.soup.select(".calendar thead th")[day].select_one(".visually-hidden").get_text()


def test_a_manager_sees_requested_and_approved_leave_as_spans(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    approved = leave_asked(flow, cast.dan, start=date(2026, 12, 7), end=date(2026, 12, 11))
    cause = cause_of(cast.maya, flow.clock.now())
    flow.database.write(lambda session: approve(session, cause, cast.maya, approved))
    leave_asked(flow, cast.sorcha, start=date(2026, 12, 8), part="am")

    as_maya.get("/leave/calendar/?month=2026-12&home=ROSE")
    assert row_of(as_maya, "Dan") == [(5, "Approved, annual leave, 7 to 11 December 2026")]
    assert row_of(as_maya, "Sorcha") == [(1, "Asked for, annual leave, 8 December 2026, morning")]
    assert row_of(as_maya, "Maya") == []
    assert [away_on(as_maya, day) for day in (6, 7, 8)] == ["Nobody away", "1 person away", "2 people away"]
    assert "2 people are away at some time, or asked to be." in as_maya.text
    assert as_maya.soup.select_one(f'.calendar a[href="/leave/{approved}/"] use[href$="#check"]')


def test_leave_over_the_months_end_is_drawn_in_both_months(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan, start=date(2026, 12, 30), end=date(2027, 1, 5))
    as_maya.get("/leave/calendar/?month=2026-12")
    assert row_of(as_maya, "Dan")[0][0] == 2
    as_maya.get(linked(as_maya, "January 2027"))
    assert as_maya.soup.h1.get_text() == "Team calendar, January 2027"
    assert row_of(as_maya, "Dan")[0][0] == 5
    as_maya.get(linked(as_maya, "December 2026"))
    assert as_maya.soup.h1.get_text() == "Team calendar, December 2026"


def test_leave_that_was_taken_back_is_not_shown(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    asked = leave_asked(flow, cast.dan)
    cause = cause_of(cast.dan, flow.clock.now())
    flow.database.write(lambda session: take_back(session, cause, cast.dan, asked))
    as_maya.get("/leave/calendar/?month=2026-12")
    assert row_of(as_maya, "Dan") == []
    assert away_on(as_maya, 7) == "Nobody away"


def test_bank_holidays_of_the_nation_weekends_and_today_are_marked(as_maya: PageClient) -> None:
    as_maya.get("/leave/calendar/")
    assert as_maya.soup.h1.get_text() == "Team calendar, November 2026"
    assert header(as_maya, 23) == "Monday 23 November, today"
    assert header(as_maya, 30) == "Monday 30 November, Saint Andrew's Day"  # kept in Scotland only
    columns = as_maya.soup.select(".calendar thead th")
    assert "calendar__day--weekend" in columns[28]["class"]
    assert "calendar__day--holiday" in columns[30]["class"]


def test_a_carer_sees_their_own_row_and_how_many_are_away(as_dan: PageClient, flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan)
    hidden = leave_asked(flow, cast.sorcha)
    as_dan.get("/leave/calendar/?month=2026-12")
    assert row_of(as_dan, "Dan")
    assert away_on(as_dan, 7) == "2 people away"
    html = str(as_dan.soup.main)
    assert "Sorcha" not in html
    assert f"/leave/{hidden}/" not in html
    as_dan.get("/leave/calendar/?home=ELM", status=404)


def test_the_day_list_for_phones_says_the_same(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    leave_asked(flow, cast.dan, part="pm")
    as_maya.get("/leave/calendar/?month=2026-12")
    days = {day.h2.get_text(strip=True): " ".join(day.get_text(" ").split()) for day in as_maya.soup.select("section")}
    assert days["Monday 7 December"] == "Monday 7 December 1 person away Dan Afternoon Asked for"
    assert days["Friday 25 December"] == "Friday 25 December Nobody away Christmas Day"
    assert "Tuesday 8 December" not in days


def test_somebody_with_several_homes_chooses_one(app: Flask, flow: Flow, cast: Cast) -> None:
    hana = sign_in(app, flow, cast.hana)
    hana.get("/leave/calendar/?month=2026-12&home=ELM")
    assert row_of(hana, "Vic") == []
    assert hana.soup.select_one('select[name=home] option[value="ELM"]').has_attr("selected")


def test_an_outsider_gets_404_as_for_a_home_that_does_not_exist(as_vic: PageClient) -> None:
    as_vic.get("/leave/calendar/?home=ROSE", status=404)
    as_vic.get("/leave/calendar/?home=NONE", status=404)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(page: PageClient) -> None:
    assert "/sign-in" in page.get("/leave/calendar/", status=303).location


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "December", "1800-01", "2101-01", "٢٠٢٦-12"])
def test_a_month_that_makes_no_sense_is_told_so_beside_the_field(as_maya: PageClient, month: str) -> None:
    as_maya.get(f"/leave/calendar/?month={month}", status=422)
    words = "Write the month as year and month, such as 2026-12, between 1990 and 2100."
    assert as_maya.soup.select_one("#month-error").get_text(strip=True) == words
    assert as_maya.soup.h1.get_text() == "Team calendar, November 2026"


def test_people_appear_only_while_they_work_here(as_maya: PageClient, flow: Flow, cast: Cast) -> None:
    as_maya.get("/leave/calendar/?month=2023-12")  # everybody began in January 2024
    assert "Nobody works here in this month" in as_maya.text


def test_the_calendar_ends_where_dates_end() -> None:
    assert Month(2100, 12).after is None
    assert Month(1990, 1).before is None
    assert Month(2026, 12).after == Month(2027, 1)
    assert Month(2027, 1).before == Month(2026, 12)
    assert read_month("2028-02").last == date(2028, 2, 29)
    with pytest.raises(Refused):
        read_month("2101-01")


def away(number: int, start: date, end: date, **parts: str) -> Away:
    """Make leave of nobody in particular."""
    period = LeavePeriod.of(start=start, end=end, **parts)
    return Away(
        leave_id=number, staff_id=1, name="Dan", type="Annual leave", status=LeaveStatus.APPROVED, period=period
    )


def test_two_halves_of_a_day_by_two_requests_share_its_cell() -> None:
    first = away(1, date(2026, 12, 1), date(2026, 12, 3), end_part="am")
    second = away(2, date(2026, 12, 3), date(2026, 12, 4), start_part="pm")
    found = stretches(Month(2026, 12).days[:5], [first, second])
    assert [(len(each.days), [leave.leave_id for leave in each.leave]) for each in found] == [
        (2, [1]), (1, [1, 2]), (1, [2]), (1, []),
    ]  # fmt: skip
    assert first.words.endswith("until midday of the last day")
    assert second.words.endswith("from midday of the first day")
    assert (first.part_on(date(2026, 12, 3)), first.part_on(date(2026, 12, 2))) == ("morning", "")


def test_a_home_without_leave_says_so(as_vic: PageClient, flow: Flow, cast: Cast) -> None:
    def write(session: Session) -> None:
        a_member(session, flow.clock.now(), name="Gus", home_id=cast.elm)

    flow.database.write(write)
    as_vic.get("/leave/calendar/?month=2027-02")
    assert "Elm House. Nobody is away, and nobody has asked to be." in as_vic.text
    assert "Nobody is away in February 2027" in as_vic.text
