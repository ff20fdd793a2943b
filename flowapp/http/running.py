"""The FlowApp that this Flask application serves, and sessions that only read."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from flowapp.bootstrap import Flow
from flowapp.kernel.columns import Base
from flowapp.kernel.prepared import directly

EXTENSION = "flowapp"


class ReadOnly(SQLAlchemy):
    """Flask-SQLAlchemy on our own reading engine, so that a request cannot write past `change`."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return cast(Flow, app.extensions[EXTENSION]).database.reader


db = ReadOnly(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})


def flow() -> Flow:
    """Answer the FlowApp of the current application."""
    return cast(Flow, current_app.extensions[EXTENSION])


def reading() -> Session:
    """Answer the request's session, which sees one state of the database and cannot write."""
    return directly(cast(Session, db.session()))
