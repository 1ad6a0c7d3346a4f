"""Recovers the text of a malformed Authorization, and names the common mistakes in it.

Takes the value; returns the signed text as far as it can be read leniently, and the mistakes. No check uses it: it
explains a call on demand. The result does not contain the digest.
"""

from __future__ import annotations

import base64
import re
from typing import NamedTuple
from urllib.parse import unquote

from mockface.reasons import Reason, Said, words
from mockface.signature.hmac_sha1 import DIGEST_BYTES, HEX_DIGEST

_LIMIT = 4096
"""The most characters of a value that are read; real ones have about 200."""
_SCHEME = re.compile(r"(Bearer|Basic|Digest|Token|Signature|TC3-HMAC-SHA256)[\s:]+", re.IGNORECASE)
_URL_ENCODED = re.compile(r"%(2b|2f|3d)", re.IGNORECASE)
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_BEGINS = re.compile(rb"(?:^|(?<=[^a-z]))[abket]=[^&]*&[a-z]=")
_BASE64_DIGEST = re.compile(rb"[A-Za-z0-9+/]{27}=")


class Recovered(NamedTuple):
    """The signed text ("" if nothing could be read), and the mistakes in words."""

    text: str
    mistakes: tuple[Said, ...]


NOTHING_RECOVERED = Recovered("", ())


def recovered(authorization: str) -> Recovered:
    """Read what can be read of a malformed value."""
    value = authorization[:_LIMIT].strip()
    if not value:
        return Recovered("", (_EMPTY,))
    value, mistakes = _mended(value)
    if _BEGINS.match(value.encode("ascii", "replace")):
        return Recovered(_printable(value.encode("ascii", "replace")), (*mistakes, _BARE))
    text, mistake = _behind_the_digest(_decoded(value))
    return Recovered(_printable(text), (*mistakes, mistake) if mistake else mistakes)


_EMPTY = words("the Authorization is missing or empty (code 4)", "Authorization 缺失或为空（错误码 4）")
_BARE = words(
    "it is the signed text itself; expected Base64 of the 20 digest bytes and the text",
    "是签名文本本身；应为 20 字节摘要加文本的 Base64",
)
_SCHEME_WORD = Reason(
    "it begins with the scheme {scheme}; send only the value", "前面有方案名 {scheme}；应只发送值本身"
)
_QUOTED = words("it is in quotes; send it without them", "带有引号；发送时应去掉")
_BLANK = words(
    "it contains a space or a line break; send it on one line (some encoders wrap at 76 characters)",
    "中间有空格或换行；应为一行，有些编码器每 76 个字符换行",
)
_ENCODED = words(
    "it is URL-encoded (%2B, %2F, %3D); send it unencoded in a header, with + / =",
    "经过 URL 编码（%2B、%2F、%3D）；请求头应原样发送 + / =",
)
_URL_SAFE = words(
    "it uses the URL-safe alphabet (- and _); expected the standard one (+ and /)",
    "是 URL 安全字母表（- 和 _）；应为标准字母表（+ 和 /）",
)
_DIGEST_IN_BASE64 = words(
    "the digest is in Base64 itself; expected 20 raw bytes, then Base64 of the whole value",
    "摘要本身已是 Base64；应为 20 个原始字节，再整体做 Base64 编码",
)
_NO_DIGEST = Reason(
    "there is no digest before the text; expected {size} bytes of HMAC-SHA1",
    "文本前没有摘要；应有 {size} 字节 HMAC-SHA1",
)
_DIGEST_LENGTH = Reason(
    "the digest has {came} bytes; HMAC-SHA1 has {size}", "摘要有 {came} 字节；HMAC-SHA1 为 {size} 字节"
)


def _mended(value: str) -> tuple[str, tuple[Said, ...]]:
    """The value with its Base64 corrected, and the mistakes that were corrected."""
    mistakes = []
    scheme = _SCHEME.match(value)
    if scheme:
        mistakes.append(_SCHEME_WORD.of(scheme=scheme[1]))
        value = value[scheme.end() :]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        mistakes.append(_QUOTED)
        value = value[1:-1]
    if re.search(r"\s", value):
        mistakes.append(_BLANK)
        value = re.sub(r"\s", "", value)
    if _URL_ENCODED.search(value):
        mistakes.append(_ENCODED)
        value = unquote(value)
    if re.search(r"[-_]", value) and "&" not in value:
        mistakes.append(_URL_SAFE)
        value = value.replace("-", "+").replace("_", "/")
    return value, tuple(mistakes)


def _decoded(value: str) -> bytes:
    value = _NO_BASE64.sub("", value)
    if len(value) % 4 == 1:
        value = value[:-1]
    return base64.b64decode(value + "=" * (-len(value) % 4))


def _behind_the_digest(decoded: bytes) -> tuple[bytes, Said | None]:
    """The text, and what is wrong with the digest before it."""
    if re.match(rb"[0-9a-fA-F]{40}", decoded):
        return decoded[40:], HEX_DIGEST
    if _BASE64_DIGEST.match(decoded):
        return decoded[28:], _DIGEST_IN_BASE64
    if _BEGINS.match(decoded, DIGEST_BYTES):
        return decoded[DIGEST_BYTES:], None
    begins = _BEGINS.search(decoded)
    if begins is None:
        return decoded[DIGEST_BYTES:] if b"=" in decoded[DIGEST_BYTES:] else b"", None
    if begins.start() == 0:
        return decoded, _NO_DIGEST.of(size=DIGEST_BYTES)
    return decoded[begins.start() :], _DIGEST_LENGTH.of(came=begins.start(), size=DIGEST_BYTES)


def _printable(text: bytes) -> str:
    """The text up to the first byte that cannot occur in a signed text."""
    found = re.match(rb"[ -~]*", text)
    return found[0].decode("ascii") if found else ""
