"""`serve` and `check`: the commands that read scenario files."""

from __future__ import annotations

import gc
import logging
import os
import re
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockface import variables
from mockface.cli import output
from mockface.cli.banner import banner
from mockface.cli.group import main
from mockface.cli.options import Setting
from mockface.errors import BadValue, CannotListen, CannotServeTls, CannotShare, CannotUseKeys, ScenarioMistakes
from mockface.network.storeurl import store_address
from mockface.settings import TABLE, Settings, flag, variable
from mockface.signature import making
from mockface.signature.accounts import TEST_ACCOUNT

if TYPE_CHECKING:
    from mockface.web.background import Background
    from mockface.web.serving.tls import Tls

logger = logging.getLogger("mockface")


def _setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds every setting of the table as an option with its variable."""
    for setting in reversed(TABLE):
        help_text = setting.metadata["help"]
        choices = setting.metadata.get("choices")
        options: dict[str, Any] = {
            "cls": Setting,
            "help": help_text,
            "envvar": variable(setting.name),
            "show_envvar": True,
        }
        if isinstance(setting.default, bool):
            options.update(is_flag=True, default=False)
        elif isinstance(setting.default, tuple):
            path_like = setting.name == "scenarios"
            options.update(multiple=True, type=click.Path() if path_like else str)
            options["metavar"] = "PATH" if path_like else "NAME"
        else:
            kind = click.Choice(choices) if choices else type(setting.default)
            options.update(default=setting.default, type=kind, show_default=True)
        command = click.option(flag(setting.name), setting.name, **options)(command)
    return command


def _settings(values: dict[str, Any]) -> Settings:
    lists = {name: _names(given) for name, given in values.items() if isinstance(given, tuple) and name != "scenarios"}
    if not all(values["scenarios"]):
        raise click.UsageError(
            f"{variable('scenarios')} has an empty path; expected files or folders, {os.pathsep} between"
        )
    try:
        settings = Settings(**{**values, **lists, "scenarios": tuple(map(Path, values["scenarios"]))})
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault
    source = click.get_current_context().get_parameter_source("tls_port")
    if source is click.core.ParameterSource.COMMANDLINE and not settings.serves_tls:
        raise click.UsageError("--tls-port needs HTTPS; add --tls auto or --tls-cert")
    return settings


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    """The names in a setting that is repeatable or comma-separated."""
    return tuple(name for one in given for name in re.split(r"[,\s]+", one) if name)


@main.command(
    help="""Serve until stopped.

    Ctrl-C and SIGTERM stop it; calls in flight are finished first.
    """
)
@_setting_options
def serve(**values: Any) -> None:
    wrong = variables.misspelt(os.environ)
    if wrong:
        raise click.UsageError("\n".join(wrong))
    settings = _settings(values)
    from mockface.web import log
    from mockface.web.background import Background

    background = Background()
    with log.start(settings, background):
        for text in (*variables.hidden_settings(os.environ).values(), *variables.foreign(os.environ)):
            logger.warning("%s", text)
        _serve(settings, background)


def _serve(settings: Settings, background: Background) -> None:

    from mockface.web.app import App
    from mockface.web.serving.readyfile import ReadyFile
    from mockface.web.serving.run import address_of, listen
    from mockface.web.serving.run import serve as run

    try:
        app = App(settings, background)
    except ScenarioMistakes as mistakes:
        _refuse(list(mistakes.diagnostics))
    except BadValue as fault:
        click.echo(f"mockface: {fault}", err=True)
        raise SystemExit(2) from fault
    except CannotUseKeys as fault:
        click.echo(f"mockface: --keys: {fault}", err=True)
        raise SystemExit(2) from fault
    if settings.store:
        _must_share(settings)
    try:
        tls = _tls_of(settings)
        bound = listen(settings)
        secure = (listen(settings, "tls_port"), tls) if tls else None
    except CannotListen as fault:
        click.echo(f"mockface: {fault}", err=True)
        raise SystemExit(2) from fault
    app.ca = tls.ca if tls else None
    app.loading.alone = True
    addresses = [address_of(bound), *([address_of(secure[0], "https")] if secure else [])]
    authorization = making.value(TEST_ACCOUNT, time.time(), secrets.randbelow(10**10))
    said = banner(settings, addresses, len(app.emulator.scenarios), authorization)
    try:
        ready = ReadyFile(Path(settings.ready_file), *addresses) if settings.ready_file else None
    except OSError as fault:
        click.echo(
            f"mockface: --ready-file {settings.ready_file}: {fault.strerror}; "
            "expected the path of a file, in a folder that exists and is writable",
            err=True,
        )
        raise SystemExit(2) from fault

    def say() -> None:
        _say(said)
        if ready is not None:
            ready.appear()
        # Exempts the loaded scenarios, which can be hundreds of thousands, from garbage collection.
        gc.freeze()

    try:
        run(app, bound, say, secure)
    finally:
        if ready is not None:
            ready.vanish()


def _must_share(settings: Settings) -> None:
    """Look for the store before anything listens."""
    from mockface.sharing.link import must_answer

    try:
        must_answer(store_address(settings.store))
    except CannotShare as fault:
        click.echo(f"mockface: {fault}", err=True)
        raise SystemExit(2) from fault


def _tls_of(settings: Settings) -> Tls | None:
    """The TLS settings, None without HTTPS."""
    if settings.tls == "off" and not settings.tls_cert:
        return None
    from mockface.web.serving.tls import prepare

    try:
        return prepare(settings, time.time())
    except CannotServeTls as fault:
        click.echo(f"mockface: {fault}", err=True)
        raise SystemExit(2) from fault


def _say(text: str) -> None:
    """Print it if possible: a full disk must not keep the server from serving."""
    try:
        click.echo(text)
    except OSError:
        output.give_up(sys.stdout)


def _refuse(diagnostics: list[Any]) -> None:
    _print_diagnostics(diagnostics)
    raise SystemExit(2)


def _print_diagnostics(diagnostics: list[Any]) -> int:
    """Print them to standard error; returns the number of mistakes, without warnings."""
    for diagnostic in diagnostics:
        click.echo(str(diagnostic), err=True)
    mistakes = sum(not diagnostic.warning for diagnostic in diagnostics)
    if mistakes:
        click.echo(f"mockface: {mistakes} mistake{'s' * (mistakes != 1)} in the scenario files", err=True)
    return mistakes


@main.command(
    help="""Check scenario files or folders.

    Prints each mistake with file:line:column and a correct example; exit status 2 if there is one.
    """
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--deny-real-ids", is_flag=True, help="Treat numbers that look like a real person's as mistakes.")
def check(paths: tuple[Path, ...], deny_real_ids: bool) -> None:
    from mockface import operations
    from mockface.operation import every_code, nameless
    from mockface.scenariofiles import files, reader
    from mockface.scenariofiles.merged import Loaded, assemble

    own = reader.load(
        paths,
        time.time(),
        deny_real_ids=deny_real_ids,
        codes=every_code(operations.OPERATIONS),
        names=nameless(operations.OPERATIONS),
    )
    _, diagnostics = assemble(own, Loaded())
    if _print_diagnostics(diagnostics):
        raise SystemExit(2)
    found, _ = files.files_in(paths)
    click.echo(f"{len(found)} file(s), {len(own.scenarios)} scenarios, {len(own.accounts)} accounts: no mistakes")
