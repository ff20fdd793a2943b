"""Trying a condition on what happened: as text and as rows, with and without htmx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.accounts.roles import Role
from flowapp.accounts.users import UserHome, create_user, person_of
from flowapp.bootstrap import Flow
from flowapp.events.cause import SYSTEM, Cause
from flowapp.events.outbox import EventRecord, record
from tests.cast import Cast
from tests.factories import leave_asked, leave_event
from tests.support.page import PageClient
from tests.support.visitors import sign_in

URL = "/workflows/expressions/"
WHY = "A knee operation"


def form_of(page: PageClient) -> dict[str, str]:
    """Read the form as a browser would send it."""
    form = page.soup.select_one("#attempt form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]:not([type=radio])")}
    sent |= {box["name"]: box["value"] for box in form.select("input[type=radio][checked]")}
    sent |= {box["name"]: box.get_text().removeprefix("\n") for box in form.select("textarea")}
    for select in form.select("select"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        sent[select["name"]] = chosen["value"]
    return sent


def press(page: PageClient, button: str, typed: Mapping[str, str] | None = None, **given: Any) -> None:
    """Press a button of the form by its words, as a browser without JavaScript does."""
    sent = form_of(page) | dict(typed or {})
    form = page.soup.select_one("#attempt form")
    found = [each for each in form.select("button") if button in (each.get_text(strip=True), each.get("aria-label"))]
    assert found, f"there is no button {button!r}"
    page.post(form["action"], sent | {found[0]["name"]: found[0]["value"]}, status=200, **given)


def said(page: PageClient) -> str:
    """Answer what is said about the condition."""
    return " ".join(page.soup.select_one(".expression__answer").get_text(" ").split())


def value_of(page: PageClient, name: str) -> str:
    """Answer the value that stands beside a name."""
    beside = {
        one.select_one("dt").get_text(strip=True): one.select_one("dd").get_text(strip=True)
        for one in page.soup.select(".names__one")
    }
    return beside[name]


def try_text(page: PageClient, text: str, event: str = "leave_requested", **given: Any) -> None:
    """Send a condition as text."""
    page.get(URL)
    page.post(URL, {"event": event, "condition-way": "text", "condition": text}, status=200, **given)


def asked_with(flow: Flow, cast: Cast, **facts: str) -> None:
    """Let Dan ask for a day of leave, and write these facts about it into the event."""
    leave_asked(flow, cast.dan)

    def write(session: Session) -> None:
        found = session.query(EventRecord).filter_by(type="leave_requested").one()
        context = found.context | {"leave": found.context["leave"] | facts}
        session.execute(update(EventRecord).values(context=context))

    flow.database.write(write)


def test_it_says_what_a_condition_means_and_what_it_gives_on_the_latest_event(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    leave_asked(flow, cast.dan)
    as_maya.get("/workflows/")
    assert as_maya.soup.select_one(f'a[href="{URL}"]').get_text(strip=True) == "Try a condition"
    try_text(as_maya, "${context.days} <= 3")
    assert said(as_maya) == "Days requested is 3 or fewer. Yes Days requested was 1, which is 3 or fewer."
    assert "latest one in your homes: Monday 23 November 2026, 09:00" in as_maya.text
    try_text(as_maya, "context.days > 3")
    assert "No Days requested was 1; it must be more than 3, so no." in said(as_maya)


def test_the_names_stand_beside_it_with_their_descriptions_and_real_values(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    leave_asked(flow, cast.dan)
    as_maya.get(URL)
    assert value_of(as_maya, "context.staff.name") == "Dan"
    assert value_of(as_maya, "context.leave.start") == "7 December 2026, written 2026-12-07"
    assert value_of(as_maya, "context.leave.start_part") == "all"  # as a condition has to ask for it
    assert value_of(as_maya, "context.clash_shifts") == "an empty list"
    assert "Days from the request to the first day of leave" in as_maya.text


def test_every_kind_of_event_can_be_chosen_and_needs_not_have_happened(as_maya: PageClient) -> None:
    as_maya.get(URL)
    events = [option["value"] for option in as_maya.soup.select("#event option")]
    assert "leave_requested" in events
    for event in events:
        as_maya.get(f"{URL}?event={event}&condition=context.user.role+%3D%3D+%22Manager%22")
        assert as_maya.soup.select_one("#event option[selected]")["value"] == event
        assert "the values are made up" in as_maya.text
        assert value_of(as_maya, "context.user.role") == "Manager"
        assert "Yes The role of who asked was" in said(as_maya)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("context.dyas <= 3", 'context has no "dyas"; did you mean "days"? Here: context. dyas <= 3'),
        ("context.days <=", "Here: context.days <="),
        ('context.days < "3"', "You cannot compare a number with text."),
        ("context.days", "This condition gives a number, not yes or no."),
        ("secrets.key == 1", "A secret can be used only in a field made for secrets"),
        ("context.days <= 3 and\ncontext.leave.start == lowr(1)", "Line 2"),
        ("context.balance_after >= 0", "may be null"),  # only a warning
        ("context.days <= 1 / 0", "divide"),  # known only when it is worked out
    ],
)
def test_what_is_wrong_is_told_with_its_place(as_maya: PageClient, text: str, words: str) -> None:
    try_text(as_maya, text)
    assert words.lower() in said(as_maya).lower()
    assert form_of(as_maya)["condition"] == text


def test_what_has_to_be_mended_first_is_not_worked_out(as_maya: PageClient) -> None:
    try_text(as_maya, "context.days <= 3 or context.dyas")
    assert as_maya.soup.select_one(".notice--bad") is not None
    assert as_maya.soup.select_one(".expression__outcome") is None


@pytest.mark.parametrize("way", ["text", "rows"])
def test_nothing_typed_is_no_mistake(as_maya: PageClient, way: str) -> None:
    as_maya.get(URL)
    as_maya.post(URL, {"event": "leave_requested", "condition-way": way}, status=200)
    assert as_maya.soup.select_one(".field__error") is None
    assert as_maya.soup.select_one(".notice") is None
    assert "this place tells you" in said(as_maya)


def test_a_condition_is_made_of_rows_without_typing_it_and_without_javascript(as_maya: PageClient) -> None:
    as_maya.get(URL)
    press(as_maya, "Check it", {"condition-1-field": "context.days"})
    assert "fill in every row" in said(as_maya)
    press(as_maya, "Check it", {"condition-1-comparison": "at_most", "condition-1-value": "3"})
    assert "Days requested is 3 or fewer." in said(as_maya)
    press(as_maya, "Add a row")
    assert as_maya.soup.select_one("#condition-2-field").has_attr("autofocus")
    press(as_maya, "Check it", {"condition-2-field": "context.overlaps_leave"})
    assert "As text: context.days <= 3 and context.overlaps_leave" in said(as_maya)
    press(as_maya, "Check it", {"condition-joined": "or", "condition-2-comparison": "no"})
    assert "As text: context.days <= 3 or not context.overlaps_leave" in said(as_maya)
    press(as_maya, "Remove row 1")
    assert "As text: not context.overlaps_leave" in said(as_maya)
    assert as_maya.soup.select_one("#condition-add").has_attr("autofocus")


def test_switching_between_rows_and_text_keeps_the_condition(as_maya: PageClient) -> None:
    text = 'context.days <= 2.5 or context.leave_type in ["ANNUAL", "STUDY"] or context.leave.start > "2026-12-01"'
    try_text(as_maya, text)
    press(as_maya, "Rows")
    assert len(as_maya.soup.select(".expression__row")) == 3
    assert as_maya.soup.select_one("[name=condition-2-value]")["value"] == "ANNUAL, STUDY"
    assert as_maya.soup.select_one("[name=condition-3-value]")["type"] == "date"
    press(as_maya, "Text")
    assert form_of(as_maya)["condition"] == text


def test_a_text_that_does_not_fit_rows_stays_text_and_says_so(as_maya: PageClient) -> None:
    text = "context.days <= 3 and (context.overlaps_leave or context.estimated)"
    try_text(as_maya, text)
    press(as_maya, "Rows")
    assert form_of(as_maya)["condition"] == text
    assert "does not fit into rows, so it is shown as text" in as_maya.text
    as_maya.get(URL, query_string={"condition": text})
    assert "does not fit into rows, so it is shown as text" in as_maya.text
    try_text(as_maya, "context.days <=")
    press(as_maya, "Rows")
    assert "Mend the text first" in as_maya.text


def test_rows_that_are_not_finished_are_not_lost_when_text_is_asked_for(as_maya: PageClient) -> None:
    as_maya.get(URL)
    press(as_maya, "Text", {"condition-1-field": "context.days"})
    assert "A row is not finished" in as_maya.text
    assert form_of(as_maya)["condition-1-field"] == "context.days"
    as_maya.get(URL)
    press(as_maya, "Text")  # nothing begun, nothing to lose
    assert form_of(as_maya)["condition"] == ""


def test_a_value_of_another_kind_is_told_at_its_row(as_maya: PageClient) -> None:
    as_maya.get(URL)
    press(as_maya, "Check it", {"condition-1-field": "context.days"})
    press(as_maya, "Check it", {"condition-1-value": "three"})
    wrong = as_maya.soup.select_one("[name=condition-1-value]")
    assert (wrong["value"], wrong["aria-invalid"]) == ("three", "true")
    assert "Enter a number in digits" in as_maya.soup.find(id=wrong["aria-describedby"]).get_text()


def test_another_event_keeps_the_rows_and_says_which_names_it_has_not(as_maya: PageClient) -> None:
    as_maya.get(URL, query_string={"condition": "context.days <= 3 and context.care_home_id == 1"})
    press(as_maya, "Show its names", {"event": "shift_created"})
    assert "There is no “context.days” here. Choose another field." in as_maya.text
    assert value_of(as_maya, "context.shift_type") != ""
    assert form_of(as_maya)["condition-1-value"] == "3"
    press(as_maya, "Show its names", {"event": "leave_requested"})
    assert "As text: context.days <= 3 and context.care_home_id == 1" in said(as_maya)


def test_htmx_gets_the_field_alone_and_everything_when_the_event_changes(as_maya: PageClient) -> None:
    htmx = {"headers": {"HX-Request": "true"}}
    as_maya.get(URL)
    asked = as_maya.soup.select_one(".expression")
    assert (asked["hx-post"], asked["hx-target"], asked["hx-sync"]) == (URL, "#condition-field", "this:replace")
    try_text(as_maya, "context.days <= 3", **htmx)
    assert as_maya.soup.select_one("#condition-field") is not None
    assert as_maya.soup.select_one("form") is None
    as_maya.get(URL)
    address = as_maya.soup.select_one("#event")["hx-post"]
    as_maya.post(address, {"event": "shift_created"}, **htmx)
    assert value_of(as_maya, "context.shift_type")
    assert as_maya.soup.select_one("h1") is None


def test_the_latest_event_of_ones_own_homes_alone_is_looked_at(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    leave_asked(flow, cast.vic)
    erin = sign_in(app, flow, cast.erin)
    erin.get(URL)
    assert value_of(erin, "context.staff.name") == "Vic"
    try_text(as_maya, 'context.staff.name == "Vic"')
    assert "Vic" not in as_maya.soup.select_one("#names").get_text()
    assert "the values are made up" in as_maya.text
    assert "No The person’s name" in said(as_maya).replace("'", "’")


@pytest.mark.parametrize("name", ["dan", "sorcha", "vic"])
def test_those_who_may_not_see_events_try_on_made_up_values(app: Flask, flow: Flow, cast: Cast, name: str) -> None:
    asked_with(flow, cast, reason=WHY)
    browser = sign_in(app, flow, getattr(cast, name))
    try_text(browser, f'context.leave.reason == "{WHY}" or context.staff.name == "Dan"')
    assert "the values are made up" in browser.text
    assert "No" in said(browser).split()
    assert WHY not in browser.soup.select_one("#names").get_text()


def test_why_somebody_is_off_is_neither_shown_nor_worked_out_for_those_who_may_not_know(
    app: Flask, flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    asked_with(flow, cast, reason=WHY)
    as_maya.get(URL)
    assert value_of(as_maya, "context.leave.reason") == WHY
    ada = sign_in(app, flow, cast.ada)
    try_text(ada, 'starts_with(context.leave.reason, "A knee")')
    assert value_of(ada, "context.leave.reason") == "not shown to you"
    assert value_of(ada, "context.staff.name") == "Dan"
    assert ", so no" in said(ada)
    assert WHY not in ada.text


def test_an_event_with_less_in_it_than_it_should_have_is_told_in_words(
    flow: Flow, cast: Cast, as_maya: PageClient
) -> None:
    event = leave_event(cast.dan, flow.clock.now(), home_id=cast.rose)
    flow.database.write(lambda session: record(session, event))
    try_text(as_maya, "context.embargo.hit")
    assert 'No answer context has no "embargo"' in said(as_maya)
    assert value_of(as_maya, "context.embargo.hit") == "none"


def test_a_date_that_is_none_is_shown_as_it_is(flow: Flow, cast: Cast, as_maya: PageClient) -> None:
    asked_with(flow, cast, start="soon")
    as_maya.get(URL)
    assert value_of(as_maya, "context.leave.start") == "soon"


def test_an_event_that_does_not_exist_is_refused_in_words(as_maya: PageClient) -> None:
    as_maya.get(f"{URL}?event=brew", status=422)
    assert as_maya.soup.select_one('.error-summary a[href="#event"]')
    as_maya.post(URL, {"event": "brew", "condition-way": "text", "condition": "1 == 1"}, status=422)
    assert "There is no such event" in as_maya.text


EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "(" * 600,
    "not " * 600,
    "9" * 5000,
    "a" * 100_000,
    "\x07\ud7ff\n\r\n\t",
    "__import__('os').system('true')",
    "context.__class__",
    "${${context.days}}",
    "{{ 7 * 7 }}",
    "sum(x for x in [1] if any(y for y in context.days))",
    "\N{PILE OF POO}",
)


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_hostile_text_is_only_text(as_maya: PageClient, text: str) -> None:
    try_text(as_maya, text)
    assert "49" not in said(as_maya)
    assert len(form_of(as_maya)["condition"]) <= 4000
    as_maya.get(URL)
    rows = {f"condition-1-{part}": text for part in ("field", "comparison", "value")}
    as_maya.post(URL, {"condition-way": "rows", "condition-do": text[:50], **rows}, status=200)
    rows = {"condition-1-field": "context.leave.reason", "condition-1-comparison": "is", "condition-1-value": text}
    as_maya.post(URL, {"condition-way": "rows", "condition-do": "text", **rows}, status=200)
    assert as_maya.soup.select("img[onerror]") == []


@pytest.mark.parametrize(
    "sent",
    [
        {"condition-way": "sideways", "condition-joined": "xor", "condition-do": "explode"},
        {"condition-way": "rows", "condition-do": "remove-9999999999"},
        {"condition-way": "rows", "condition-99999999999-field": "context.days", "condition-0-field": "x"},
        {"condition-way": "rows", "condition-1-field": "context.days", "condition-1-comparison": "contains"},
        {"condition-way": "rows", "condition-do": "add", **{f"condition-{n}-field": "x" for n in range(1, 60)}},
    ],
)
def test_a_form_that_no_page_sends_is_answered_all_the_same(as_maya: PageClient, sent: dict[str, str]) -> None:
    as_maya.get(URL)
    as_maya.post(URL, sent, status=200)
    assert len(as_maya.soup.select(".expression__row")) <= 20


def test_it_needs_somebody_who_may_see_workflows(app: Flask, flow: Flow, cast: Cast, page: PageClient) -> None:
    assert "/sign-in" in page.get(URL, status=303).location
    cause = Cause(actor=SYSTEM, at=flow.clock.now())

    def add_nobody(session: Session) -> Person:
        made = create_user(
            session, cause, email="nobody@example.org", name="Nobody", role=Role.STAFF, home_ids=[cast.rose]
        )
        session.execute(delete(UserHome).where(UserHome.user_id == made))
        return person_of(session, made)

    nobody = sign_in(app, flow, flow.database.write(add_nobody))
    nobody.get("/account")
    nobody.get(URL, status=403)
    nobody.post(URL, {"condition": "1 == 1"}, status=403)
