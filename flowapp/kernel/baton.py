"""One thread of a process computes at a time; those that wait for something put the baton down meanwhile.

Python lets one thread run anyway, but each call of the database gives its lock away for some microseconds, and every
thread that wants it is woken to find it taken again. With eight threads that cost a third of a request. So threads
that want to compute wait here, where only one is woken. It is a courtesy and guards nothing: who has waited long
enough goes on without.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE_SECONDS = 0.02

_baton = threading.Lock()
_holder = threading.local()  # `has`: whether this thread holds the baton


@contextmanager
def held() -> Iterator[None]:
    """Wait for the baton, not for long, and hold it inside; nothing happens where the thread holds it already."""
    if _has():
        yield
        return
    _take()
    try:
        yield
    finally:
        _give()


@contextmanager
def put_down() -> Iterator[None]:
    """Let others compute while this thread waits inside, if it holds the baton."""
    had = _has()
    _give()
    try:
        yield
    finally:
        if had:
            _take()


def carried(application: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a WSGI application that computes its answers with the baton in hand."""

    def carrying(environ: Any, start_response: Any) -> Any:
        with held():
            return application(environ, start_response)

    return carrying


def _has() -> bool:
    return getattr(_holder, "has", False)


def _take() -> None:
    _holder.has = _baton.acquire(timeout=PATIENCE_SECONDS)


def _give() -> None:
    if _has():
        _holder.has = False
        _baton.release()
