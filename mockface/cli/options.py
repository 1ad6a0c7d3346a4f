"""Types of command-line options, which reject empty values, non-numbers and Kubernetes service links."""

from __future__ import annotations

import math
import os
from typing import Any

import click

from mockface import variables


class Setting(click.Option):
    """An option with an environment variable; a service link in the variable is ignored, an empty flag is refused.

    An empty variable counts as unset, as in shell scripts; an empty flag is usually `--token "$TOKEN"` without a TOKEN.
    """

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """The value of the variable, if it was set for mockface."""
        given = super().resolve_envvar_value(ctx)
        name = str(self.envvar)
        return None if given is not None and name in variables.hidden_settings({name: given}) else given

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """The converted value. Raises BadParameter if it is empty."""
        on_the_line = ctx.get_parameter_source(self.name or "") is click.core.ParameterSource.COMMANDLINE
        given = value if isinstance(value, tuple | list) else (value,)
        if on_the_line and any(isinstance(one, str) and not one.strip(" \t\n,") for one in given):
            raise click.BadParameter("it is empty; expected a value, or leave the option out", ctx=ctx, param=self)
        return super().type_cast_value(ctx, value)


class Number(click.FloatRange):
    """A number within a range; `nan` and `inf` are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Fails if the value is not a finite number."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


SECONDS = Number(0, 86400, min_open=True)
"""How long a command waits, in seconds."""
PORT = click.IntRange(0, 65535)


def tell_of_variables(command: click.Command) -> None:
    """Warn of misspelt variables that this command probably should read."""
    read = {str(given.envvar) for given in command.params if given.envvar}
    hidden = variables.hidden_settings(os.environ)
    for text in [*(hidden[name] for name in sorted(read & set(hidden))), *variables.misspelt(os.environ)]:
        click.echo(f"mockface: warning: {text}", err=True)
