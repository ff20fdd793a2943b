"""The families of metrics, made of figures; their names are a promise to whoever has alerts on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from flowapp.engine.operating.figures import EngineFigures, WorkflowFigures
from flowapp.kernel.storage import OnServer, Storage
from flowapp.messaging.outbox_figures import OutboxFigures


def engine_families(found: EngineFigures, workflows: WorkflowFigures, names: Mapping[int, str]) -> Iterator[Metric]:
    """Answer what there is to tell of the engine and its workflows."""
    yield from _steps(found)
    yield from _runs(found)
    yield _gauge("workflows_failing", "Workflows whose last run failed", len(workflows.failing))
    paused = len(workflows.paused_by_themselves)
    yield _gauge("workflows_paused_by_themselves", "Workflows that failed so often that they were paused", paused)
    yield _gauge("schedules_missed", "Times of schedules that were missed in the last day", workflows.missed)
    yield from _moment("last_tick", "When the engine last ticked, to within ten seconds", found.ticked_at)
    yield from _moment("last_clean_up", "When the last clean-up began that came to its end", found.cleaned_at)
    if names:
        info = GaugeMetricFamily("flowapp_workflow_info", "The name of each workflow", labels=["workflow_id", "name"])
        for number, name in names.items():
            info.add_metric([str(number), name], 1)
        yield info


def _steps(found: EngineFigures) -> Iterator[Metric]:
    yield _gauge("steps_due", "Steps whose time has come and that nobody has taken", found.due)
    oldest = _age(found.oldest_due_at, found.at)
    yield _gauge("steps_oldest_due_seconds", "How long the step has been due that waits the longest", oldest)
    lag = GaugeMetricFamily(
        "flowapp_dispatch_lag_seconds",
        "How long runs of the last five minutes, 200 at most, waited until they were taken",
        labels=["quantile"],
    )
    lag.add_metric(["0.5"], found.lag.middle.total_seconds())
    lag.add_metric(["1"], found.lag.longest.total_seconds())
    yield lag
    yield _gauge("steps_claimed", "Steps that are being acted on, under a lease", found.claimed)
    yield _gauge("steps_lease_expired", "Claimed steps whose lease has run out", found.expired)
    yield _counter("leases_lost", "Leases that ran out and were given back", found.leases_lost)


def _runs(found: EngineFigures) -> Iterator[Metric]:
    live = {status.value: number for status, number in found.live.items()}
    yield _gauges("runs_live", "Runs that have not ended", "status", live)
    held = {"queue": found.queued, "flood": found.held}
    yield _gauges("runs_held_back", "Runs that may not begin yet", "why", held)
    parked = {"failed": found.parked, "uncertain": found.in_doubt}
    yield _gauges("runs_parked", "Runs that wait for a person; 1000 failed ones or more are 1000", "why", parked)
    yield _counter("runs_accepted", "Runs ever accepted", found.accepted)
    ended = CounterMetricFamily("flowapp_runs_ended", "Runs ever ended", labels=["workflow_id", "outcome"])
    for (workflow_id, outcome), number in sorted(found.ended.items()):
        ended.add_metric([str(workflow_id), outcome], number)
    yield ended


def mail_families(found: OutboxFigures, now: datetime) -> Iterator[Metric]:
    """Answer what there is to tell of the outbox."""
    yield _gauge("mails_waiting", "Mails that wait to be sent", found.waiting)
    yield _gauge("mails_oldest_waiting_seconds", "How long the oldest of these waits", _age(found.oldest_at, now))
    yield _gauge("mails_failed", "Mails that could not be sent and are not tried again", found.failed)
    yield _gauge("mails_kept", "Mails kept because no mail server was set", found.kept)


def database_families(found: Storage | OnServer | None) -> Iterator[Metric]:
    """Answer what there is to tell of the database’s files, or of its server."""
    if isinstance(found, OnServer):
        yield _gauge("database_size_bytes", "Size of the database", found.database_bytes)
        yield _gauge("database_connections", "Connections to the server of the database", found.connections)
        yield _gauge("database_connections_most", "Connections that the server takes", found.most_connections)
    elif found is not None:
        yield _gauge("database_size_bytes", "Size of the database", found.database_bytes)
        yield _gauge("database_wal_size_bytes", "Size of what is not moved into it yet", found.wal_bytes)
        yield _gauge("disk_free_bytes", "Free on the disk of the database", found.free_bytes)


def process_families(pid: int, *, memory_bytes: int | None, threads: int) -> Iterator[Metric]:
    """Answer what the process takes that was asked; with several, each answers for itself in its turn."""
    if memory_bytes is not None:
        memory = {str(pid): memory_bytes}
        yield _gauges("process_resident_memory_bytes", "Memory of the process that answered", "pid", memory)
    yield _gauges("process_threads", "Threads of the process that answered", "pid", {str(pid): threads})


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"flowapp_{name}", f"{words}.", value=value)


def _gauges(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"flowapp_{name}", f"{words}.", labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(f"flowapp_{name}", f"{words}.", value=value)


def _moment(name: str, words: str, at: datetime | None) -> Iterator[Metric]:
    if at is not None:
        yield _gauge(f"{name}_timestamp_seconds", words, at.timestamp())


def _age(at: datetime | None, now: datetime) -> float:
    return max((now - at).total_seconds(), 0.0) if at is not None else 0.0
