"""Commands that ask a running server, over the API that everyone else uses."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import click

from mockface import operations
from mockface.cli.group import main
from mockface.cli.offline import number_of, operation_of, signed
from mockface.cli.options import PORT, SECONDS, Number, Setting
from mockface.errors import ApiError, Unreachable
from mockface.journal.text import call_line, verdict_text
from mockface.network import client
from mockface.operation import IMAGE_API, Operation
from mockface.operations import listing
from mockface.privacy.masking import printable
from mockface.settings import DEFAULT_PORT, DEFAULT_TLS_PORT, variable
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.texts.escaping import json_text
from mockface.variables import URL_VARIABLE

_ASK_AGAIN_SECONDS = 0.1

_HOST = click.option(
    "--host", cls=Setting, default="127.0.0.1", envvar=variable("host"), show_envvar=True, show_default=True,
    help="Where the server is.",
)  # fmt: skip
_PORT = click.option(
    "--port", cls=Setting, type=PORT, default=DEFAULT_PORT, envvar=variable("port"), show_envvar=True,
    show_default=True, help="Its port.",
)  # fmt: skip
_TOKEN = click.option(
    "--token", cls=Setting, default="", envvar=variable("admin_token"), show_envvar=True,
    help="Its --admin-token, from another machine.",
)  # fmt: skip
_URL = click.option(
    "--url", cls=Setting, envvar=URL_VARIABLE, show_envvar=True,
    help="Where the server is.  [default: from host and port]",
)  # fmt: skip


def _of_a_server(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where the server is, made into a Client."""

    @_URL
    @_HOST
    @_PORT
    @_TOKEN
    def asking(url: str | None, host: str, port: int, token: str, **values: Any) -> None:
        server = client.Client(url or client.url_of(host, port), token)
        try:
            command(server, **values)
        except ApiError as fault:
            click.echo(f"mockface: {fault}", err=True)
            raise SystemExit(2) from fault
        except Unreachable as fault:
            click.echo(f"mockface: {fault}; is it running? 'mockface' starts it, --url says where it is", err=True)
            raise SystemExit(2) from fault

    asking.__name__ = command.__name__
    for option in reversed(getattr(command, "__click_params__", [])):
        asking.__click_params__.append(option)  # type: ignore[attr-defined]
    return asking


@main.command(
    help="""Ask a running server whether it is up.

    Exit status 0 if so, else 1: for HEALTHCHECK, and with --wait for scripts that start a server. It reads the server's
    own variables, so that HTTPS is asked as well where it is served; 'mockface doctor' says whether a client trusts it.
    """
)
@click.option("--timeout", type=SECONDS, default=3.0, show_default=True, help="Seconds to wait for an answer.")
@click.option(
    "--wait", type=SECONDS, help="Seconds in which it may come up: ask again until it is up or they are over."
)
@_URL
@_HOST
@_PORT
@_TOKEN
@click.option("--tls", default="off", envvar=variable("tls"), hidden=True)
@click.option("--tls-cert", default="", envvar=variable("tls_cert"), hidden=True)
@click.option(
    "--tls-port", cls=Setting, type=PORT, envvar=variable("tls_port"),
    help="Its port for HTTPS, to ask there as well.  [default: where the server's variables say that it serves HTTPS]",
)  # fmt: skip
def health(
    url: str | None, host: str, port: int, token: str, timeout: float, wait: float | None, tls: str, tls_cert: str,
    tls_port: int | None,
) -> None:  # fmt: skip
    urls = [url or client.url_of(host, port)]
    context = click.get_current_context()
    asked = context.get_parameter_source("tls_port") is click.core.ParameterSource.COMMANDLINE
    if asked or (url is None and (tls == "auto" or tls_cert)):
        urls.append(client.url_of(host, DEFAULT_TLS_PORT if tls_port is None else tls_port, "https"))
    ends = time.monotonic() + (wait or 0)
    for one in urls:
        try:
            answer = _health_of(client.Client(one, token, context=client.untrusting()), timeout, ends)
        except (Unreachable, ApiError) as fault:
            click.echo(f"down: {one}: {fault}" + (f"; waited {wait:g} s" if wait else ""), err=True)
            raise SystemExit(1) from fault
        click.echo(f"up: {one} says {json_text(answer)}")
        if answer.get("status") != "ok":
            for part in answer.get("background", ()):
                click.echo(f"not well: {one}: {part['part']} is {part['state']}: {part['why']}", err=True)


def _health_of(server: client.Client, timeout: float, ends: float) -> Any:
    """What it says of its health, asked again until it answers or that time has come. Raises Unreachable, ApiError."""
    while True:
        left = ends - time.monotonic()
        try:
            return server.get("/_mockface/health", timeout=min(timeout, left) if left > 0 else timeout)
        except (Unreachable, ApiError):
            if left <= _ASK_AGAIN_SECONDS:
                raise
        time.sleep(_ASK_AGAIN_SECONDS)


