"""The command `mockface`: `serve`, and the small tools around it.

Exit status: 0 well, 1 the answer is no (`health`), 2 something was given that cannot be used. The web framework is
imported by `serve` alone.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mockface import __version__, codes, idcard, listing, signature
from mockface.accounts import TEST_ACCOUNT
from mockface.settings import TABLE, Settings, flag, variable

LIFE_SECONDS = 30 * 24 * 3600
"""How long `mockface sign` lets a signature live: what applications of the field used."""


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


def _setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Every setting of the table as an option with its variable."""
    for setting in reversed(TABLE):
        help_text = setting.metadata["help"]
        choices = setting.metadata.get("choices")
        options: dict[str, Any] = {"help": help_text, "envvar": variable(setting.name), "show_envvar": True}
        if isinstance(setting.default, bool):
            options.update(is_flag=True, default=False)
        elif isinstance(setting.default, tuple):
            path_like = setting.name == "scenarios"
            options.update(multiple=True, type=click.Path(path_type=Path) if path_like else str)
            options["metavar"] = "PATH" if path_like else "NAME"
        else:
            kind = click.Choice(choices) if choices else type(setting.default)
            options.update(default=setting.default, type=kind, show_default=True)
        command = click.option(flag(setting.name), setting.name, **options)(command)
    return command


def _settings(values: dict[str, Any]) -> Settings:
    hosts = [name for given in values["hosts"] for name in re.split(r"[,\s]+", given) if name]
    try:
        return Settings(**{**values, "hosts": tuple(hosts), "scenarios": tuple(values["scenarios"])})
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault


@main.command()
@_setting_options
def serve(**values: Any) -> None:
    """Serve until told to stop.

    Ctrl-C and SIGTERM stop it; calls in flight are finished first.
    """
    settings = _settings(values)
    from mockface.web.app import App, ScenarioMistakes, build_emulator
    from mockface.web.server import CannotListen, address_of, listen
    from mockface.web.server import serve as run

    try:
        emulator = build_emulator(settings)
    except ScenarioMistakes as mistakes:
        _refuse(mistakes.complaints)
    try:
        bound = listen(settings)
    except CannotListen as fault:
        click.echo(f"mockface: {fault}", err=True)
        raise SystemExit(2) from fault
    banner = listing.banner(settings, address_of(bound), len(emulator.scenarios), _signed(LIFE_SECONDS))
    run(App(settings, emulator), bound, settings, lambda: click.echo(banner))


def _refuse(complaints: list[Any]) -> None:
    _print_complaints(complaints)
    raise SystemExit(2)


def _print_complaints(complaints: list[Any]) -> int:
    """Print them to the standard error; the number of mistakes, warnings apart."""
    for complaint in complaints:
        click.echo(str(complaint), err=True)
    mistakes = sum(not complaint.warning for complaint in complaints)
    if mistakes:
        click.echo(f"mockface: {mistakes} mistake{'s' * (mistakes != 1)} in the scenario files", err=True)
    return mistakes


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--deny-real-ids", is_flag=True, help="Numbers that look like a real person's are mistakes.")
def check(paths: tuple[Path, ...], deny_real_ids: bool) -> None:
    """Check scenario files or folders.

    Every mistake is printed with file:line:column and what would work; exit status 2 if there is one.
    """
    from mockface import reading

    own = reading.load(paths, time.time(), deny_real_ids=deny_real_ids)
    _, complaints = reading.assemble(own, reading.Loaded())
    if _print_complaints(complaints):
        raise SystemExit(2)
    files, _ = reading.files_in(paths)
    click.echo(f"{len(files)} file(s), {len(own.scenarios)} scenarios, {len(own.accounts)} accounts: no mistakes")


@main.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from mockface.schema import schema_text

    click.echo(schema_text(), nl=False)


@main.command("codes")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def codes_(as_json: bool) -> None:
    """Print every code.

    Number, HTTP status, name, wire message and both meanings; `*` marks what is assumed, not seen on the wire.
    """
    click.echo(json.dumps(listing.codes_as_data(), ensure_ascii=False, indent=2) if as_json else listing.codes_table())


_LANE = click.option("--lane", type=click.IntRange(1, 28), default=1, show_default=True, help="The day, 01 to 28.")


