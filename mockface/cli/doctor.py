"""`doctor`: explains why a client does not reach mockface."""

from __future__ import annotations

from dataclasses import asdict

import click

from mockface.cli.group import main
from mockface.cli.options import PORT, SECONDS, Setting
from mockface.network import client
from mockface.settings import DEFAULT_PORT, variable
from mockface.texts.escaping import json_text
from mockface.variables import URL_VARIABLE


@main.command(
    "doctor",
    help="""Explain why a client does not reach mockface.

    Run it where the client runs, with the client's environment. It checks proxy, name, port, certificate, version,
    clock and scenarios, and prints a fix for each fault. Exit status 1 if there is a fault.
    For a client with a fixed host: --url https://recognition.image.myqcloud.com.
    """,
)
@click.option(
    "--url", cls=Setting, envvar=URL_VARIABLE, show_envvar=True,
    help="The URL that the client calls.  [default: from host and port]",
)  # fmt: skip
@click.option("--host", cls=Setting, default="127.0.0.1", envvar=variable("host"), show_default=True)
@click.option("--port", cls=Setting, type=PORT, default=DEFAULT_PORT, envvar=variable("port"), show_default=True)
@click.option("--timeout", type=SECONDS, default=10.0, show_default=True, help="Seconds to wait in each step.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def doctor_(url: str | None, host: str, port: int, timeout: float, as_json: bool) -> None:
    from mockface import doctor

    try:
        target = doctor.target_of(url or client.url_of(host, port), timeout=timeout)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault
    found = []
    for finding in doctor.examine(target):
        found.append(finding)
        if not as_json:
            click.echo(f"{finding.state:<5}  {finding.look:<11}  {finding.says}")
            if finding.mend:
                click.echo(f"{'':<7}{'fix:':<11}  {finding.mend}")
    if as_json:
        click.echo(json_text([asdict(one) for one in found], indent=2))
    faults = sum(one.state == "fault" for one in found)
    if not as_json:
        click.echo(
            f"{target.url}: {f'{faults} fault' + 's' * (faults > 1) if faults else 'a client here reaches mockface'}"
        )
    raise SystemExit(1 if faults else 0)
