"""What our Flask takes for granted of the functions it calls."""

from __future__ import annotations

from inspect import iscoroutinefunction

from flask import Flask


def test_every_view_and_guard_is_a_plain_function(app: Flask) -> None:
    around = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    called = [
        *app.view_functions.values(),
        *(each for by_blueprint in around for fns in by_blueprint.values() for each in fns),
    ]
    assert len(called) > 100
    assert [each for each in called if iscoroutinefunction(each)] == []
