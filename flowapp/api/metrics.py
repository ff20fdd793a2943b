"""The address at which Prometheus reads the figures for whoever looks after the server."""

from __future__ import annotations

from flask import Blueprint, Response

from flowapp.engine.operating.figures import engine_figures, workflow_figures, workflow_names
from flowapp.http.access import is_local, local_or
from flowapp.http.running import flow, reading
from flowapp.kernel.storage import server_of, storage_of
from flowapp.messaging.outbox_figures import outbox_figures

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@local_or("metrics.view")
def metrics() -> Response:
    """Answer the figures of the whole installation; names of workflows only to whoever has a token."""
    from flowapp.api import exposition  # its library takes longer to load than a start may

    now, session = flow().clock.now(), reading()
    text = exposition.text_of(
        engine=engine_figures(session, now),
        workflows=workflow_figures(session, now),
        names={} if is_local() else workflow_names(session),
        outbox=outbox_figures(session),
        storage=storage_of(flow().database) or server_of(session),
    )
    return Response(text, headers={"Content-Type": exposition.CONTENT_TYPE})
