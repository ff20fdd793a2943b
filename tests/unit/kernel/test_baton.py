"""One thread computes at a time, as far as patience goes, and whoever waits lets others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flowapp.kernel import baton
from tests.engine.patience import in_threads, until


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baton, "PATIENCE_SECONDS", 30.0)


@contextmanager
def another(came: threading.Event) -> Iterator[None]:
    """Let another thread hold the baton for a moment, and say when it did; it has ended in the end."""

    def work() -> None:
        with baton.held():
            came.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(60)
    assert not thread.is_alive()


def assert_held_here() -> None:
    """See that nobody else gets the baton until this thread puts it down."""
    came = threading.Event()
    with another(came):
        assert not came.wait(0.05)
        with baton.put_down():
            assert came.wait(10)


def test_two_threads_never_compute_at_once() -> None:
    inside, most = 0, 0

    def work(_: int) -> None:
        nonlocal inside, most
        for _ in range(100):
            with baton.held():
                inside += 1
                most = max(most, inside)
                threading.Event().wait(0.0001)
                inside -= 1

    assert in_threads(4, work) == []
    assert most == 1


def test_who_has_waited_long_enough_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baton, "PATIENCE_SECONDS", 0.01)
    came = threading.Event()
    with baton.held(), another(came):
        assert came.wait(10)


def test_who_went_on_without_takes_nothing_from_whoever_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    came = threading.Event()
    with baton.held():
        with monkeypatch.context() as short:
            short.setattr(baton, "PATIENCE_SECONDS", 0.01)
            with another(came):
                assert came.wait(10)
        assert_held_here()  # the one that went on without has not given away what it did not have


def test_others_compute_while_one_waits() -> None:
    came = threading.Event()
    with baton.held(), another(came):
        assert not came.is_set()
        with baton.put_down():
            assert came.wait(10)


def test_the_baton_is_held_again_after_a_wait() -> None:
    with baton.held():
        with baton.put_down():
            pass
        assert_held_here()


def test_an_error_leaves_the_baton_to_others() -> None:
    came = threading.Event()
    with pytest.raises(ValueError, match="inside"), baton.held():
        raise ValueError("inside")
    with another(came):
        assert came.wait(10)


def test_holding_it_twice_needs_giving_it_once() -> None:
    with baton.held():
        with baton.held():
            pass
        assert_held_here()


def test_an_answer_is_computed_with_the_baton_in_hand() -> None:
    came = threading.Event()

    def application(_environ: object, _start_response: object) -> list[bytes]:
        with another(came), baton.put_down():
            assert came.wait(10)
        return [b"done"]

    assert baton.carried(application)({}, None) == [b"done"]
    assert until(came.is_set)
