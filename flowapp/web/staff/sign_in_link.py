"""What a member of staff's page says about their sign-in, and the page that shows a new link once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.accounts.sign_in_links import HOLDS_FOR
from flowapp.accounts.users import User
from flowapp.rota.staff import Staff
from flowapp.web.filters import exact


@dataclass(frozen=True, kw_only=True)
class SignInPart:
    """How somebody stands with signing in; `url` is empty where a link would not help."""

    sentence: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class MadeLinkPage:
    """A link that was just made; it is shown this once."""

    name: str
    link: str
    until: str
    back: str


def account_of(session: Session, member: Staff) -> User | None:
    """Answer the account of a member of staff, closed or not."""
    return session.scalars(select(User).where(User.staff_id == member.id)).one_or_none()


def sign_in_part(session: Session, person: Person, member: Staff) -> SignInPart | None:
    """Put together what whoever looks after accounts is told, and nothing for others."""
    if not can(person, "account.manage", On(home_id=member.home_id, staff_id=member.id)):
        return None
    account = account_of(session, member)
    if account is None:
        return SignInPart(sentence=f"{member.name} has no account, and does not sign in to FlowApp.")
    if not account.is_active:
        return SignInPart(sentence="The account is closed.")
    url = url_for("staff.make_sign_in_link", staff_id=member.id)
    if account.password_hash:
        sentence = f"If {member.name} has forgotten the password, a link helps to choose another."
        return SignInPart(sentence=f"{sentence} Until then the old one works.", url=url)
    return SignInPart(
        sentence=f"{member.name} cannot sign in yet. A link lets them choose a password, and signs them in.", url=url
    )


def made_link_page(member: Staff, link: str, *, now: datetime, zone: tzinfo) -> MadeLinkPage:
    """Put together the page that shows a new link."""
    back = url_for("staff.show_member", staff_id=member.id)
    return MadeLinkPage(name=member.name, link=link, until=exact(now + HOLDS_FOR, zone=zone), back=back)
