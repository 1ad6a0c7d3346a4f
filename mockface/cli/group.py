"""The group that every command is in."""

from __future__ import annotations

import click

from mockface import __version__


class _Commands(click.Group):
    """`mockface` alone, or with flags first, is `mockface serve`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "--version")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Commands, context_settings={"max_content_width": 120})
@click.version_option(__version__, prog_name="mockface")
def main() -> None:
    """The retired face-verification service POST /face/idcardcompare, offline, for tests.

    Without a command it serves: mockface --port 8641 is mockface serve --port 8641.
    """
