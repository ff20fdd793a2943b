"""How gunicorn serves FlowApp: the database is prepared once, then each worker makes its own FlowApp after fork."""

from __future__ import annotations

import gc
import os
from typing import Any

from flowapp.kernel.settings import read_settings

# What is loaded at the start stays until the end. Looking through it again and again for something to collect takes
# a tenth of the start; and it writes to memory that master and workers could share.
gc.disable()
settings = read_settings()
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = settings.web_workers
threads = settings.web_threads
worker_class = "gthread"
wsgi_app = "wsgi:app"
preload_app = False
control_socket_disable = True
graceful_timeout = 20
timeout = 60
errorlog = "-"
loglevel = "warning"


def on_starting(_server: Any) -> None:
    """Bring the database up to date, load the demo into an empty one, and say where to go."""
    from flowapp.cli.start import prepare

    prepare(settings, address=f"http://{bind}")
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Let the engine of this process begin, and ask for the lead."""
    from flowapp.scheduler.leader import Leader

    flow = worker.wsgi.extensions["flowapp"]
    flow.start()
    worker.flowapp_leader = Leader(flow, lock=settings.instance_folder / "leader.lock")
    worker.flowapp_leader.start()
    gc.freeze()
    gc.enable()


def worker_exit(_server: Any, worker: Any) -> None:
    """Finish what is under way before the process ends."""
    app, leader = getattr(worker, "wsgi", None), getattr(worker, "flowapp_leader", None)
    if leader is not None:
        leader.stop()
    if app is not None:
        app.extensions["flowapp"].close()
