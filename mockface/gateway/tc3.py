"""Signature v3, `TC3-HMAC-SHA256`: what a request signs, rebuilt; a signature made or verified.

The vendor's rule: four lines of HMAC-SHA256 over the hash of a canonical request (docs, signature v3; every step is
held to the published vectors by tests). Pure functions: a request comes in as its parts, the body as its SHA-256;
nothing here knows which keys exist or what time it is. An Authorization value is read in `claims`.

Where clients and documentation differ, each way that a real client goes is tried, see `verify`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from mockface.gateway import hosts
from mockface.gateway.claims import ALGORITHM, TERMINATOR, WOULD_WORK, Tc3Claims, authorization, read, scope

__all__ = [
    "ALGORITHM",
    "CLOCK_LIMIT_S",
    "PLAIN",
    "REQUIRED_HEADERS",
    "TERMINATOR",
    "UNSIGNED_PAYLOAD",
    "WOULD_WORK",
    "Headers",
    "Tc3Claims",
    "Variant",
    "authorization",
    "canonical_request",
    "canonical_text",
    "derived_key",
    "header",
    "read",
    "scope",
    "sha256_hex",
    "sign",
    "signature_with",
    "signed_hash",
    "signed_lines",
    "signing_key",
    "string_to_sign",
    "utc_date",
    "variants",
    "verify",
]

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
"""The one value of X-TC-Content-SHA256: the hash of this text stands in the place of the body's."""
CLOCK_LIMIT_S = 300
"""How far X-TC-Timestamp may be from the server's clock, in seconds. Source: page; 300 itself passing is assumed."""
REQUIRED_HEADERS = ("content-type", "host")
"""What SignedHeaders has to name. Source: page."""

Headers = Sequence[tuple[bytes, bytes]] | Mapping[bytes, bytes]
"""Names in lower case, values as sent. Of a name that came twice the last value counts (assumed)."""


class Variant(NamedTuple):
    """One way to write the signed values: `host` names a form of `hosts.forms`, `lower_case` is of all values."""

    host: str = hosts.AS_SENT
    lower_case: bool = False


PLAIN = Variant()
"""Everything as sent, which is what Python, Go, PHP and Java do."""


def utc_date(seconds: int) -> str:
    """The UTC date of a time since 1970, as a scope has it. Raises ValueError beyond the years 1 to 9999."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    except (OverflowError, OSError, ValueError) as fault:
        raise ValueError(f"{seconds} s since 1970 is beyond the calendar") from fault


def header(headers: Headers, name: bytes) -> bytes | None:
    """The last value of this name as sent, None where none came."""
    if isinstance(headers, Mapping):
        return headers.get(name)
    return next((value for one, value in reversed(headers) if one == name), None)


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
