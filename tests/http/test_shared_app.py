"""The one application that serves the tests: each finds its own database in it, and leaves nothing behind."""

from __future__ import annotations

import pytest
from flask import Flask

from flowapp.bootstrap import Flow
from flowapp.http.running import flow as running
from flowapp.http.running import reading


def test_a_test_that_would_leave_an_address_behind_is_refused(app: Flask) -> None:
    with pytest.raises(AssertionError, match="add_url_rule"):
        app.add_url_rule("/burst", view_func=lambda: "")


@pytest.mark.parametrize("visit", ["the first", "the next"])
def test_requests_read_the_database_of_the_test_that_asks(app: Flask, flow: Flow, visit: str) -> None:
    with app.app_context():
        assert running() is flow
        assert reading().get_bind() is flow.database.reader
