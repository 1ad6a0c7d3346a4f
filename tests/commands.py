"""The commands of `mockface` by their names, as the documentation is held against them."""

from __future__ import annotations

import click

from mockface.cli.group import main

_CONTEXT = click.Context(main)


def _found(name: str) -> click.Command:
    command = main.get_command(_CONTEXT, name)
    assert command is not None, name
    return command


COMMANDS = {name: _found(name) for name in main.list_commands(_CONTEXT)}
