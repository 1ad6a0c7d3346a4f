"""Signature v3, `TC3-HMAC-SHA256`: an Authorization value read, what it signs rebuilt, a signature made or verified.

The vendor's rule: four lines of HMAC-SHA256 over the hash of a canonical request (docs, signature v3; every step is
held to the published vectors by tests). Pure functions: a value comes in as text, a request as its parts, the body as
its SHA-256; nothing here knows which keys exist or what time it is.

Where clients and documentation differ, each way that a real client goes is tried, see `verify`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from mockface.gateway import hosts
from mockface.privacy.masking import quoted

ALGORITHM = "TC3-HMAC-SHA256"
TERMINATOR = "tc3_request"
"""The last part of a scope."""
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
"""The one value of X-TC-Content-SHA256: the hash of this text stands in the place of the body's."""
CLOCK_LIMIT_S = 300
"""How far X-TC-Timestamp may be from the server's clock, in seconds. Source: page; 300 itself passing is assumed."""
REQUIRED_HEADERS = ("content-type", "host")
"""What SignedHeaders has to name. Source: page."""

MOST_SIGNED_HEADERS = 64
LONGEST_AUTHORIZATION = 8192
"""The longest value that is read, in characters; those of the SDKs have some 210."""
LONGEST_SERVICE = 260
"""The longest service: a host and its port, which is what Node's SDK makes one of."""

WOULD_WORK = "'mockface sign --tc3' prints one that works"

Headers = Sequence[tuple[bytes, bytes]] | Mapping[bytes, bytes]
"""Names in lower case, values as sent. Of a name that came twice the last value counts (assumed)."""

_PARTS = ("Credential", "SignedHeaders", "Signature")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}", re.ASCII)


class Tc3Claims(NamedTuple):
    """What an Authorization value says.

    `date` is YYYY-MM-DD; `service` may hold a colon and slashes; `signed_headers` are as they came, `signature` is 64
    hexadecimal characters.
    """

    secret_id: str
    date: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str

    @property
    def scope(self) -> str:
        """The third line of the string to sign."""
        return scope(self.date, self.service)


class Variant(NamedTuple):
    """One way to write the signed values: `host` names a form of `hosts.forms`, `lower_case` is of all values."""

    host: str = hosts.AS_SENT
    lower_case: bool = False


PLAIN = Variant()
"""Everything as sent, which is what Python, Go, PHP and Java do."""


def scope(date: str, service: str) -> str:
    """`date/service/tc3_request`."""
    return f"{date}/{service}/{TERMINATOR}"


