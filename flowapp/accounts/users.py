"""Accounts: who has one, and the person each one stands for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, ForeignKey, String, Table, bindparam, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from flowapp.accounts import audit
from flowapp.accounts.can import can
from flowapp.accounts.mail_address import as_kept
from flowapp.accounts.people import On, Person
from flowapp.accounts.permissions import reach_of
from flowapp.accounts.roles import Reach, Role, role_of
from flowapp.accounts.user_rules import problems_of, sees_all_homes
from flowapp.events.cause import Cause
from flowapp.kernel.columns import Base, Instant
from flowapp.kernel.errors import Problem, Refused
from flowapp.kernel.prepared import Prepared


class User(Base):
    """An account; homes and members of staff lie above, so their numbers are kept without foreign keys."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # in small letters
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))  # empty: cannot sign in with a password
    role: Mapped[str] = mapped_column(String(24))  # text, so that an unknown role is read, and means nothing
    staff_id: Mapped[int | None] = mapped_column(unique=True)
    all_homes: Mapped[bool]
    is_active: Mapped[bool]
    session_version: Mapped[int]  # raised to end every session at once
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class UserHome(Base):
    """A home that an account is responsible for."""

    __tablename__ = "user_home"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    home_id: Mapped[int] = mapped_column(primary_key=True, index=True)


USERS = cast(Table, User.__table__)
USER_HOMES = cast(Table, UserHome.__table__)


def create_user(
    session: Session,
    cause: Cause,
    *,
    email: str,
    name: str,
    role: str,
    home_ids: Iterable[int] = (),
    staff_id: int | None = None,
    all_homes: bool = False,
    password_hash: str = "",
) -> int:
    """Open an account and answer its number; raises Refused with everything that is wrong.

    The password comes hashed, since hashing takes longer than a transaction should stay open. Without one the
    account cannot sign in until `set_password`. HR and administrators always see every home.
    """
    homes, email = frozenset(home_ids), as_kept(email)
    problems = problems_of(email=email, name=name, role=role, home_ids=homes, all_homes=all_homes)
    problems += _taken(session, email=email, staff_id=staff_id)
    if problems:
        raise Refused(problems)
    row = {
        "email": email,
        "name": name.strip(),
        "password_hash": password_hash,
        "role": role,
        "staff_id": staff_id,
        "all_homes": sees_all_homes(role, all_homes),
    }
    return _insert(session, cause, row, sorted(homes))


def _insert(session: Session, cause: Cause, row: dict[str, Any], homes: list[int]) -> int:
    fresh = {"is_active": True, "session_version": 1, "last_seen_at": None, "created_at": cause.at}
    user_id: int = session.execute(insert(USERS).returning(USERS.c.id), row | fresh).scalar_one()
    if homes:
        session.execute(insert(USER_HOMES), [{"user_id": user_id, "home_id": home} for home in homes])
    after = {"email": row["email"], "role": row["role"], "homes": homes, "all_homes": row["all_homes"]}
    audit.write(session, cause, action="account.create", entity="user", entity_id=user_id, after=after)
    return user_id


def _taken(session: Session, *, email: str, staff_id: int | None) -> list[Problem]:
    found = []
    if _exists(session, USERS.c.email == email):
        message = "There is already an account with this email address."
        found.append(Problem(path="email", code="taken", message=message))
    if staff_id is not None and _exists(session, USERS.c.staff_id == staff_id):
        message = "This member of staff already has an account."
        found.append(Problem(path="staff_id", code="taken", message=message))
    return found


def _exists(session: Session, condition: ColumnElement[bool]) -> bool:
    return session.scalar(select(USERS.c.id).where(condition)) is not None


def find_by_email(session: Session, email: str) -> User | None:
    """Answer the account with this address, however it is written."""
    return session.scalars(select(User).where(User.email == as_kept(email))).one_or_none()


