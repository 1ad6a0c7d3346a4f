"""Signature v1, `HmacSHA1` or `HmacSHA256`: the text that is signed, a signature made or verified.

Method, host, path, `?` and all parameters but Signature, sorted by name, their values not URL-encoded; Base64 of the
HMAC keyed with the SecretKey (docs, signature v1; held to the published vectors by tests). Parameters come in decoded.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mockface.gateway import hosts

DEFAULT_METHOD = "HmacSHA1"
"""The SignatureMethod of a request without one. Source: page."""
METHODS = {"HmacSHA1": hashlib.sha1, "HmacSHA256": hashlib.sha256}

MOST_PARAMETERS = 10_000
"""A request with more verifies with no key, so that nobody sorts a million names."""

Parameters = Sequence[tuple[str, str]] | Mapping[str, str]
"""Names and values, decoded, in any order; what stands for bytes that are no UTF-8 is signed as those bytes."""


class Variant(NamedTuple):
    """One way to write the signed text: a form of the host by its name, the path, and whether `_` in names is `.`."""

    host: str
    path: str
    dotted: bool


def pairs_of(parameters: Parameters) -> list[tuple[str, str]]:
    """The parameters as a list."""
    return list(parameters.items() if isinstance(parameters, Mapping) else parameters)


def parameter(parameters: Parameters, name: str) -> str | None:
    """The last value of this name, None where none came."""
    if isinstance(parameters, Mapping):
        return parameters.get(name)
    return next((value for one, value in reversed(parameters) if one == name), None)


def text_to_sign(
    method: str, host: str | bytes, path: str, parameters: Parameters, *, dotted: bool = False
) -> bytes:  # fmt: skip
    """The signed text in UTF-8. With `dotted`, names are sorted and written with `.` for `_`, as Python's SDK does."""
    pairs = [
        (utf8(name.replace("_", ".") if dotted else name), utf8(value))
        for name, value in pairs_of(parameters)
        if name != "Signature"
    ]
    pairs.sort(key=lambda pair: pair[0])
    host = utf8(host) if isinstance(host, str) else host
    return utf8(method) + host + utf8(path) + b"?" + b"&".join(name + b"=" + value for name, value in pairs)


def utf8(text: str) -> bytes:
    """The bytes that are signed for a text."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def signature_of(secret_key: str, text: bytes, algorithm: str) -> str:
    """The signature of a text in Base64; `algorithm` is one of METHODS."""
    return base64.b64encode(hmac.digest(utf8(secret_key), text, METHODS[algorithm])).decode()


def sign(
    secret_key: str, parameters: Parameters, *, method: str, host: str | bytes, path: str = "/", dotted: bool = False
) -> str:
    """The signature in Base64 of the standard alphabet, not URL-encoded.

    SignatureMethod among the parameters says which HMAC. Raises ValueError when that is neither of the two.
    """
    algorithm = parameter(parameters, "SignatureMethod") or DEFAULT_METHOD
    if algorithm not in METHODS:
        raise ValueError(f"SignatureMethod {algorithm!r} is not known; expected {' or '.join(METHODS)}")
    return signature_of(secret_key, text_to_sign(method, host, path, parameters, dotted=dotted), algorithm)


def verify(secret_key: str, parameters: Parameters, *, method: str, host: bytes, path: str = "/") -> Variant | None:
    """The variant whose signature is the one among the parameters; None if none is, or none came.

    The host is tried in the forms of `hosts.forms`, first as sent, as every SDK signs it; the path as sent and `/`;
    names as they are and with `.` for `_`. An unknown SignatureMethod and too many parameters verify with no key.
    """
    came = parameter(parameters, "Signature")
    algorithm = parameter(parameters, "SignatureMethod") or DEFAULT_METHOD
    if not came or algorithm not in METHODS or len(parameters) > MOST_PARAMETERS:
        return None
    underscored = any("_" in name for name, _ in pairs_of(parameters))
    for kind, form in hosts.forms(host):
        for one in dict.fromkeys((path, "/")):
            for dotted in (False, True) if underscored else (False,):
                made = signature_of(secret_key, text_to_sign(method, form, one, parameters, dotted=dotted), algorithm)
                if hmac.compare_digest(made.encode(), utf8(came)):
                    return Variant(kind, one, dotted)
    return None
