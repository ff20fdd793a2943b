"""Making the large data set in a database of its own, once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

from benchmarks.house import cause
from benchmarks.hundred_homes.writing import counted, write
from flowapp.accounts.roles import Role
from flowapp.accounts.users import create_user
from flowapp.kernel.db import Database
from flowapp.kernel.schema import migrate
from flowapp.rota.training.catalogue import write_catalogue

REGIONAL = "r@example.org"
HASTE = ("synchronous=OFF", "cache_size=-200000")


def make(path: Path) -> tuple[Mapping[str, int], str]:
    """Make it and answer how many rows each table got, and a digest of them; raises FileExistsError."""
    path.touch(exist_ok=False)
    database = Database(f"sqlite:///{path}")
    try:
        migrate(database)
        database.write(_begin)
    finally:
        database.dispose()
    engine = create_engine(database.url)

    @event.listens_for(engine, "connect")
    def _quickly(connection: Any, _record: Any) -> None:
        for pragma in HASTE:
            connection.execute(f"PRAGMA {pragma}")

    with engine.begin() as connection:
        write(connection)
    with engine.connect() as connection:
        found = counted(connection)
        connection.exec_driver_sql("PRAGMA optimize")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return found


def _begin(session: Session) -> None:
    """Write what a home begins with, and somebody who looks after all of them."""
    write_catalogue(session, cause())
    create_user(session, cause(), email=REGIONAL, name="R", role=Role.REGIONAL, all_homes=True)