def utc_date(seconds: int) -> str:
    """The UTC date of a time since 1970, as a scope has it. Raises ValueError beyond the years 1 to 9999."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    except (OverflowError, OSError) as fault:
        raise ValueError(f"{seconds} s since 1970 is beyond the calendar") from fault


def header(headers: Headers, name: bytes) -> bytes | None:
    """The last value of this name as sent, None where none came."""
    if isinstance(headers, Mapping):
        return headers.get(name)
    return next((value for one, value in reversed(headers) if one == name), None)


def read(authorization: str) -> Tc3Claims | str:
    """What the value says; a text that says what was wrong, what came and what would work if it is not readable.

    The three parts may come in any order and with any blanks around their commas (assumed; no SDK varies them).
    """
    claims = _read(authorization)
    return f"Authorization: {claims}; {WOULD_WORK}" if isinstance(claims, str) else claims


def _read(value: str) -> Tc3Claims | str:
    if len(value) > LONGEST_AUTHORIZATION:
        return f"{len(value)} characters; at most {LONGEST_AUTHORIZATION} are read"
    if not value.strip(" "):
        return f"it is empty; expected {ALGORITHM} Credential=..., SignedHeaders=..., Signature=..."
    if not (value.isascii() and value.isprintable()):
        return "it has characters other than printable ASCII"
    algorithm, _, rest = value.strip(" ").partition(" ")
    if algorithm != ALGORITHM:
        return _wrong_algorithm(algorithm, alone=not rest)
    parts = _parts(rest)
    if isinstance(parts, str):
        return parts
    scoped = _scoped(parts["Credential"])
    if isinstance(scoped, str):
        return scoped
    names = _names(parts["SignedHeaders"])
    if isinstance(names, str):
        return names
    if not _SIGNATURE.fullmatch(parts["Signature"]):
        came = parts["Signature"]
        return f"Signature= has {len(came)} characters ({quoted(came, 8)}); expected 64 hexadecimal ones"
    return Tc3Claims(*scoped, names, parts["Signature"])


def _wrong_algorithm(word: str, *, alone: bool) -> str:
    if word == "SKIP":
        return "SKIP asks for no signature, which no action of this API allows"
    if alone and _BASE64.fullmatch(word):
        return f"{len(word)} characters of Base64, as the old API has it; API 3.0 wants {ALGORITHM} and its three parts"
    if word.startswith(_PARTS):
        return f"the algorithm is missing: it begins with {quoted(word, 16)}; expected {ALGORITHM} and a blank first"
    return f"the algorithm is {quoted(word, 24)}; expected {ALGORITHM}"


def _parts(rest: str) -> dict[str, str] | str:
    found: dict[str, str] = {}
    for piece in rest.split(","):
        key, equals, value = piece.strip(" ").partition("=")
        if not equals:
            return f"{quoted(piece.strip(' '), 16)} is no key=value; expected {', '.join(_PARTS)}, parted by commas"
        if key not in _PARTS:
            return f"{quoted(key, 16)} is none of its parts; expected {', '.join(_PARTS)}, spelled so"
        if key in found:
            return f"{key}= came twice"
        if " " in value:
            return f"{key}= has a blank in it; its parts are parted by a comma and a blank"
        found[key] = value
    missing = [key for key in _PARTS if not found.get(key)]
    return f"it has no {' and no '.join(f'{key}=' for key in missing)}" if missing else found


def _scoped(credential: str) -> tuple[str, str, str] | str:
    """SecretId, date and service of `SecretId/date/service/tc3_request`, split at its ends."""
    expected = f"expected SecretId/YYYY-MM-DD/service/{TERMINATOR}"
    secret_id, slash, rest = credential.partition("/")
    if not slash or not secret_id:
        return f"Credential={quoted(credential, 8)} has no scope behind a SecretId; {expected}"
    date, _, rest = rest.partition("/")
    if not _DATE.fullmatch(date):
        return f"the date in Credential= is {quoted(date, 16)}; {expected}"
    service, slash, end = rest.rpartition("/")
    if end != TERMINATOR:
        return f"Credential= ends in {quoted(end, 16)}; {expected}"
    if not service.strip("/"):
        return f"Credential= has no service; {expected}"
    if len(service) > LONGEST_SERVICE:
        return f"the service in Credential= has {len(service)} characters; at most {LONGEST_SERVICE} are read"
    return secret_id, date, service


def _names(text: str) -> tuple[str, ...] | str:
    if text.count(";") >= MOST_SIGNED_HEADERS:
        return f"SignedHeaders= names {text.count(';') + 1} headers; at most {MOST_SIGNED_HEADERS} are read"
    names = tuple(text.split(";"))
    bad = next((name for name in names if not _NAME.fullmatch(name)), None)
    if bad is not None:
        return f"SignedHeaders= has {quoted(bad, 16)}, which is no header's name; expected such as content-type;host"
    if len({name.lower() for name in names}) < len(names):
        return "SignedHeaders= names a header twice"
    return names


def canonical_request(
    method: str, query: bytes, headers: Headers, signed_headers: Sequence[str], payload_hash: str,
    variant: Variant = PLAIN,
) -> bytes:  # fmt: skip
    """The text whose hash is signed, in the bytes that came.

    `query` is as sent and counts for GET alone. `payload_hash` is the body's SHA-256 in hexadecimal, or
    UNSIGNED_PAYLOAD; that of a GET is of an empty body, whatever came. The path is `/`, whatever was asked for. A
    signed header that did not come is empty. Names stand in the order of SignedHeaders, in lower case.
    """
    return canonical_text(
        method,
        "/",
        query if method == "GET" else b"",
        signed_lines(headers, signed_headers, variant),
        signed_headers,
        signed_hash(method, payload_hash),
    )


def canonical_text(
    method: str, path: str, query: bytes, lines: Sequence[bytes], signed_headers: Sequence[str], payload_hash: str
) -> bytes:
    """The six parts joined, with nothing left out or replaced; `lines` are `name:value`."""
    first = [method.encode("utf-8", "replace"), path.encode("utf-8", "replace"), query]
    last = [";".join(signed_headers).lower().encode("utf-8", "replace"), payload_hash.encode("utf-8", "replace")]
    return b"\n".join([*first, *lines, b"", *last])


def signed_hash(method: str, payload_hash: str) -> str:
    """The last line of the canonical request: 64 hexadecimal characters."""
    if payload_hash == UNSIGNED_PAYLOAD:
        return sha256_hex(UNSIGNED_PAYLOAD.encode())
    return sha256_hex(b"") if method == "GET" else payload_hash


def sha256_hex(content: bytes) -> str:
    """The SHA-256 of these bytes in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def signed_lines(headers: Headers, signed_headers: Sequence[str], variant: Variant) -> list[bytes]:
    """`name:value` for each signed header, trimmed; the value is empty where none came."""
    came = dict(headers)
    lines = []
    for name in (one.lower().encode("utf-8", "replace") for one in signed_headers):
        value = came.get(name, b"").strip(b" \t")
        if name == b"host" and variant.host != hosts.AS_SENT:
            value = next((form for kind, form in hosts.forms(value) if kind == variant.host), value)
        lines.append(name + b":" + (value.lower() if variant.lower_case else value))
    return lines


