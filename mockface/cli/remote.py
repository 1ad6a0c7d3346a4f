"""Commands that use a running server through its API."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import click

from mockface import operations
from mockface.cli.group import main
from mockface.cli.offline import code_of, number_of, operation_of, signed
from mockface.cli.options import PORT, SECONDS, Number, Setting
from mockface.errors import ApiError, Unreachable
from mockface.journal.text import call_line, verdict_text
from mockface.network import client
from mockface.operation import Operation
from mockface.operations import listing
from mockface.operations.digits import spelled
from mockface.privacy.masking import printable
from mockface.settings import DEFAULT_PORT, DEFAULT_TLS_PORT, variable
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.texts.escaping import json_text
from mockface.variables import URL_VARIABLE

_ASK_AGAIN_SECONDS = 0.1

_HOST = click.option(
    "--host", cls=Setting, default="127.0.0.1", envvar=variable("host"), show_envvar=True, show_default=True,
    help="Host of the server.",
)  # fmt: skip
_PORT = click.option(
    "--port", cls=Setting, type=PORT, default=DEFAULT_PORT, envvar=variable("port"), show_envvar=True,
    show_default=True, help="Port of the server.",
)  # fmt: skip
_TOKEN = click.option(
    "--token", cls=Setting, default="", envvar=variable("admin_token"), show_envvar=True,
    help="Its --admin-token, needed from another machine.",
)  # fmt: skip
_URL = click.option(
    "--url", cls=Setting, envvar=URL_VARIABLE, show_envvar=True,
    help="URL of the server.  [default: from host and port]",
)  # fmt: skip


def _of_a_server(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options for the address of a server, and passes the command a Client."""

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
            click.echo(f"mockface: {fault}; is it running? 'mockface' starts it, --url gives its address", err=True)
            raise SystemExit(2) from fault

    asking.__name__ = command.__name__
    for option in reversed(getattr(command, "__click_params__", [])):
        asking.__click_params__.append(option)  # type: ignore[attr-defined]
    return asking


@main.command(
    help="""Check whether a server is up.

    Exit status 0 if so, else 1: for HEALTHCHECK, and with --wait for scripts that start a server. It reads the server's
    own variables, so it also checks HTTPS if the server uses it; 'mockface doctor' checks whether a client trusts it.
    """
)
@click.option("--timeout", type=SECONDS, default=3.0, show_default=True, help="Seconds to wait for an answer.")
@click.option("--wait", type=SECONDS, help="Retry until the server is up, at most this many seconds.")
@_URL
@_HOST
@_PORT
@_TOKEN
@click.option("--tls", default="off", envvar=variable("tls"), hidden=True)
@click.option("--tls-cert", default="", envvar=variable("tls_cert"), hidden=True)
@click.option(
    "--tls-port", cls=Setting, type=PORT, envvar=variable("tls_port"),
    help="Its HTTPS port, to check it too.  [default: from the server's variables]",
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
    """Its health report, retried until it answers or the time is over. Raises Unreachable, ApiError."""
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
    help="""Make a call; show the answer and its explanation.

    OUTCOME is a code such as -5803 or NAME_MISMATCH, or an ID number.
    """,
)
@click.argument("outcome", default=listing.PAGE_NUMBER)
@click.option(
    "--form", type=click.Choice(client.FORMS), default="json-url", show_default=True, help="How the picture is sent."
)
@click.option("--name", default=listing.PAGE_NAME, show_default=True, help="The person's name.")
@click.option(
    "--lane",
    type=click.IntRange(1, 28),
    default=1,
    show_default=True,
    help="Day in the number, 01 to 28; one for each parallel test.",
)
@click.option(
    "--operation",
    default=lambda: operations.OPERATIONS[0].name,
    help="The operation to call.  [default: the first]",
)
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="An additional field to send; repeatable.")
@_of_a_server
def try_(
    server: client.Client, outcome: str, operation: str, fields: tuple[str, ...], form: str, name: str, lane: int
) -> None:
    chosen = operation_of(operation)
    number = outcome
    if not chosen.table.number and outcome != listing.PAGE_NUMBER:
        fields = (_spelling(chosen, outcome), *fields)
    elif len(outcome) not in (15, 18) or not outcome[:15].isdigit():
        try:
            number = number_of(outcome, lane)
        except ValueError as fault:
            raise click.UsageError(str(fault)) from fault
    if chosen is operations.OPERATIONS[0] and not fields:
        answer = server.call(form, number, name, signed(600))
    else:
        answer = _example_answer(server, chosen, number, name, fields)
    click.echo(printable(f"HTTP {answer.status}  {answer.body.decode('utf-8', 'backslashreplace')}"))
    call_id = answer.headers.get("x-mockface-request-id")
    if call_id:
        click.echo(verdict_text(server.get(f"/_mockface/calls/{call_id}")))
    else:
        text = "the answer has no call id (the server runs with --no-hints); 'mockface calls' shows it"
        click.echo(f"mockface: {text}", err=True)


