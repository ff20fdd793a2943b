"""What is shown of the address of one's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.people import Person
from flowapp.rota.feed.address import made_at
from flowapp.web.filters import exact


@dataclass(frozen=True, kw_only=True)
class CalendarPart:
    """How one's calendar stands; `take_back_url` is empty while there is no address."""

    sentence: str
    make_url: str
    make_word: str
    take_back_url: str


@dataclass(frozen=True, kw_only=True)
class MadeAddressPage:
    """An address that was just made; it is shown this once."""

    address: str
    back: str


def calendar_part(session: Session, person: Person, *, zone: tzinfo) -> CalendarPart | None:
    """Put together what stands on the account page, and nothing for whoever has no shifts."""
    if person.staff_id is None:
        return None
    made = made_at(session, person)
    if made is None:
        return CalendarPart(
            sentence="Your telephone can show your published shifts and your leave. Make an address for it first.",
            make_url=url_for("feed.make"),
            make_word="Make an address",
            take_back_url="",
        )
    return CalendarPart(
        sentence=f"An address was made on {exact(made, zone=zone)}. It is not shown again; if you have lost it, "
        "make a new one. The old one then stops working.",
        make_url=url_for("feed.make"),
        make_word="Make a new address",
        take_back_url=url_for("feed.take_back"),
    )


def made_address_page(address: str) -> MadeAddressPage:
    """Put together the page that shows a new address."""
    return MadeAddressPage(address=address, back=url_for("account.account"))
