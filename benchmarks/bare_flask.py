"""A bare Flask endpoint that writes the rows of one run through SQLAlchemy Core in one transaction.

Served by gunicorn with the worker class and the threads that FlowApp is served with. It asks for nobody's token and
checks nothing; the rows are those that one run of FlowApp left, with numbers and keys of their own each time.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import Connection, DateTime, Engine, MetaData, Table, create_engine, event, insert

Rows = Sequence[dict[str, Any]]
WRITING = Lock()  # without it SQLite's own waiting starves some threads for seconds
NEW_EACH_TIME = ("uid", "dedupe_key", "correlation_id", "causation_id", "hash")


def app() -> Flask:
    """Make the application on the database and the rows that the environment names."""
    engine = create_engine(f"sqlite:///{os.environ['BARE_DATABASE']}", pool_size=20)
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    metadata = MetaData()
    metadata.reflect(engine)
    left: dict[str, Rows] = json.loads(Path(os.environ["BARE_ROWS"]).read_text())
    rows = [(metadata.tables[name], [_read(metadata.tables[name], row) for row in left[name]]) for name in left]
    application = Flask(__name__)
    application.add_url_rule("/healthz", "healthz", lambda: "ok")
    application.add_url_rule("/start", "start", partial(_start, engine, rows, count(1)), methods=["POST"])
    return application


def _durable(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _read(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Answer a row without its number, with its moments as moments."""
    moments = [column.name for column in table.columns if isinstance(column.type, DateTime)]
    found = row | {name: datetime.fromisoformat(row[name]) for name in moments if row[name]}
    return {name: value for name, value in found.items() if name not in table.primary_key.columns}


def _start(engine: Engine, rows: Sequence[tuple[Table, Rows]], numbers: count[int]) -> tuple[Response, int]:
    given, number = request.get_json(), f"{next(numbers):026d}"
    with WRITING, engine.begin() as connection:
        run_id = _write(connection, rows, json.dumps(given["inputs"]), number)
    return jsonify({"execution_id": run_id, "url": f"/runs/{run_id}"}), 202


def _write(connection: Connection, rows: Sequence[tuple[Table, Rows]], context: str, number: str) -> int:
    run_id = 0
    for table, left in rows:  # the run itself comes first
        own = [{**row, **{name: number for name in NEW_EACH_TIME if row.get(name)}} for row in left]
        if table.name == "execution":
            (key,) = connection.execute(insert(table), {**own[0], "context": context}).inserted_primary_key or (0,)
            run_id = int(key)
            continue
        for row in own:
            if row.get("execution_id"):
                row["execution_id"] = run_id
        connection.execute(insert(table), own)
    return run_id
