"""The click group of all commands."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from mockface import __version__
from mockface.cli import output

_MODULES = ("doctor", "keys", "offline", "pictures", "remote", "serving", "tls")
_AT_ONCE = {"serve": "serving", "id": "offline", "ids": "offline", "sign": "offline", "codes": "offline"}
"""Commands that are run very often, with their modules: no other module is imported for them."""


class _Commands(click.Group):
    """`mockface` alone, or with flags first, is `mockface serve`. Modules register their commands when imported."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        modules = [_AT_ONCE[cmd_name]] if cmd_name in _AT_ONCE else _MODULES
        for module in modules:
            import_module(f"mockface.cli.{module}")
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        for module in _MODULES:
            import_module(f"mockface.cli.{module}")
        return super().list_commands(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "--version")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **more: Any) -> Any:
        """Run a command; a file or output that cannot be written gives one line and exit status 2, no traceback."""
        try:
            return super().main(*args, **more)
        except OSError as fault:
            what = f"{fault.filename}: " if fault.filename else "the output cannot be written: "
            with suppress(OSError):
                click.echo(f"mockface: {what}{fault.strerror or fault}", err=True)
            output.give_up(sys.stdout)
            sys.exit(2)


@click.group(
    cls=_Commands,
    context_settings={"max_content_width": 120},
    help="""Emulate the retired face-verification service POST /face/idcardcompare, offline, for tests.

    Without a command it serves: mockface --port 8641 is mockface serve --port 8641.
    """,
)
@click.version_option(__version__, prog_name="mockface")
def main() -> None:
    context = click.get_current_context()
    name = context.invoked_subcommand
    command = main.get_command(context, name) if name not in (None, "serve") else None
    if command is not None and any(given.envvar for given in command.params):
        from mockface.cli.options import tell_of_variables

        tell_of_variables(command)
