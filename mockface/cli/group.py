"""The group that every command is in."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

import click

from mockface import __version__


class _Commands(click.Group):
    """`mockface` alone, or with flags first, is `mockface serve`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "--version")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **more: Any) -> Any:
        """Run a command; a file or an output that cannot be written is one line and exit status 2, no traceback."""
        try:
            return super().main(*args, **more)
        except OSError as fault:
            what = f"{fault.filename}: " if fault.filename else "the output cannot be written: "
            with suppress(OSError):
                click.echo(f"mockface: {what}{fault.strerror or fault}", err=True)
            # What is left in the buffer of a full disk would fail once more when Python ends.
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(2)


@click.group(cls=_Commands, context_settings={"max_content_width": 120})
@click.version_option(__version__, prog_name="mockface")
def main() -> None:
    """The retired face-verification service POST /face/idcardcompare, offline, for tests.

    Without a command it serves: mockface --port 8641 is mockface serve --port 8641.
    """
