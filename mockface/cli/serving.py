"""`serve` and `check`: the commands that read scenario files."""

from __future__ import annotations

import gc
import logging
import os
import re
import secrets
import socket
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mockface import variables
from mockface.cli import output
from mockface.cli.banner import banner
from mockface.cli.group import main
from mockface.cli.options import Setting
from mockface.errors import (
    BadValue,
    CannotListen,
    CannotServeTls,
    CannotShare,
    CannotUseKeys,
    ScenarioMistakes,
    StoreLost,
)
from mockface.network.storeurl import store_address
from mockface.settings import TABLE, Settings, flag, variable
from mockface.signature import making
from mockface.signature.accounts import TEST_ACCOUNT

if TYPE_CHECKING:
    from mockface.web.app import App
    from mockface.web.background import Background
    from mockface.web.serving.readyfile import ReadyFile
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
    with log.start(settings, background) if settings.workers == 1 else log.unthreaded(settings):
        for text in (*variables.hidden_settings(os.environ).values(), *variables.foreign(os.environ)):
            logger.warning("%s", text)
        _serve(settings, background)


def _serve(settings: Settings, background: Background) -> None:
    from mockface.web.serving.run import address_of
    from mockface.web.serving.run import serve as run

    app = _app(settings, background)
    listening = _listening(settings)
    app.ca = listening.tls.ca if listening.tls else None
    addresses = [address_of(listening.http[0]), *(address_of(one, "https") for one in listening.https[:1])]
    authorization = making.value(TEST_ACCOUNT, time.time(), secrets.randbelow(10**10))
    said = banner(settings, addresses, len(app.emulator.scenarios), authorization)
    ready = _ready_file(settings, addresses)

    def say() -> None:
        _say(said)
        if ready is not None:
            ready.appear()
        # Exempts the loaded scenarios, which can be hundreds of thousands, from garbage collection.
        gc.freeze()

    status = 0
    try:
        if settings.workers > 1:
            status = _with_workers(settings, background, app, listening, say)
        else:
            run(app, listening.http[0], say, listening.secure(0))
    except (CannotShare, StoreLost) as fault:
        raise _refused(fault) from fault
    finally:
        if ready is not None:
            ready.vanish()
    if status:
        raise SystemExit(status)


def _app(settings: Settings, background: Background) -> App:
    """What serves; a mistake that keeps it from serving ends the command with status 2."""
    from mockface.web.app import App

    if settings.store:
        _client_of_stores()
    try:
        app = App(settings, background)
    except ScenarioMistakes as mistakes:
        _refuse(list(mistakes.diagnostics))
    except BadValue as fault:
        raise _refused(fault) from fault
    except CannotUseKeys as fault:
        raise _refused(f"--keys: {fault}") from fault
    app.loading.alone = True
    if settings.store:
        from mockface.sharing.link import must_answer

        try:
            must_answer(store_address(settings.store))
        except CannotShare as fault:
            raise _refused(fault) from fault
    return app


def _client_of_stores() -> None:
    """Refuse to serve without the library that asks a store."""
    try:
        import_module("mockface.sharing.link")
    except ModuleNotFoundError as fault:
        if fault.name != "redis":
            raise
        raise _refused(
            "--store needs the library redis, which is not installed; install mockface[redis]: "
            "'python3 -m pip install redis' adds it"
        ) from fault


class _Listening(NamedTuple):
    """The sockets of HTTP and of HTTPS, one of each for each process, and the TLS settings, None without HTTPS."""

    http: list[socket.socket]
    https: list[socket.socket]
    tls: Tls | None

    def secure(self, at: int) -> tuple[socket.socket, Tls] | None:
        """What the process at this place serves HTTPS with."""
        return (self.https[at], self.tls) if self.tls else None


def _listening(settings: Settings) -> _Listening:
    from mockface.web.serving.run import listen

    try:
        tls = _tls_of(settings)
        if settings.workers == 1:
            return _Listening([listen(settings)], [listen(settings, "tls_port")] if tls else [], tls)
        from mockface.web.serving import workers

        if not workers.can_fork():
            raise click.UsageError("--workers needs a system that can fork processes, such as Linux; expected 1 here")
        count = settings.workers
        secure = workers.listen(settings, count, "tls_port") if tls else []
        return _Listening(workers.listen(settings, count), secure, tls)
    except CannotListen as fault:
        raise _refused(fault) from fault


def _with_workers(
    settings: Settings, background: Background, app: App, listening: _Listening, say: Callable[[], None]
) -> int:
    from mockface.web import log
    from mockface.web.serving.run import serve as run
    from mockface.web.serving.workers import Workers

    def work(number: int, is_ready: Callable[[], None]) -> None:
        app.forked()
        at = number - 1
        for kind in (listening.http, listening.https):
            for other in {*kind} - {*kind[at : at + 1]}:
                other.close()
        with log.start(settings, background, number):
            try:
                run(app, listening.http[at], is_ready, listening.secure(at))
            except (CannotShare, StoreLost) as fault:
                raise _refused(fault) from fault

    # What is there before the processes part is shared by them, as long as none of them changes it.
    gc.freeze()
    return Workers(settings.workers, work, say).run()


def _ready_file(settings: Settings, addresses: list[str]) -> ReadyFile | None:
    from mockface.web.serving.readyfile import ReadyFile

    try:
        return ReadyFile(Path(settings.ready_file), *addresses) if settings.ready_file else None
    except OSError as fault:
        raise _refused(
            f"--ready-file {settings.ready_file}: {fault.strerror}; "
            "expected the path of a file, in a folder that exists and is writable"
        ) from fault


def _refused(why: object) -> SystemExit:
    """Says why nothing is served; to be raised."""
    click.echo(f"mockface: {why}", err=True)
    return SystemExit(2)


def _tls_of(settings: Settings) -> Tls | None:
    """The TLS settings, None without HTTPS."""
    if settings.tls == "off" and not settings.tls_cert:
        return None
    from mockface.web.serving.tls import prepare

    try:
        return prepare(settings, time.time())
    except CannotServeTls as fault:
        raise _refused(fault) from fault


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
