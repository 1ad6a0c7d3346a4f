"""Signatures of API 3.0 on the command line: what `sign --tc3` prints, and what `explain` says of a request.

Numbers and names in a request are shown, as its user gave it by hand; no SecretKey is.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import click

from mockface.gateway import diagnosis, hosts, tc3, v1
from mockface.gateway.making import tc3_headers
from mockface.gateway.tc3 import Tc3Claims
from mockface.model import Refused
from mockface.privacy.masking import printable, quoted
from mockface.reasons import Said, words
from mockface.signature import hmac_sha1
from mockface.signature.accounts import TEST_ACCOUNT
from mockface.signature.explain import claims_table
from mockface.texts.columns import table
from mockface.texts.transcripts import Request, request_in

SAMPLE_NUMBER, SAMPLE_NAME = "11204416541220243X", "张三"
"""The person of ImageRecognition's page."""

LARGEST_FILE = 64 * 1024 * 1024
LONGEST_ARGUMENT = 131_071
"""Bytes that Linux takes for one argument of a program."""
LONGEST_LINE = 2000
LONGEST_VALUE = 200
"""So many characters of a line or a value are printed."""
_SHOWN_OF_ID = 8

_SHAPES = {
    "secret_id": (r"(?:(?![/,])[!-~])+", f"one such as {TEST_ACCOUNT.secret_id}"),
    "action": (r"[A-Za-z][A-Za-z0-9]*", "a name such as ImageRecognitionV2"),
    "host": (
        r"(?:(?![/?#@,\\])[!-~])+",
        "a name or address and its port, such as 127.0.0.1:8641, without scheme and path",
    ),
    "region": (r"[!-~]*", "one such as ap-guangzhou"),
    "token": (r"[!-~]+", "printable ASCII without blanks"),
}
"""What an option may be, and in words."""

_SIGNS_THE_FILE = words(
    "it signs the body as its file has it, and Content-Length says that other bytes were sent; expected the bytes that "
    "are sent (curl: --data-binary @FILE)",
    "签名用的是文件中的请求体，而 Content-Length 表明发送的是其他字节；应为实际发送的字节（curl：--data-binary @FILE）",
)


def content_of(path: str, option: str) -> bytes:
    """The bytes of a file, or of the standard input for `-`."""
    if path == "-":
        content = sys.stdin.buffer.read(LARGEST_FILE + 1)
    else:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise click.UsageError(f"{option} {path} has more than {LARGEST_FILE} bytes; expected at most as many")
    return content


def sign(
    *, secret_id: str, secret_key: str, now: float, body: str | None, action: str, host: str, language: str | None,
    region: str | None, token: str | None, curl: bool,
) -> None:  # fmt: skip
    """Print the headers of a request, or all of it as a line of curl."""
    given = {"secret_id": secret_id, "action": action, "host": host, "region": region, "token": token}
    for name, value in given.items():
        shape, expected = _SHAPES[name]
        if value is not None and not re.fullmatch(shape, value):
            raise click.UsageError(f"--{name.replace('_', '-')} is {quoted(value)}; expected {expected}")
    if not secret_key:
        raise click.UsageError("--secret-key is empty; expected the key, or leave it out for the test account's")
    content = sample_body(action) if body is None else content_of(body, "--body")
    headers = tc3_headers(
        content, action=action, host=host, secret_id=secret_id, secret_key=secret_key, now=now, token=token,
        language=language, region=region,
    )  # fmt: skip
    if curl:
        click.echo(_curl(host, headers, content, body if body != "-" else None))
        return
    if body is None:
        headers.insert(-1, ("Content-Length", str(len(content))))
    click.echo("\n".join(f"{name}: {value}" for name, value in headers))
    if body is None:
        click.echo(b"\n" + content)


def sample_body(action: str) -> bytes:
    """A body that the action answers with a success, in ASCII: a terminal of any encoding says it."""
    # What makes and draws is needed for a body alone.
    from mockface.operations import OPERATIONS
    from mockface.operations.api3.example import usual
    from mockface.operations.faceid.recognition import IMAGE_RECOGNITION

    table = next((one.table for one in OPERATIONS if one.action == action), IMAGE_RECOGNITION.table)
    fields = {table.number: SAMPLE_NUMBER, table.name: SAMPLE_NAME}
    fields.pop("", None)
    return json.dumps(fields | usual(table, fields, "png")).encode()