def person_of(session: Session, user_id: int) -> Person | None:
    """Answer the person behind an account, active or not; None when there is none, or its role is unknown."""
    return _only(_put_together(_BY_ID.rows(session, user_id=user_id)))


def person_in(rows: Iterable[Iterable[Any]]) -> Person | None:
    """Answer the person in rows of the columns PERSON, one for each home; None when there is none."""
    return _only(_put_together(_Row(*row) for row in rows))


def person_by_email(session: Session, email: str) -> Person | None:
    """Answer the person with an active account under this address."""
    return _only(_people(session, USERS.c.email == as_kept(email), USERS.c.is_active))


def person_of_staff(session: Session, staff_id: int) -> Person | None:
    """Answer the person with an active account that belongs to a member of staff."""
    return _only(_put_together(_BY_STAFF.rows(session, staff_id=staff_id)))


def active_people(session: Session, *, role: Role, home_id: int | None = None) -> list[Person]:
    """Answer everybody with a role who is responsible for a home (None: for any), by name."""
    found = _people(session, USERS.c.is_active, USERS.c.role == role.value)
    return [each for each in found if home_id is None or each.all_homes or home_id in each.home_ids]


def people_with(session: Session, permission: str, on: On | None = None) -> list[Person]:
    """Answer everybody who may do something to `on`: the nearest role first, then by name."""
    roles = [role.value for role in Role if reach_of(role, permission) is not Reach.NONE]
    near = [USERS.c.is_active, USERS.c.role.in_(roles)]
    if on is not None and on.home_id is not None:
        responsible = select(USER_HOMES.c.user_id).where(USER_HOMES.c.home_id == on.home_id)
        own = USERS.c.staff_id == on.staff_id if on.staff_id is not None else USERS.c.id == on.user_id
        near.append(or_(USERS.c.all_homes, USERS.c.id.in_(responsible), own))
    able = [each for each in _people(session, *near) if can(each, permission, on)]
    return sorted(able, key=lambda each: list(Role).index(each.role))


PERSON = (  # what `person_in` reads
    USERS.c.id,
    USERS.c.name,
    USERS.c.email,
    USERS.c.role,
    USERS.c.staff_id,
    USERS.c.all_homes,
    USERS.c.is_active,
    USER_HOMES.c.home_id,
)
_EVERYBODY = (
    select(*PERSON)
    .outerjoin_from(USERS, USER_HOMES, USER_HOMES.c.user_id == USERS.c.id)
    .order_by(USERS.c.name, USERS.c.id)
)


class _Row(NamedTuple):
    """An account beside one of its homes."""

    id: int
    name: str
    email: str
    role: str
    staff_id: int | None
    all_homes: bool
    is_active: bool
    home_id: int | None


# On the road of every event, so compiled once.
_BY_ID = Prepared(_EVERYBODY.where(USERS.c.id == bindparam("user_id")), _Row)
_BY_STAFF = Prepared(_EVERYBODY.where(USERS.c.staff_id == bindparam("staff_id"), USERS.c.is_active), _Row)


def _people(session: Session, *conditions: ColumnElement[bool]) -> list[Person]:
    return _put_together(session.execute(_EVERYBODY.where(*conditions)))


def _put_together(found_rows: Iterable[Any]) -> list[Person]:
    rows: dict[int, list[Any]] = {}
    for row in found_rows:
        rows.setdefault(row.id, []).append(row)
    found = (_person(each) for each in rows.values())
    return [person for person in found if person is not None]


def _person(rows: list[Any]) -> Person | None:
    first = rows[0]
    role = role_of(first.role)
    if role is None:
        return None
    return Person(
        user_id=first.id,
        name=first.name,
        email=first.email,
        role=role,
        staff_id=first.staff_id,
        home_ids=frozenset(row.home_id for row in rows if row.home_id is not None),
        all_homes=first.all_homes,
        active=first.is_active,
    )


def _only(people: list[Person]) -> Person | None:
    return people[0] if people else None
