"""The command group `flask flow`."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from flowapp.cli import runs, tick, tokens, users, workflows
from flowapp.cli.demo import command as demo
from flowapp.cli.doctor import command as doctor
from flowapp.cli.moving import command as moving
from flowapp.cli.printing import refusals


class Commands(AppGroup):
    """Commands that end in words where a setting makes no sense, or the database is away."""

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out."""
        with refusals():
            return super().invoke(ctx)


flow = Commands("flow", help="Everything of FlowApp that is done from the command line.")
for noun in (demo, tokens, users, workflows, runs, tick, doctor, moving):
    noun.add_to(flow)
