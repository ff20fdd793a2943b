"""Making the Flask application."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from flowapp.bootstrap import Flow
from flowapp.http import csrf, errors, headers, nul
from flowapp.http.application import Application
from flowapp.http.flashes import FlashCookies
from flowapp.http.json import PlainJson
from flowapp.http.numbers import RecordNumber
from flowapp.http.running import EXTENSION, db
from flowapp.http.signing_in import login
from flowapp.kernel.baton import carried
from flowapp.kernel.keys import secret_key
from flowapp.kernel.settings import ROOT, Settings, read_settings

MOST_BYTES = 2 * 1024 * 1024


def create_app(settings: Settings | None = None, flow: Flow | None = None) -> Flask:
    """Make FlowApp as a Flask application; the engine begins only with `Flow.start`."""
    settings = settings or (flow.settings if flow else read_settings())
    app = Application(
        "flowapp",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        root_path=str(ROOT),
    )
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TESTING=settings.testing,
    )
    app.extensions[EXTENSION] = flow or Flow(settings)
    app.json = PlainJson(app)
    app.session_interface = FlashCookies()
    app.url_map.converters["int"] = RecordNumber
    db.init_app(app)
    login.init_app(app)
    app.before_request(csrf.guard)
    app.before_request(nul.guard)
    app.after_request(csrf.keep_cookie)
    app.after_request(headers.guard)
    errors.install(app)
    _pages(app)
    _api(app)
    _commands(app)
    app.wsgi_app = carried(headers.always(app.wsgi_app))  # type: ignore[method-assign]
    return app


def _pages(app: Flask) -> None:
    from flowapp.web import areas, filters, ui
    from flowapp.web.frame import frame

    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    ui.install(app.jinja_env)
    filters.install(app.jinja_env)
    ui.serve_assets(app)
    app.context_processor(lambda: {"frame": frame()})
    for blueprint in areas.blueprints():
        app.register_blueprint(blueprint)


def _api(app: Flask) -> None:
    from flowapp.api import blueprint, health, metrics

    app.register_blueprint(blueprint.make())
    app.register_blueprint(health.bp)
    app.register_blueprint(metrics.bp)


def _commands(app: Flask) -> None:
    from flowapp.cli import commands

    app.cli.add_command(commands.flow)
