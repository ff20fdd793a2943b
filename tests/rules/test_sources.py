"""What no code may do, and what only one place may do; each exception stands here with its reason."""

from __future__ import annotations

import pytest

from tests.support.house import boundaries, built_text, danger
from tests.support.house.source import Rule, Source, breaches, python_sources, unused

CODE = ("flowapp", "app.py", "wsgi.py", "gunicorn.conf.py", "migrations/env.py")

RULES: dict[Rule, tuple[str, ...]] = {
    danger.evaluation: CODE,
    danger.unpickling: CODE,
    danger.names_out_of_data: CODE,
    danger.trusted_markup: CODE,
    danger.shells: CODE,
    boundaries.environment: CODE,
    boundaries.clock: CODE,
    boundaries.doors_out: CODE,
    boundaries.printing: CODE,
    boundaries.sleeping: (*CODE, "tests"),
    built_text.sql_from_parts: CODE,
    built_text.patterns_from_data: CODE,
    built_text.redirects_from_data: CODE,
}

# `path` or `path::Class.method`, with the reason why it may.
EXCEPTIONS: dict[Rule, dict[str, str]] = {
    danger.names_out_of_data: {
        "flowapp/kernel/registry.py::_modules": "imports files of a package of ours, by their names on disk",
        "flowapp/events/catalogue.py::catalogue": "the same",
        "flowapp/http/access.py::remember": "keeps a value for one request, under a name its callers write",
    },
    boundaries.environment: {
        "gunicorn.conf.py": "PORT belongs to the server, and has the name every host gives it",
    },
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_to(rule: Rule) -> None:
    found = breaches(python_sources(*RULES[rule]), rule, allowed=EXCEPTIONS.get(rule, ()))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", EXCEPTIONS, ids=lambda rule: rule.__name__)
def test_every_exception_is_still_needed(rule: Rule) -> None:
    assert not unused(python_sources(*RULES[rule]), rule, allowed=EXCEPTIONS[rule])


def test_an_exception_holds_for_its_function_only() -> None:
    source = Source("a.py", "def f(x):\n    eval(x)\ndef g(x):\n    eval(x)")
    assert len(breaches([source], danger.evaluation)) == 2
    assert len(breaches([source], danger.evaluation, allowed=["a.py::f"])) == 1
    assert not breaches([source], danger.evaluation, allowed=["a.py"])
    assert unused([source], danger.evaluation, allowed=["a.py::h"]) == ["a.py::h"]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (danger.evaluation, "eval(text)"),
        (danger.evaluation, "run = exec"),  # handed on instead of called
        (danger.evaluation, "import builtins\nbuiltins.eval(text)"),
        (danger.evaluation, "compile(text, 'x', 'eval')"),
        (danger.evaluation, "__import__(name)"),
        (danger.unpickling, "import pickle"),
        (danger.unpickling, "from marshal import loads"),
        (danger.unpickling, "import shelve as keep"),
        (danger.unpickling, "import yaml\nyaml.load(text)"),
        (danger.names_out_of_data, "getattr(shift, field)"),
        (danger.names_out_of_data, "setattr(shift, field, value)"),
        (danger.names_out_of_data, "from operator import attrgetter\nattrgetter(field)"),
        (danger.names_out_of_data, "import importlib\nimportlib.import_module(kind)"),
        (danger.trusted_markup, "from markupsafe import Markup\nMarkup(text)"),
        (danger.trusted_markup, "import markupsafe as m\nm.Markup(text)"),
        (danger.trusted_markup, "from flask import render_template_string\nrender_template_string(text)"),
        (danger.trusted_markup, "environment.from_string(text)"),
        (danger.shells, "import os\nos.system(command)"),
        (danger.shells, "import subprocess\nsubprocess.run(command, shell=True)"),
        (boundaries.environment, "import os\nos.environ['FLOWAPP_DEMO']"),
        (boundaries.environment, "from os import getenv\ngetenv('FLOWAPP_DEMO')"),
        (boundaries.clock, "from datetime import datetime\ndatetime.now(UTC)"),
        (boundaries.clock, "import datetime as dt\ndt.datetime.utcnow()"),
        (boundaries.clock, "from datetime import date\nfield(default_factory=date.today)"),  # handed on
        (boundaries.clock, "import time\ntime.time()"),
        (boundaries.doors_out, "import urllib.request"),
        (boundaries.doors_out, "from urllib import request"),
        (boundaries.doors_out, "from http.client import HTTPSConnection"),
        (boundaries.printing, "print('saved')"),
        (boundaries.sleeping, "from time import sleep\nsleep(1)"),
        (built_text.sql_from_parts, "from sqlalchemy import text\ntext(f'SELECT {name}')"),
        (built_text.sql_from_parts, "import sqlalchemy as sa\nsa.text('SELECT ' + name)"),
        (built_text.sql_from_parts, "session.execute('SELECT %s' % name)"),
        (built_text.sql_from_parts, "session.execute('SELECT {}'.format(name))"),
        (built_text.sql_from_parts, "sql = f'SELECT {name}'\nconnection.exec_driver_sql(sql)"),
        (built_text.patterns_from_data, "import re\nre.compile(text)"),
        (built_text.patterns_from_data, "import re\nre.search(f'^{text}$', line)"),
        (
            built_text.redirects_from_data,
            "from flask import redirect, request\nredirect(request.args['next'])",
        ),
        (
            built_text.redirects_from_data,
            "import flask\ndef f():\n  to = flask.request.form.get('next') or '/'\n  flask.redirect(to)",
        ),
    ],
)
def test_a_breach_is_found(rule: Rule, text: str) -> None:
    assert list(rule(Source("flowapp/rota/leave.py", text)))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        # a method, and a function of the module, that happen to have the name
        (danger.evaluation, "a.py", "def compile(tree): ...\ncompile(tree); model.eval()"),
        (danger.evaluation, "a.py", "from flowapp.expressions.compile import compile\ncompile(tree)"),
        # a name written in the code
        (danger.names_out_of_data, "a.py", "getattr(error, 'orig', None)"),
        (danger.shells, "a.py", "import subprocess\nsubprocess.run(['ls'], shell=False)"),
        # the one place
        (boundaries.environment, "flowapp/kernel/settings.py", "import os\nos.environ['A']"),
        (boundaries.clock, "flowapp/kernel/clock.py", "from datetime import datetime\ndatetime.now(UTC)"),
        (boundaries.doors_out, "flowapp/messaging/outgoing.py", "import http.client"),
        (boundaries.printing, "flowapp/cli/demo.py", "print('Loaded.')"),
        # lengths of time, the database's clock, our own clock
        (boundaries.clock, "a.py", "import time\ntime.monotonic(); func.now(); clock.now()"),
        # taking addresses apart goes nowhere
        (boundaries.doors_out, "a.py", "from urllib.parse import urlsplit\nfrom http import HTTPStatus"),
        # written SQL, also over several lines; values bound
        (built_text.sql_from_parts, "a.py", "from sqlalchemy import text\ntext('SELECT ' 'id = :id' + ' x')"),
        (built_text.sql_from_parts, "a.py", "session.execute(select(Shift).where(Shift.id == id))"),
        # literal, constant, or escaped
        (built_text.patterns_from_data, "a.py", "import re\nre.compile(rf'{WORD}\\s+' + re.escape(text))"),
        # our own page, with what was asked as a parameter; an address that a function has checked
        (built_text.redirects_from_data, "a.py", "redirect(url_for('leave', q=request.args['q']))"),
        (built_text.redirects_from_data, "a.py", "redirect(local_path(request.args.get('next')))"),
    ],
)
def test_what_is_right_is_let_be(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Source(path, text)))