@main.command("id", context_settings={"ignore_unknown_options": True})
@click.argument("code", required=False)
@click.option("--similarity", type=float, help="The number of a success instead: 0 to 100, one decimal.")
@click.option("--delay", type=float, help="The number of a success that comes so many seconds late.")
@click.option(
    "--fault", type=click.Choice(list(idcard.FAULT_SEQUENCES)), help="The number of a fault of the transport."
)
@click.option("--story", type=click.Choice(list(idcard.STORY_SEQUENCES)), help="The number of a story for retries.")
@_LANE
def id_(
    code: str | None, similarity: float | None, delay: float | None, fault: str | None, story: str | None, lane: int
) -> None:
    """Print the ID number for a code.

    CODE is a number such as -5803 or a name such as NAME_MISMATCH.
    """
    if sum(given is not None for given in (code, similarity, delay, fault, story)) != 1:
        raise click.UsageError("give a code (mockface id -5803), or one of --similarity, --delay, --fault, --story")
    try:
        if code is not None:
            click.echo(idcard.number_for_code(_code(code), lane))
        elif similarity is not None:
            click.echo(idcard.number_for_similarity(similarity, lane))
        elif delay is not None:
            click.echo(idcard.number_for_delay(delay, lane))
        elif fault is not None:
            click.echo(idcard.number_for(idcard.MONTH_OF_FAULTS, lane, idcard.FAULT_SEQUENCES[fault]))
        elif story is not None:
            click.echo(idcard.number_for(idcard.MONTH_OF_STORIES, lane, idcard.STORY_SEQUENCES[story]))
    except ValueError as fault_:
        raise click.UsageError(str(fault_)) from fault_


def _code(said: str) -> codes.Code:
    found = codes.BY_NAME.get(said.upper().replace("-", "_"))
    if found is None and re.fullmatch(r"-?[0-9]{1,6}", said, re.ASCII):
        found = codes.BY_NUMBER.get(int(said))
    if found is codes.OK:
        raise ValueError("code 0 is a success; mockface id --similarity 100 has a number")
    if found is None:
        raise ValueError(f"there is no code {said}; 'mockface codes' lists them")
    return found


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_LANE
def ids(as_json: bool, lane: int) -> None:
    """Print an ID number for every code.

    Numbers around the documented threshold of 75 come first.
    """
    rows = listing.numbers(lane)
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if as_json else listing.numbers_table(rows))


@main.command()
@click.option("--appid", default=TEST_ACCOUNT.appid, show_default=True, help="a= of the signed text.")
@click.option("--secret-id", default=TEST_ACCOUNT.secret_id, show_default=True, help="k= of the signed text.")
@click.option("--secret-key", default=TEST_ACCOUNT.secret_key, show_default=True, help="Key of the HMAC.")
@click.option("--bucket", default=TEST_ACCOUNT.buckets[0], show_default=True, help="b= of the signed text.")
@click.option("--life", default=LIFE_SECONDS, show_default=True, type=click.IntRange(1), help="Seconds it is good for.")
@click.option("--expired", is_flag=True, help="Make one that ended a minute ago (code 9).")
@click.option("--single-use", is_flag=True, help="Make one with e=0 that may come once (code 13 the second time).")
def sign(appid: str, secret_id: str, secret_key: str, bucket: str, life: int, expired: bool, single_use: bool) -> None:
    """Print an Authorization value.

    By default it is for the test account and lives 30 days.
    """
    if expired and single_use:
        raise click.UsageError("a single-use signature has no end (e=0), so it cannot be --expired")
    if appid != TEST_ACCOUNT.appid and bucket == TEST_ACCOUNT.buckets[0]:
        bucket = ""
    click.echo(
        _signed(-60 if expired else life, appid, secret_id, secret_key, bucket, single_use=single_use)
    )  # fmt: skip


def _signed(
    life: int, appid: str = TEST_ACCOUNT.appid, secret_id: str = TEST_ACCOUNT.secret_id,
    secret_key: str = TEST_ACCOUNT.secret_key, bucket: str = TEST_ACCOUNT.buckets[0], *, single_use: bool = False,
) -> str:  # fmt: skip
    import secrets

    now = int(time.time())
    return signature.sign(
        appid,
        secret_id,
        secret_key,
        signed_at=now + min(life, 0) * 2,
        expires_at=0 if single_use else now + life,
        nonce=secrets.randbelow(10**10),
        bucket=bucket,
        resource=f"/{appid}/{bucket}/face.jpg" if single_use else "",
    )


@main.command()
@click.option("--host", default="127.0.0.1", envvar=variable("host"), show_default=True, help="Where the server is.")
@click.option("--port", default=8641, envvar=variable("port"), show_default=True, help="Its port.")
@click.option("--timeout", default=3.0, show_default=True, help="Seconds to wait.")
def health(host: str, port: int, timeout: float) -> None:
    """Ask a running server whether it is up.

    Exit status 0 if so, else 1: for HEALTHCHECK and for scripts that wait.
    """
    import urllib.request

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/_mockface/health"
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(url, timeout=timeout) as response:
            click.echo(f"up: {url} says {response.read(1000).decode('utf-8', 'replace')}")
    except (OSError, ValueError) as fault:
        click.echo(f"down: {url}: {fault}", err=True)
        raise SystemExit(1) from fault
