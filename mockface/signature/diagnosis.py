"""What a malformed Authorization would have said, and which of the usual mistakes made it malformed.

The value goes in; the signed text, as far as it can be read leniently, and the mistakes come out. No check asks this:
it is for people, when somebody looks at a call. The digest is not in what comes out.
"""

from __future__ import annotations

import base64
import re
from typing import NamedTuple
from urllib.parse import unquote

from mockface.signature.hmac_sha1 import DIGEST_BYTES

_LIMIT = 4096
"""How much of a value is looked at; real ones have some 200 characters."""
_SCHEME = re.compile(r"(Bearer|Basic|Digest|Token|Signature|TC3-HMAC-SHA256)[\s:]+", re.IGNORECASE)
_URL_ENCODED = re.compile(r"%(2b|2f|3d)", re.IGNORECASE)
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_BEGINS = re.compile(rb"(?:^|(?<=[^a-z]))[abket]=[^&]*&[a-z]=")
_BASE64_DIGEST = re.compile(rb"[A-Za-z0-9+/]{27}=")


class Recovered(NamedTuple):
    """The signed text ("" where nothing could be read), and the mistakes, named."""

    text: str
    mistakes: tuple[str, ...]


NOTHING_RECOVERED = Recovered("", ())


def recovered(authorization: str) -> Recovered:
    """What can be made of a value that is no signature."""
    value = authorization[:_LIMIT].strip()
    if not value:
        return Recovered("", ("no Authorization came, or an empty one (code 4)",))
    value, mistakes = _mended(value)
    if _BEGINS.match(value.encode("ascii", "replace")):
        return Recovered(_printable(value.encode("ascii", "replace")), (*mistakes, _BARE))
    text, mistake = _behind_the_digest(_decoded(value))
    return Recovered(_printable(text), (*mistakes, mistake) if mistake else mistakes)


_BARE = "it is the signed text itself; expected Base64 of the 20 digest bytes and the text"


def _mended(value: str) -> tuple[str, tuple[str, ...]]:
    """The value with what is around and inside its Base64 put right, and what that was."""
    mistakes = []
    scheme = _SCHEME.match(value)
    if scheme:
        mistakes.append(f"it begins with the scheme word {scheme[1]}; send the value alone")
        value = value[scheme.end() :]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        mistakes.append("it is in quotes; send it without them")
        value = value[1:-1]
    if re.search(r"\s", value):
        mistakes.append("it contains a blank or a line break; send one line, some encoders wrap at 76 characters")
        value = re.sub(r"\s", "", value)
    if _URL_ENCODED.search(value):
        mistakes.append("it is URL-encoded (%2B, %2F, %3D); a header is sent as it is, with + / =")
        value = unquote(value)
    if re.search(r"[-_]", value) and "&" not in value:
        mistakes.append("it uses the URL-safe alphabet (- and _); expected the standard one (+ and /)")
        value = value.replace("-", "+").replace("_", "/")
    return value, tuple(mistakes)


def _decoded(value: str) -> bytes:
    value = _NO_BASE64.sub("", value)
    if len(value) % 4 == 1:
        value = value[:-1]
    return base64.b64decode(value + "=" * (-len(value) % 4))


def _behind_the_digest(decoded: bytes) -> tuple[bytes, str | None]:
    """The text, and what is wrong with the digest before it."""
    if re.match(rb"[0-9a-fA-F]{40}", decoded):
        return decoded[40:], "the digest is 40 hexadecimal characters; expected its 20 raw bytes"
    if _BASE64_DIGEST.match(decoded):
        return decoded[28:], "the digest is Base64 itself; expected its 20 raw bytes, then Base64 of the whole"
    if _BEGINS.match(decoded, DIGEST_BYTES):
        return decoded[DIGEST_BYTES:], None
    begins = _BEGINS.search(decoded)
    if begins is None:
        return decoded[DIGEST_BYTES:] if b"=" in decoded[DIGEST_BYTES:] else b"", None
    if begins.start() == 0:
        return decoded, f"there is no digest before the text; expected {DIGEST_BYTES} bytes of HMAC-SHA1"
    return decoded[begins.start() :], f"the digest has {begins.start()} bytes; HMAC-SHA1 makes {DIGEST_BYTES}"


def _printable(text: bytes) -> str:
    """The text up to its first byte that no signed text has."""
    found = re.match(rb"[ -~]*", text)
    return found[0].decode("ascii") if found else ""
