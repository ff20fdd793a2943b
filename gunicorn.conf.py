"""How gunicorn serves FlowApp: the database is prepared once, then each worker makes its own FlowApp after fork."""

from __future__ import annotations

import gc
import os
from typing import Any

from gunicorn.workers import gthread

from flowapp.kernel.errors import BadSetting, FlowError
from flowapp.kernel.settings import read_settings

# What is loaded at the start stays until the end. Looking through it again and again for something to collect takes
# a tenth of the start; and it writes to memory that master and workers could share.
gc.disable()
GARBAGE = (10_000, 20, 20)  # afterwards looked for less often than after every 700 new objects: a request makes more

# A browser keeps connections open, and opens some in advance that it says nothing on. Gunicorn would wait for these
# for two and for five seconds before it stops; nobody loses an answer by their end.
gthread.STOP_KEEPALIVE_LINGER = 0.5
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.5

try:
    settings = read_settings()
except BadSetting as error:
    raise SystemExit(f"FlowApp does not start. {error.message}") from None
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = settings.web_workers
threads = settings.web_threads
worker_class = "gthread"
wsgi_app = "wsgi:app"
preload_app = False
control_socket_disable = True
graceful_timeout = 20
timeout = 30  # of a process that stands still; however long a request takes, its process says that it lives
errorlog = "-"
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Bring the database up to date, load the demo into an empty one, and say where to go."""
    from flowapp.cli.start import prepare
    from flowapp.scheduler.watchdog import Watchdog

    # Taken out of gunicorn's hands, which would say READY=1 before any worker is there.
    address, microseconds = os.environ.pop("NOTIFY_SOCKET", ""), os.environ.pop("WATCHDOG_USEC", "")
    server.flowapp_watchdog = address and Watchdog(
        address,
        seconds=int(microseconds) / 1e6 if microseconds else None,
        pulses=lambda: [worker.flowapp_pulse for worker in server.WORKERS.copy().values()],
        stopping=lambda: not server.LISTENERS,  # the first thing that gunicorn lets go of
    )
    try:
        prepare(settings, address=f"http://{bind}")
    except FlowError as error:
        raise SystemExit(f"FlowApp does not start. {error.message}") from None
    gc.collect()
    gc.freeze()


def when_ready(server: Any) -> None:
    """Begin to tell systemd how the service stands, if there is one that listens."""
    if server.flowapp_watchdog:
        server.flowapp_watchdog.start()


def pre_fork(server: Any, worker: Any) -> None:
    """Share some memory with the worker, in which it shows that it lives."""
    from flowapp.scheduler.pulse import Pulse

    worker.flowapp_pulse = Pulse()
    worker.flowapp_beats_every = server.flowapp_watchdog.every if server.flowapp_watchdog else None


def post_worker_init(worker: Any) -> None:
    """Let the engine of this process begin, and ask for the lead."""
    from flowapp.scheduler.leader import Leader
    from flowapp.scheduler.pulse import Beating, lives

    flow = worker.wsgi.extensions["flowapp"]
    leader = worker.flowapp_leader = Leader(flow, lock=settings.instance_folder / "leader.lock")
    leader.note_return()
    flow.start()
    leader.start()
    if worker.flowapp_beats_every:
        Beating(worker.flowapp_pulse, lambda: lives(flow.loop, leader), every=worker.flowapp_beats_every).start()
    gc.freeze()
    gc.enable()
    gc.set_threshold(*GARBAGE)


def worker_exit(_server: Any, worker: Any) -> None:
    """Finish what is under way before the process ends."""
    app, leader = getattr(worker, "wsgi", None), getattr(worker, "flowapp_leader", None)
    if leader is not None:
        leader.stop()
    if app is not None:
        app.extensions["flowapp"].close()
    gc.freeze()


def on_exit(server: Any) -> None:
    """Tell systemd of the end, if that was not done, and leave what is in memory as it is.

    Taking it apart at the end takes a second, and nobody needs it.
    """
    if server.flowapp_watchdog:
        server.flowapp_watchdog.stop()
    gc.freeze()