def _curl(host: str, headers: list[tuple[str, str]], body: bytes, path: str | None) -> bytes:
    """A line that works as printed, in the bytes of the body."""
    scheme = "https" if hosts.is_vendors(host.partition(":")[0].lower()) else "http"
    lines = [f"curl -i {shlex.quote(f'{scheme}://{host}/')}"]
    # curl takes `Name:` for a header that is not to be sent, and `Name;` for one that is empty.
    lines += [f"-H {shlex.quote(f'{name}: {value}' if value else f'{name};')}" for name, value in headers]
    if path is not None:
        lines.append(f"--data-binary {shlex.quote(f'@{path}')}")
        inline = b""
    else:
        if b"\0" in body or len(body) > LONGEST_ARGUMENT:
            what = "a NUL byte" if b"\0" in body else f"{len(body)} bytes, and a shell takes {LONGEST_ARGUMENT}"
            raise click.UsageError(f"the body of --body - has {what}; expected --body FILE with --curl")
        inline = b" \\\n  --data-raw '" + body.replace(b"'", b"'\"'\"'") + b"'"
    return " \\\n  ".join(lines).encode("utf-8", "surrogateescape") + inline


def explain(
    authorization: str | None, request: str | None, body: str | None, secret_key: str | None, now: float
) -> str | None:
    """Say what a value or a request of API 3.0 says; of one of the old API its Authorization is returned instead."""
    if (authorization is None) == (request is None):
        wrong = "there is nothing to explain" if request is None else "there are an Authorization value and --request"
        raise click.UsageError(f"{wrong}; expected a value, or --request FILE with a request")
    if body is not None and request is None:
        raise click.UsageError("--body is the body of a request; expected --request FILE with it")
    if body == request == "-":
        raise click.UsageError("--request and --body are both the standard input; expected a file for one of them")
    if authorization is not None:
        value = re.sub(r"\s*authorization:\s*", "", authorization, count=1, flags=re.IGNORECASE).strip()
        if not (value.strip("\"' ").startswith(tc3.ALGORITHM) or "Credential=" in value):
            return authorization
        _explain_value(value, secret_key, now)
        return None
    assert request is not None
    read = request_in(content_of(request, "--request"))
    if isinstance(read, Said):
        raise click.UsageError(f"--request {request}: {read}")
    if body is not None:
        read = read.with_body(content_of(body, "--body"))
    return _explain_request(read, secret_key, now)


class _Page:
    """What is printed: bounded lines in which no terminal finds an escape and nobody the SecretKey."""

    def __init__(self, secret_key: str | None) -> None:
        self._key = secret_key or ""

    def say(self, line: str) -> None:
        """Print a line."""
        if len(self._key) > 3:
            line = line.replace(self._key, "***")
        if len(line) > LONGEST_LINE:
            line = f"{line[:LONGEST_LINE]}... ({len(line)} characters)"
        click.echo(printable(line))

    def block(self, title: str, lines: list[str] | tuple[str, ...]) -> None:
        """Print lines below a title; an empty one is said to be one."""
        self.say(f"{title}:")
        for line in lines:
            self.say(f"  {line or '(empty line)'}")

    def rows(self, rows: list[tuple[str, str, str]]) -> None:
        """Print a table of what was claimed."""
        for line in table(("", "value", "meaning"), rows).split("\n"):
            self.say(line)

    def end(self, mistakes: tuple[Said, ...], notes: tuple[Said, ...]) -> None:
        """Print what is wrong, and what is unusual."""
        for mistake in mistakes:
            self.say(f"mistake: {mistake}")
        for note in notes:
            self.say(f"note: {note}")

    def signatures(self, expected: str | None, came: str, *, verifies: bool, needed: str) -> None:
        """Print both signatures, and whether they are one."""
        self.say(f"signature expected: {expected or f'not known; {needed}'}")
        self.say(f"signature that came: {came[:LONGEST_VALUE] or 'none'}")
        if expected:
            self.say(f"signature: {'verifies' if verifies else 'does not verify'}")


def _rows_of(claims: Tc3Claims) -> list[tuple[str, str, str]]:
    return [
        ("SecretId", f"{claims.secret_id[:_SHOWN_OF_ID]}...", "whose key signs"),
        ("date", claims.date, "the UTC date of X-TC-Timestamp"),
        ("service", claims.service, "the product, or the first label of the host"),
        ("SignedHeaders", ";".join(claims.signed_headers), "headers that are signed, in this order"),
        ("Signature", claims.signature, "HMAC-SHA256 of the string to sign"),
    ]


def _key_of(secret_id: str, secret_key: str | None) -> str | None:
    return secret_key or (TEST_ACCOUNT.secret_key if secret_id == TEST_ACCOUNT.secret_id else None)


def _explain_value(value: str, secret_key: str | None, now: float) -> None:
    page = _Page(secret_key)
    claims, mistakes = diagnosis.explain_value(value, now)
    if claims:
        page.rows(_rows_of(claims))
    names = ", ".join(dict.fromkeys((*(claims.signed_headers if claims else tc3.REQUIRED_HEADERS), "X-TC-Timestamp")))
    page.say(f"signature: not verified; that takes the request with its body and the headers {names}:")
    page.say("  mockface explain --request FILE, with the text of the request or what curl -v prints of it")
    page.end(mistakes, ())
    if isinstance(tc3.read(value), Said):
        raise SystemExit(1)


