"""What takes long to load is loaded when the server has started, not when somebody asks."""

from __future__ import annotations

import subprocess
import sys

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


def test_the_library_for_outgoing_calls_waits_for_the_first_web_hook() -> None:
    program = (
        "import sys, flowapp.factory, flowapp.bootstrap as b; b.registries(); sys.exit('httpcore2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=120, check=False).returncode == 0
