"""What to do about a PostgreSQL that cannot be used; no password is ever in it."""

from __future__ import annotations

import re

import psycopg
from psycopg import errors
from sqlalchemy import URL

SETTING = "FLOWAPP_DATABASE_URL"
# What libpq and the server say when they let nobody in has no code that reaches us, only words.
_NO_DATABASE = re.compile(r'database ".*" does not exist')
_NOT_LET_IN = re.compile(r'password|authentication|role ".*" does not exist|pg_hba\.conf|not permitted to log in')


def remedy_of(address: URL, error: BaseException | None) -> str | None:
    """Say in a sentence what must be mended; None for what is neither the address nor the server."""
    where, database, user = _server(address), address.database, address.username or "this user"
    if isinstance(error, errors.InsufficientPrivilege):
        return (
            f"{SETTING}: {user} may not make tables in the database {database} on {where}; "
            f"make {user} the owner of that database."
        )
    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return f"{SETTING}: the address cannot be read; write it as postgresql://user:password@host:5432/database."
    if not isinstance(error, psycopg.OperationalError):
        return None
    if _NO_DATABASE.search(str(error)):
        return f"{SETTING}: there is no database {database} on {where}; make it, with createdb {database}."
    if _NOT_LET_IN.search(str(error)):
        return f"{SETTING}: {where} does not let {user} in; mend the name or the password in it."
    return f"{SETTING}: {where} does not answer; start PostgreSQL there, or mend the address."


def _server(address: URL) -> str:
    host = address.host or address.query.get("host") or "this machine"
    return f"{host}:{address.port}" if address.port else str(host)