def _explain_request(request: Request, secret_key: str | None, now: float) -> str | None:
    authorization = request.header(b"authorization").decode("latin-1").strip()
    parts = {"method": request.method, "query": request.query, "headers": request.headers, "body": request.body}
    if authorization and not authorization.startswith(tc3.ALGORITHM):
        is_old = not isinstance(hmac_sha1.read(authorization), Refused)
        if is_old or request.path.rstrip("/").endswith("/idcardcompare"):
            return authorization
    is_of_v1 = diagnosis.is_v1(**parts)  # type: ignore[arg-type]
    size = "without its body" if request.body is None else f"with a body of {len(request.body)} bytes"
    host = request.header(b"host").decode("latin-1") or "a host that is not said"
    page = _Page(secret_key)
    page.say(f"request: {request.method} {request.path} to {host}, {size}; signature {'v1' if is_of_v1 else 'v3'}")
    (_explain_v1 if is_of_v1 else _explain_v3)(page, request, secret_key, now)
    return None


def _time(name: str, timestamp: str, now: float) -> list[tuple[str, str, str]]:
    meanings = claims_table(f"t={timestamp[:24]}", now)
    return [(name, timestamp[:LONGEST_VALUE], meanings[0]["meaning"])] if timestamp else []


def _explain_v3(page: _Page, request: Request, secret_key: str | None, now: float) -> None:
    authorization = request.header(b"authorization").decode("latin-1").strip()
    claims, _ = diagnosis.explain_value(authorization, now)
    key = _key_of(claims.secret_id if claims else "", secret_key)
    found = _of_v3(request, request.body, key, now)
    mistakes = found.mistakes
    if found.expected and not found.variant and request.given != request.body:
        as_kept = _of_v3(request, request.given, key, now)
        mistakes = (*as_kept.mistakes, _SIGNS_THE_FILE) if as_kept.variant else mistakes
    timestamp = request.header(b"x-tc-timestamp").decode("latin-1")
    page.rows([*(_rows_of(claims) if claims else []), *_time("X-TC-Timestamp", timestamp, now)])
    lines = [re.sub(r"^(x-tc-token:.{8}).+", r"\1...", line) for line in found.canonical]
    page.block("canonical request", lines)
    page.block("string to sign", found.signed.split("\n"))
    needed = "--secret-key makes it" if key is None else "--body FILE with the body makes it"
    verifies = found.variant is not None
    page.signatures(found.expected, claims.signature if claims else "", verifies=verifies, needed=needed)
    page.end(mistakes, (*found.notes, *request.notes))
    if found.why:
        raise SystemExit(1)


def _of_v3(request: Request, body: bytes | None, key: str | None, now: float) -> diagnosis.Explained:
    return diagnosis.explain_tc3(
        method=request.method, path=request.path, query=request.query, headers=request.headers, body=body,
        secret_key=key, now=now,
    )  # fmt: skip


def _explain_v1(page: _Page, request: Request, secret_key: str | None, now: float) -> None:
    parts = {"method": request.method, "query": request.query, "headers": request.headers, "body": request.body}
    first = diagnosis.explain_v1(path=request.path, secret_key=None, now=now, **parts)  # type: ignore[arg-type]
    claims = dict(first.claims)
    key = _key_of(claims.get("SecretId", ""), secret_key)
    found = diagnosis.explain_v1(path=request.path, secret_key=key, now=now, **parts)  # type: ignore[arg-type]
    rows = [(name, _shown(name, value), "") for name, value in found.claims if name != "Timestamp"]
    page.rows([*rows, *_time("Timestamp", claims.get("Timestamp", ""), now)])
    text = re.sub(r"(?<=[?&])([^=&]*)=([^&]*)", lambda pair: f"{pair[1]}={_shown(pair[1], pair[2])}", found.signed)
    page.block("text to sign, without its line breaks", text.replace("?", "?\n", 1).replace("&", "&\n").split("\n"))
    unknown = claims.get("SignatureMethod", v1.DEFAULT_METHOD) not in v1.METHODS
    needed = "SignatureMethod says no known HMAC" if unknown else "--secret-key makes it"
    page.signatures(found.expected, found.came, verifies=found.variant is not None, needed=needed)
    page.end(found.mistakes, (*found.notes, *request.notes))
    if not found.came:
        raise SystemExit(1)


def _shown(name: str, value: str) -> str:
    """A value as it may be shown: a SecretId and a token shortened, as is a picture."""
    limit = _SHOWN_OF_ID if name in ("SecretId", "Token") else LONGEST_VALUE
    return value if len(value) <= limit else f"{value[:limit]}..." + f" ({len(value)} characters)" * (limit > 8)