def _spelling(operation: Operation, outcome: str) -> str:
    """The field of an operation without a number whose digits spell a code. Raises UsageError where none does."""
    field = next((name for name in ("validate_data", "ValidateData") if name in operation.table.text), None)
    try:
        digits = str(code_of(outcome).number).removeprefix("-")
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault
    if field is None or spelled(digits) is None:
        raise click.UsageError(
            f"{operation.name} names no person, so no number makes it answer {outcome}; add a scenario under its name: "
            f"scenarios: {{ {operation.name}: {{ code: {code_of(outcome).number} }} }}"
        )
    return f"{field}={digits}"


def _example_answer(
    server: client.Client, operation: Operation, number: str, name: str, fields: tuple[str, ...]
) -> client.Reply:
    """The reply to the operation's example request, with these fields."""
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

    CALL_ID is the X-Mockface-Request-Id of its answer, or in API 3.0 its RequestId.
    """
)
@click.argument("call_id")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_of_a_server
def verdict(server: client.Client, call_id: str, as_json: bool) -> None:
    call = server.get(f"/_mockface/calls/{client.quoted(call_id)}")
    click.echo(json_text(call, indent=2) if as_json else verdict_text(call))


@main.command(help="Print calls as they arrive, one line each.")
@click.option(
    "--last",
    default=20,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="How many earlier calls to print first.",
)
@click.option("--follow/--no-follow", default=True, show_default=True, help="Wait for further calls.")
@click.option("--number", help="Only calls of this ID number.")
@click.option("--code", help="Only calls with this code, by number or name.")
@click.option("--seq", help="Only calls with this seq or session_id.")
@_of_a_server
def calls(
    server: client.Client, last: int, follow: bool, number: str | None, code: str | None, seq: str | None
) -> None:
    shown: set[str] = set()

    def so_far() -> None:
        query = client.query(number=number, code=code, seq=seq, limit=max(last, 1))
        for call in reversed(server.get(f"/_mockface/calls{query}")[:last]):
            click.echo(call_line(call))
            shown.add(call["id"])

    if not follow:
        so_far()
        return
    for call in server.events(client.query(number=number, code=code, seq=seq), opened=so_far):
        if call["id"] not in shown:
            click.echo(call_line(call))


@main.command(
    help="""Print which codes a server has answered.

    Also which forms of input and faults, since its start or the last reset.
    """
)
@click.option(
    "--fail-under", type=Number(0, 100), help="Exit status 1 if a smaller percentage of the codes was answered."
)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@_of_a_server
def coverage(server: client.Client, fail_under: float | None, form: str) -> None:
    from mockface.journal import coverage as covering

    report = server.get("/_mockface/coverage")
    text = {"text": covering.as_text, "markdown": covering.as_markdown}.get(form)
    click.echo(text(report) if text else json_text(report, indent=2))
    if fail_under is not None and report["percent"] < fail_under:
        click.echo(
            f"mockface: {report['percent']} % of the codes were answered; --fail-under expects {fail_under:g} %",
            err=True,
        )
        raise SystemExit(1)


@main.command(
    help="""Reset the state of a server.

    Everything, or only the named parts.
    """
)
@click.option("--counters", is_flag=True, help="Call counts of numbers, rates, single-use signatures.")
@click.option("--journal", is_flag=True, help="The calls and the coverage.")
@click.option("--scenarios", is_flag=True, help="Scenarios added at run time.")
@click.option("--clock", is_flag=True, help="Back to the machine's time.")
@click.option("--switches", is_flag=True, help="Signature mode and account states back to their defaults.")
@_of_a_server
def reset(server: client.Client, **what: bool) -> None:
    done = server.post("/_mockface/reset", what)
    click.echo(f"reset: {', '.join(name for name, chosen in done.items() if chosen)}")
