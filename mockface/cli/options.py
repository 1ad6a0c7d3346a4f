"""Options as the commands declare them: what is empty, not a number or a service link is not taken for a value."""

from __future__ import annotations

import math
import os
from typing import Any

import click

from mockface import variables


class Setting(click.Option):
    """An option with a variable. A service link in the variable counts as none; an empty flag is refused.

    An empty variable is one that is not set, as in every shell script; an empty flag is `--token "$TOKEN"` without it.
    """

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """What the variable says, if it was set for mockface."""
        given = super().resolve_envvar_value(ctx)
        name = str(self.envvar)
        return None if given is not None and name in variables.hidden_settings({name: given}) else given

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """The value, converted. Raises BadParameter for one that is empty."""
        on_the_line = ctx.get_parameter_source(self.name or "") is click.core.ParameterSource.COMMANDLINE
        given = value if isinstance(value, tuple | list) else (value,)
        if on_the_line and any(isinstance(one, str) and not one.strip(" \t\n,") for one in given):
            raise click.BadParameter("it is empty; expected a value, or leave it out", ctx=ctx, param=self)
        return super().type_cast_value(ctx, value)


class Number(click.FloatRange):
    """A number of a range; `nan` is in no range, though no comparison says so, and neither is `inf`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Fails for what is none."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


SECONDS = Number(0, 86400, min_open=True)
"""How long a command waits."""
PORT = click.IntRange(0, 65535)


def tell_of_variables(command: click.Command) -> None:
    """Warn of variables that this command would read if they were what they seem to be."""
    read = {str(given.envvar) for given in command.params if given.envvar}
    hidden = variables.hidden_settings(os.environ)
    for text in [*(hidden[name] for name in sorted(read & set(hidden))), *variables.misspelt(os.environ)]:
        click.echo(f"mockface: warning: {text}", err=True)
