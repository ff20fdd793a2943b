"""What takes long to load is loaded when the server has started, not when somebody asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LATER = {"apscheduler", "croniter", "faker", "httpcore2", "psycopg", "sqlalchemy.dialects.postgresql"}
PROGRAM = """
import sys, threading
from flowapp.bootstrap import Flow
from flowapp.kernel.schema import migrate
from flowapp.kernel.settings import read_settings
from flowapp.rota.bank_holidays import Nation, bank_holidays

flow = Flow(read_settings(database_url=sys.argv[1], secret_key="x", testing=True))
migrate(flow.database)
print("lark" in sys.modules)
flow.start()
[loading] = [thread for thread in threading.enumerate() if thread.name == "warm-up"]
loading.join(30)
bank_holidays(Nation.SCOTLAND, 2026)
print("lark" in sys.modules, "holidays" in sys.modules)
flow.close()
"""


def test_the_parser_is_loaded_behind_the_start_and_the_library_of_holidays_not_at_all(bare_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, bare_url], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["False", "True", "False"]


def test_what_is_needed_later_or_never_is_not_loaded_by_the_start(tmp_path: Path) -> None:
    program = (
        "import sys, flowapp.cli.start, flowapp.scheduler.leader; from flowapp.factory import create_app; "
        "create_app(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120,
        env=os.environ | {"FLOWAPP_DATABASE_URL": f"sqlite:///{tmp_path}/flowapp.sqlite3", "FLOWAPP_SECRET_KEY": "x"},
    )  # fmt: skip
    assert LATER.isdisjoint(done.stdout.split())