def string_to_sign(timestamp: str, scope: str, canonical: bytes, algorithm: str = ALGORITHM) -> str:
    """The four lines that are signed; `timestamp` is X-TC-Timestamp as sent."""
    return f"{algorithm}\n{timestamp}\n{scope}\n{sha256_hex(canonical)}"


def signing_key(secret_key: str, date: str, service: str) -> bytes:
    """The 32 bytes that sign for a day and a service."""
    return derived_key(b"TC3" + secret_key.encode("utf-8", "replace"), date, service)


@lru_cache(maxsize=256)
def derived_key(start: bytes, date: str, service: str) -> bytes:
    """The key behind three rounds of HMAC-SHA256, the first of them keyed with `start`."""
    key = start
    for text in (date, service, TERMINATOR):
        key = hmac.digest(key, text.encode("utf-8", "replace"), hashlib.sha256)
    return key


def signature_with(key: bytes, text: str) -> str:
    """HMAC-SHA256 of a string to sign, in lower-case hexadecimal."""
    return hmac.digest(key, text.encode("utf-8", "replace"), hashlib.sha256).hex()


def sign(secret_key: str, date: str, service: str, text: str) -> str:
    """The signature of a string to sign: 64 hexadecimal characters in lower case."""
    return signature_with(signing_key(secret_key, date, service), text)


def authorization(claims: Tc3Claims) -> str:
    """The value as every SDK writes it."""
    signed = ";".join(claims.signed_headers)
    return (
        f"{ALGORITHM} Credential={claims.secret_id}/{claims.scope}, SignedHeaders={signed}, "
        f"Signature={claims.signature}"
    )


def variants(headers: Headers, signed_headers: Sequence[str]) -> Iterator[Variant]:
    """The ways to write the signed values of these headers, no two of them alike: one to six, PLAIN first."""
    came = hosts.forms(header(headers, b"host") or b"")
    seen = set()
    for lower_case in (False, True):
        for kind, _ in came:
            variant = Variant(kind, lower_case)
            lines = tuple(signed_lines(headers, signed_headers, variant))
            if lines not in seen:
                seen.add(lines)
                yield variant


def verify(
    claims: Tc3Claims, secret_key: str, *, method: str, query: bytes, headers: Headers, payload_hash: str,
    timestamp: str,
) -> Variant | None:  # fmt: skip
    """The variant whose signature is the one that came; None if none is.

    Values are tried as sent, as SDKs sign them, and in lower case, as the documentation does; Host in the forms of
    `hosts.forms`. The date and the service are those of the scope, whatever they are: Node, PHP and Java take the
    first label of the host for the service. The signature has to be in lower case, as every SDK writes it (assumed).
    """
    key, scoped = signing_key(secret_key, claims.date, claims.service), claims.scope
    # Most clients write everything as sent: the other ways are worked out for those that do not.
    for variant in chain((PLAIN,), _others(headers, claims.signed_headers)):
        canonical = canonical_request(method, query, headers, claims.signed_headers, payload_hash, variant)
        if hmac.compare_digest(signature_with(key, string_to_sign(timestamp, scoped, canonical)), claims.signature):
            return variant
    return None


def _others(headers: Headers, signed_headers: Sequence[str]) -> Iterator[Variant]:
    """The ways other than PLAIN; nothing is worked out before the first is asked for."""
    yield from (variant for variant in variants(headers, signed_headers) if variant != PLAIN)
