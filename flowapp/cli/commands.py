"""The command group `flask flow`."""

from __future__ import annotations

from flask.cli import AppGroup

from flowapp.cli import demo, tokens, users

flow = AppGroup("flow", help="Everything of FlowApp that is done from the command line.")
for noun in (demo, tokens, users):
    noun.add_to(flow)