@main.command(
    "try",
    context_settings={"ignore_unknown_options": True},
    help="""Make a call and show answer and verdict.

    OUTCOME is a code such as -5803 or NAME_MISMATCH, or an ID number.
    """,
)
@click.argument("outcome", default=listing.PAGE_NUMBER)
@click.option(
    "--form", type=click.Choice(client.FORMS), default="json-url", show_default=True, help="How the picture is sent."
)
@click.option("--name", default=listing.PAGE_NAME, show_default=True, help="The person's name.")
@click.option("--lane", type=click.IntRange(1, 28), default=1, show_default=True, help="The day, 01 to 28.")
@click.option(
    "--operation",
    default=lambda: operations.OPERATIONS[0].name,
    help="Which operation is called.  [default: the first]",
)
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="A field to send besides; repeatable.")
@_of_a_server
def try_(
    server: client.Client, outcome: str, operation: str, fields: tuple[str, ...], form: str, name: str, lane: int
) -> None:
    number = outcome
    if len(outcome) not in (15, 18) or not outcome[:15].isdigit():
        try:
            number = number_of(outcome, lane)
        except ValueError as fault:
            raise click.UsageError(str(fault)) from fault
    chosen = operation_of(operation)
    if chosen.dialect is IMAGE_API and chosen.table.pictures and not fields:
        answer = server.call(form, number, name, signed(600))
    else:
        answer = _example_answer(server, chosen, number, name, fields)
    click.echo(printable(f"HTTP {answer.status}  {answer.body.decode('utf-8', 'backslashreplace')}"))
    call_id = answer.headers.get("x-mockface-request-id")
    if call_id:
        click.echo(verdict_text(server.get(f"/_mockface/calls/{call_id}")))
    else:
        text = "the answer names no call, so there is no verdict (--no-hints hides it); 'mockface calls' shows its id"
        click.echo(f"mockface: {text}", err=True)


def _example_answer(
    server: client.Client, operation: Operation, number: str, name: str, fields: tuple[str, ...]
) -> client.Reply:
    """The answer to the operation's own example, with these fields."""
    sent = {operation.table.number: number, operation.table.name: name}
    for field in fields:
        key, parted, value = field.partition("=")
        if not parted:
            raise click.UsageError(f"--field is {field}; expected NAME=VALUE, such as session_id=abc")
        sent[key] = value
    sent.pop("", None)
    made = operation.example(sent, TEST_ACCOUNT, time.time(), secrets.randbelow(10**10), urlsplit(server.url).netloc)
    return server.send("POST", operation.path, made.body, made.headers)


@main.command(
    help="""Explain one call.

    CALL_ID is what its answer's X-Mockface-Request-Id says; of API 3.0 its RequestId does as well.
    """
)
@click.argument("call_id")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_of_a_server
def verdict(server: client.Client, call_id: str, as_json: bool) -> None:
    call = server.get(f"/_mockface/calls/{client.quoted(call_id)}")
    click.echo(json_text(call, indent=2) if as_json else verdict_text(call))


@main.command(help="Print the calls, one line each, as they come.")
@click.option("--last", default=20, show_default=True, type=click.IntRange(0, 10_000), help="How many to begin with.")
@click.option("--follow/--no-follow", default=True, show_default=True, help="Go on as they come.")
@click.option("--number", help="Only calls of this ID number.")
@click.option("--code", help="Only calls with this code, by number or name.")
@_of_a_server
def calls(server: client.Client, last: int, follow: bool, number: str | None, code: str | None) -> None:
    shown: set[str] = set()

    def so_far() -> None:
        query = client.query(number=number, code=code, limit=max(last, 1))
        for call in reversed(server.get(f"/_mockface/calls{query}")[:last]):
            click.echo(call_line(call))
            shown.add(call["id"])

    if not follow:
        so_far()
        return
    for call in server.events(client.query(number=number, code=code), opened=so_far):
        if call["id"] not in shown:
            click.echo(call_line(call))


@main.command(
    help="""Print which codes a server was asked for.

    And which forms of input and faults, since its start or the last reset.
    """
)
@click.option("--fail-under", type=Number(0, 100), help="Exit status 1 if fewer per cent of the codes were met.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@_of_a_server
def coverage(server: client.Client, fail_under: float | None, form: str) -> None:
    from mockface.journal import coverage as covering

    report = server.get("/_mockface/coverage")
    text = {"text": covering.as_text, "markdown": covering.as_markdown}.get(form)
    click.echo(text(report) if text else json_text(report, indent=2))
    if fail_under is not None and report["percent"] < fail_under:
        click.echo(
            f"mockface: {report['percent']} % of the codes were met, --fail-under wants {fail_under:g} %", err=True
        )
        raise SystemExit(1)


@main.command(
    help="""Reset what a server remembers.

    All of it, or only what is named.
    """
)
@click.option("--counters", is_flag=True, help="How often numbers were called, rates, single-use signatures.")
@click.option("--journal", is_flag=True, help="The calls and the coverage.")
@click.option("--scenarios", is_flag=True, help="Scenarios that were added at run time.")
@click.option("--clock", is_flag=True, help="Back to the machine's time.")
@click.option("--switches", is_flag=True, help="Signature mode and account states back to their defaults.")
@_of_a_server
def reset(server: client.Client, **what: bool) -> None:
    done = server.post("/_mockface/reset", what)
    click.echo(f"reset: {', '.join(name for name, chosen in done.items() if chosen)}")
