"""Writes a calendar as RFC 5545 has it, the same text for the same entries, so that its digest says what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flowapp.rota.feed.entries import Entry

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//FlowApp//Rota//EN"
LOOK_AGAIN = timedelta(hours=1)
ZONES_FOR = timedelta(days=730)  # on either side, so that each program finds both changes of the clocks


def calendar_text(entries: Iterable[Entry], *, name: str, host: str, now: datetime) -> bytes:
    """Write the entries of one person; `host` makes their ids unique in the world."""
    from icalendar import Calendar  # takes longer to load than a calendar to write, and few ask for one

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, host))
    # Whole years, so that the text stays as it is from day to day.
    first = (now - ZONES_FOR).date().replace(month=1, day=1)
    last = (now + ZONES_FOR).date().replace(month=12, day=31)
    calendar.add_missing_timezones(first, last)
    text: bytes = calendar.to_ical()
    return text


def _event(entry: Entry, host: str) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    # The moment of the change and not of this answer: the text must stay the same while nothing changes.
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.version)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    event.add("class", "PRIVATE")
    if entry.place:
        event.add("location", entry.place)
    if entry.text:
        event.add("description", entry.text)
    return event
