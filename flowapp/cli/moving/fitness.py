"""Whether a PostgreSQL database can keep the rows of FlowApp."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

OLDEST = 14
_FACTS = """
SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
    current_user AS role, pg_is_in_recovery() AS is_copy,
    current_setting('default_transaction_read_only') = 'on' AS read_only, current_database() AS name,
    current_schema() AS schema,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create
"""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a server says of itself and of one database."""

    version: int  # 140005 is 14.5
    encoding: str
    role: str
    is_copy: bool  # of another server, whose changes it follows
    read_only: bool
    name: str
    schema: str | None
    may_create: bool


def facts(connection: Connection) -> Facts:
    """Ask the server."""
    return Facts(**connection.execute(text(_FACTS)).mappings().one())


def unfit(found: Facts) -> str | None:
    """Say why FlowApp cannot use the database and how to mend it, or None when it can."""
    if found.version < OLDEST * 10_000:
        shown = f"{found.version // 10_000}.{found.version % 10_000}"
        return f"The server is PostgreSQL {shown}; FlowApp needs {OLDEST} or later. Upgrade it, or take another server."
    if found.encoding != "UTF8":
        return (
            f"The database {found.name} keeps its texts as {found.encoding}, which lacks most letters. Make a new one: "
            f"CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'."
        )
    if found.is_copy:
        return "This server follows another one and cannot be written to. Give the address of the one that leads."
    if found.read_only:
        return (
            f"The database {found.name} cannot be written to: default_transaction_read_only is on. Turn it off, "
            f"for instance with ALTER DATABASE {found.name} RESET default_transaction_read_only."
        )
    if not found.may_create:
        return (
            f"The role {found.role} may not make tables in the database {found.name}. "
            f"Let it own the database: ALTER DATABASE {found.name} OWNER TO {found.role}."
        )
    return None
