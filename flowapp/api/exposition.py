"""Figures as the text that Prometheus reads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.registry import Collector

from flowapp.api.families import database_families, engine_families, mail_families, process_families
from flowapp.engine.operating.figures import EngineFigures, WorkflowFigures
from flowapp.kernel.storage import OnServer, Storage
from flowapp.messaging.outbox_figures import OutboxFigures

__all__ = ["CONTENT_TYPE", "text_of"]


class Read(Collector):
    """Hands over what was read from the database for one answer."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Answer it."""
        return self._families


def text_of(
    *,
    engine: EngineFigures,
    workflows: WorkflowFigures,
    names: Mapping[int, str],
    outbox: OutboxFigures,
    storage: Storage | OnServer | None,
) -> bytes:
    """Write the figures down, and what the process takes that answers."""
    families = [
        *engine_families(engine, workflows, names),
        *mail_families(outbox, engine.at),
        *database_families(storage),
        *process_families(os.getpid(), memory_bytes=_memory_bytes(), threads=threading.active_count()),
    ]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Read(families))
    return generate_latest(registry)


def _memory_bytes() -> int | None:
    """Answer what this process has in memory, where the system tells."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None
