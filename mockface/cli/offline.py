"""Commands that need no server: codes, numbers, signatures, explanations, starter files."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from mockface import codes, operations
from mockface.cli.group import main
from mockface.model import Refused
from mockface.operation import Operation, every_code
from mockface.operations import listing
from mockface.scenarios import family
from mockface.signature import hmac_sha1, making
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.signature.making import LIFE_SECONDS
from mockface.texts.columns import table
from mockface.texts.escaping import json_text


@main.command(help="Print the JSON Schema of scenario files, for editors.")
def schema() -> None:
    from mockface.scenariofiles.schema import schema_text

    click.echo(schema_text(), nl=False)


@main.command(
    "codes",
    help="""Print every code.

    Number, HTTP status, name, wire message and both meanings; `*` marks what is assumed, not seen on the wire.
    """,
)
@click.option("--operation", help="Only the codes of this operation.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def codes_(operation: str | None, as_json: bool) -> None:
    chosen = operations.OPERATIONS if operation is None else (operation_of(operation),)
    click.echo(json_text(listing.codes_as_data(chosen), indent=2) if as_json else listing.codes_table(chosen))


def operation_of(name: str) -> Operation:
    """The operation with this name; an unknown name is a usage error with the known ones."""
    try:
        return operations.named(name)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from fault


_LANE = click.option(
    "--lane",
    type=click.IntRange(1, 28),
    default=1,
    show_default=True,
    help="Day in the number, 01 to 28; one for each parallel test.",
)


@main.command(
    "id",
    context_settings={"ignore_unknown_options": True},
    help="""Print the ID number for a code.

    CODE is a number such as -5803 or a name such as NAME_MISMATCH.
    """,
)
@click.argument("code", required=False)
@click.option(
    "--similarity", type=float, help="Print the number of a success with this similarity: 0 to 100, one decimal."
)
@click.option("--delay", type=float, help="Print the number of a success after this many seconds.")
@click.option("--fault", type=click.Choice(list(family.FAULT_SEQUENCES)), help="Print the number of a transport fault.")
@click.option(
    "--story", type=click.Choice(list(family.STORY_SEQUENCES)), help="Print the number of a sequence for retries."
)
@_LANE
def id_(
    code: str | None, similarity: float | None, delay: float | None, fault: str | None, story: str | None, lane: int
) -> None:
    if sum(given is not None for given in (code, similarity, delay, fault, story)) != 1:
        raise click.UsageError("give a code (mockface id -5803), or one of --similarity, --delay, --fault, --story")
    try:
        if code is not None:
            click.echo(number_of(code, lane))
        elif similarity is not None:
            click.echo(family.number_for_similarity(similarity, lane))
        elif delay is not None:
            click.echo(family.number_for_delay(delay, lane))
        elif fault is not None:
            click.echo(family.number_for(family.MONTH_OF_FAULTS, lane, family.FAULT_SEQUENCES[fault]))
        elif story is not None:
            click.echo(family.number_for(family.MONTH_OF_STORIES, lane, family.STORY_SEQUENCES[story]))
    except ValueError as fault_:
        raise click.UsageError(str(fault_)) from fault_


def code_of(said: str) -> codes.Code:
    """The code with this number or name. Raises ValueError."""
    found = every_code(operations.OPERATIONS).find(said)
    if found is None:
        raise ValueError(f"there is no code {said}; 'mockface codes' lists them")
    if found.group == "success":
        raise ValueError(f"code {found.number} is a success; mockface id --similarity 100 prints a number for it")
    return found


def number_of(said: str, lane: int) -> str:
    """The number that answers with a code, given by number or name. Raises ValueError."""
    code = code_of(said)
    owner = next(operation for operation in operations.OPERATIONS if operation.owns(code))
    number = listing.number_of_reason(owner, code)
    if number is None:
        key = "an ID number" if owner.table.number else f"the key {owner.name}"
        raise ValueError(
            f"no shipped number answers {code.number}; write a scenario for {key} with 'code: {code.number}'"
        )
    return family.in_lane(number, lane)


@main.command(
    help="""Print an ID number for every code.

    Numbers around the documented threshold of 75 come first.
    """
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_LANE
def ids(as_json: bool, lane: int) -> None:
    rows = listing.numbers(operations.OPERATIONS, lane)
    click.echo(json_text(rows, indent=2) if as_json else listing.numbers_table(rows))


_NOW = click.option("--now", type=click.IntRange(0, 253402300799), help="Seconds since 1970 in the place of the clock.")


@main.command(
    help="""Print an Authorization value.

    By default it is for the test account and valid for 30 days. With --tc3 it prints the headers of a POST to API 3.0,
    signed with TC3-HMAC-SHA256 for the body of --body, or for a sample body, which then follows an empty line.
    """
)
@click.option("--appid", default=TEST_ACCOUNT.appid, show_default=True, help="a= of the signed text.")
@click.option("--secret-id", default=TEST_ACCOUNT.secret_id, show_default=True, help="k= of the signed text.")
@click.option("--secret-key", default=TEST_ACCOUNT.secret_key, show_default=True, help="Key of the HMAC.")
@click.option("--bucket", default=TEST_ACCOUNT.buckets[0], show_default=True, help="b= of the signed text.")
@click.option("--life", default=LIFE_SECONDS, show_default=True, type=click.IntRange(1), help="Seconds it is valid.")
@click.option("--expired", is_flag=True, help="Make one that expired a minute ago (code 9).")
@click.option("--single-use", is_flag=True, help="Make one with e=0 that can be used once (code 13 the second time).")
@_NOW
@click.option("--tc3", is_flag=True, help="Sign a request of API 3.0; the options below are for it.")
@click.option("--body", metavar="FILE", help="The body that is signed; - is the standard input.")
@click.option("--action", default="ImageRecognitionV2", show_default=True, help="X-TC-Action.")
@click.option("--host", default="127.0.0.1:8641", show_default=True, help="Host, with its port.")
@click.option("--language", type=click.Choice(["zh-CN", "en-US"]), help="X-TC-Language.")
@click.option("--region", help="X-TC-Region.")
@click.option("--token", help="X-TC-Token, of temporary keys.")
@click.option("--curl", is_flag=True, help="Print the whole request as a line of curl.")
def sign(
    appid: str, secret_id: str, secret_key: str, bucket: str, life: int, expired: bool, single_use: bool,
    now: int | None, tc3: bool, **of_tc3: Any,
) -> None:  # fmt: skip
    _refuse_of_the_other(_OF_OLD if tc3 else of_tc3, tc3=tc3)
    if tc3:
        from mockface.cli import gateway

        gateway.sign(secret_id=secret_id, secret_key=secret_key, now=time.time() if now is None else now, **of_tc3)
        return
    if expired and single_use:
        raise click.UsageError("a single-use signature (e=0) has no expiry time; it cannot be --expired")
    if appid != TEST_ACCOUNT.appid and bucket == TEST_ACCOUNT.buckets[0]:
        bucket = ""
    click.echo(
        signed(-60 if expired else life, appid, secret_id, secret_key, bucket, single_use=single_use, now=now)
    )  # fmt: skip


_OF_OLD = ("appid", "bucket", "life", "expired", "single_use")


def _refuse_of_the_other(names: Iterable[str], *, tc3: bool) -> None:
    """A usage error for an option of the other signature."""
    source = click.get_current_context().get_parameter_source
    given = [name for name in names if source(name) is click.core.ParameterSource.COMMANDLINE]
    if given:
        option = f"--{given[0].replace('_', '-')}"
        what = "the old API, and --tc3 signs for API 3.0; leave one out" if tc3 else "API 3.0; give --tc3 with it"
        raise click.UsageError(f"{option} is for the signature of {what}")


def signed(
    life: int, appid: str = TEST_ACCOUNT.appid, secret_id: str = TEST_ACCOUNT.secret_id,
    secret_key: str = TEST_ACCOUNT.secret_key, bucket: str = TEST_ACCOUNT.buckets[0], *, single_use: bool = False,
    now: float | None = None,
) -> str:  # fmt: skip
    """An Authorization valid for this many seconds from now; negative: it expired that long ago."""
    import secrets

    return making.good(
        appid, secret_id, secret_key, bucket, now=time.time() if now is None else now,
        nonce=secrets.randbelow(10**10), life_s=life, single_use=single_use,
    )  # fmt: skip


@main.command(
    help="""Explain an Authorization value, or a request.

    Field by field, with the common mistakes named. A request with TC3-HMAC-SHA256 or signature v1 is shown as it is
    signed, line by line. Exit status 1 if it has no signature that can be read.
    """
)
@click.argument("authorization", required=False)
@click.option(
    "--request", metavar="FILE",
    help="A whole request: its text, or what curl -v prints of it; - is the standard input.",
)  # fmt: skip
@click.option("--body", metavar="FILE", help="The body of that request where it is apart; - is the standard input.")
@click.option("--secret-key", help="Key to verify the digest with; the test account's is tried without it.")
@click.option("--appid", help="The request's appid; a different one in a= is code 6.")
@_NOW
def explain(
    authorization: str | None, request: str | None, body: str | None, secret_key: str | None, appid: str | None,
    now: int | None,
) -> None:  # fmt: skip
    from mockface.cli import gateway

    at = time.time() if now is None else float(now)
    old = gateway.explain(authorization, request, body, secret_key, at)
    if old is not None:
        _explain_old(old, secret_key, appid, at)


def _explain_old(authorization: str, secret_key: str | None, appid: str | None, now: float) -> None:
    """What a value of the old API says; the exit status is 1 if it is none."""
    from mockface.signature.diagnosis import recovered
    from mockface.signature.explain import claims_table, mistakes_in

    claims = hmac_sha1.read(authorization.strip())
    recovery, verified = None, None
    if isinstance(claims, Refused):
        recovery = recovered(authorization)
        code = claims.code if authorization.strip() else codes.SIGNATURE_EMPTY
        click.echo(f"code {code.number}: {claims.why if authorization.strip() else 'it is empty'}")
    text = recovery.text if recovery else claims.signed_text.decode("ascii")  # type: ignore[union-attr]
    if text:
        rows = ((row["key"], row["value"], row["meaning"]) for row in claims_table(text, now))
        click.echo(table(("", "value", "meaning"), rows))
    if not isinstance(claims, Refused):
        key = secret_key or (TEST_ACCOUNT.secret_key if claims.secret_id == TEST_ACCOUNT.secret_id else None)
        verified = None if key is None else hmac_sha1.is_signed_with(claims, key)
        told = {None: "not verified; --secret-key verifies it", True: "verifies", False: "does not verify (code 14)"}
        click.echo(f"digest: {told[verified]}")
    for mistake in mistakes_in(claims, now, recovery, appid=appid):
        click.echo(f"mistake: {mistake}")
    if isinstance(claims, Refused):
        raise SystemExit(1)


@main.command(
    help="""Print every assumed behaviour.

    With its id, the reason, the evidence, and the setting that changes it.
    """
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def assumptions(as_json: bool) -> None:
    from dataclasses import asdict

    from mockface.operations.assumed import ASSUMPTIONS

    if as_json:
        click.echo(json_text([asdict(one) for one in ASSUMPTIONS], indent=2))
        return
    for one in ASSUMPTIONS:
        click.echo(f"{one.id}  [{one.evidence}]\n  {one.default}\n  because {one.reason}")
        click.echo(f"  switch: {one.switch}" if one.switch else "  no switch")


@main.command(
    help="""Write a starter scenario file.

    It also writes the schema that the file's first line names, for editors.
    """
)
@click.argument("path", default="mockface.yaml", type=click.Path(path_type=Path, dir_okay=False))
def init(path: Path) -> None:
    from mockface.scenariofiles.schema import schema_text
    from mockface.scenariofiles.starter import starter_text

    schema_path = path.with_name(f"{path.stem}.schema.json")
    for file in (path, schema_path):
        if file.exists():
            click.echo(f"mockface: {file} already exists and is not changed", err=True)
            raise SystemExit(2)
    # Under an ASCII locale, other characters of a name are surrogates that no encoding accepts.
    schema_name = os.fsencode(schema_path.name).decode("utf-8", "replace")
    path.write_text(starter_text(schema_name), encoding="utf-8")
    schema_path.write_text(schema_text(), encoding="utf-8")
    click.echo(f"wrote {path} and {schema_path}; serve it: mockface --scenarios {path}")
