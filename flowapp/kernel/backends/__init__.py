"""The databases that FlowApp can keep its rows in; the rest of FlowApp asks no database what it is."""

from __future__ import annotations

from flowapp.kernel.backends.backend import Backend, errors_of
from flowapp.kernel.backends.sqlite import Sqlite

__all__ = ["Backend", "backend_of", "errors_of"]


def backend_of(url: str) -> Backend:
    """Answer the backend of an address; psycopg is loaded only for a PostgreSQL."""
    if url.startswith("postgresql"):
        from flowapp.kernel.backends.postgresql import PostgreSQL

        return PostgreSQL(url)
    return Sqlite(url)
