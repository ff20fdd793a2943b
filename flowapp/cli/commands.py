"""The command group `flask flow`."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from flowapp.cli.printing import refusals


class Commands(AppGroup):
    """Commands that end in words where a setting makes no sense, or the database is away.

    They are loaded when one is asked for: a server asks for none, and could start sooner and smaller without them.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out."""
        with refusals():
            return super().invoke(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Answer one command."""
        self._load()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        self._load()
        return super().list_commands(ctx)

    def _load(self) -> None:
        from flowapp.cli import runs, tick, tokens, users, workflows
        from flowapp.cli.demo import command as demo
        from flowapp.cli.doctor import command as doctor
        from flowapp.cli.moving import command as moving

        if not self.commands:
            for noun in (demo, tokens, users, workflows, runs, tick, doctor, moving):
                noun.add_to(self)


flow = Commands("flow", help="Everything of FlowApp that is done from the command line.")
