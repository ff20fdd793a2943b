"""How gunicorn is told to end."""

from __future__ import annotations

import runpy

import pytest
from gunicorn.workers import gthread

from flowapp.kernel.settings import ROOT


def test_no_connection_that_nobody_speaks_on_holds_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STOP_KEEPALIVE_LINGER", "DEFAULT_WORKER_DATA_TIMEOUT"):  # gunicorn's names: they must be there
        monkeypatch.setattr(gthread, name, 5.0)
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert gthread.STOP_KEEPALIVE_LINGER + gthread.DEFAULT_WORKER_DATA_TIMEOUT <= 1.0
