"""The command group `flask flow`."""

from __future__ import annotations

from flask.cli import AppGroup

from flowapp.cli import runs, tick, tokens, users, workflows
from flowapp.cli.demo import command as demo
from flowapp.cli.moving import command as moving

flow = AppGroup("flow", help="Everything of FlowApp that is done from the command line.")
for noun in (demo, tokens, users, workflows, runs, tick, moving):
    noun.add_to(flow)
