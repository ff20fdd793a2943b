"""A process that leads until it is killed."""

from __future__ import annotations

import threading
from pathlib import Path

from flowapp.bootstrap import Flow
from flowapp.kernel.settings import read_settings
from flowapp.scheduler.leader import Leader


def lead_until_killed(url: str, lock: Path) -> None:
    """Lead, without a tick, and do nothing else."""
    flow = Flow(read_settings(database_url=url, secret_key="test", testing=True))
    Leader(flow, lock=lock, ticks=False).start()
    threading.Event().wait()
