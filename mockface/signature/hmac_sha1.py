"""Reads, verifies and creates Authorization values.

The vendor's rule (docs/wire.md, Signature): `k=v` pairs joined by `&`, HMAC-SHA1 of that text with the SecretKey, and
Base64 (standard alphabet) of the 20 digest bytes followed by the text. Seven orders of the pairs are in official use,
so the digest is computed over the text as received and the pairs are read in any order. Takes a value; returns Claims
or Refused; knows neither accounts nor the time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from functools import lru_cache

from mockface import codes
from mockface.model import Claims, Refused
from mockface.privacy.masking import quoted, shown
from mockface.reasons import Reason, Said, words

DIGEST_BYTES = 20
LIFE_LIMIT_S = 90 * 24 * 3600
"""Three months, the longest validity of a multi-use signature. Source: page; the number of seconds is assumed."""

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}", re.ASCII)
_SECONDS = re.compile(r"([0-9]{1,15})(?:\.[0-9]{1,9})?", re.ASCII)
"""Whole seconds; some real apps send fractions, which are cut off (docs/wire.md, Signature)."""

_HEX_DIGEST = re.compile(rb"[0-9a-fA-F]{40}")

REMEMBERED_LENGTH = 1024
"""The longest value that is cached, in characters; real ones have about 200."""

WOULD_WORK = words("'mockface sign' prints a valid one", "'mockface sign' 可打印有效的签名")
HEX_DIGEST = words(
    "the digest is 40 hexadecimal characters; expected its 20 raw bytes",
    "摘要是 40 个十六进制字符；应为 20 个原始字节",
)
MISSING = Reason("the signed text has no {key}= (a, k, e and t are needed)", "签名文本缺少 {key}=（需要 a、k、e、t）")
NO_TIME = Reason("{key}={value} is not a time in whole seconds", "{key}={value} 不是以整秒表示的时间")
_MALFORMED = Reason("Authorization: {why}; {works}", "Authorization：{why}；{works}")
_NOT_ASCII = words("the text after its 20 digest bytes is not printable ASCII", "20 字节摘要之后的文本不是可打印 ASCII")
_NOT_BASE64 = Reason(
    "not standard Base64 (A-Z a-z 0-9 + /, no scheme): character {at} is {found}",
    "不是标准 Base64（A-Z a-z 0-9 + /，前面没有方案名）：第 {at} 个字符是 {found}",
)
_NOT_WHOLE = Reason(
    "{count} characters are not complete Base64 (one more or less than a multiple of 4)",
    "{count} 个 Base64 字符不完整（比 4 的倍数多或少一个）",
)
_TOO_SHORT = Reason(
    "decodes to {count} bytes; expected 20 digest bytes and the signed text",
    "解码后为 {count} 字节；应为 20 字节摘要加签名文本",
)
_NO_PAIR = Reason("{pair} in the signed text is not a key=value pair", "签名文本中的 {pair} 不是 key=value")
_TWICE = Reason("the signed text has {key} twice", "签名文本中 {key} 出现两次")


def digest_of(signed_text: bytes, secret_key: str) -> bytes:
    """HMAC-SHA1, 20 raw bytes, keyed with the SecretKey in UTF-8."""
    return hmac.digest(secret_key.encode(), signed_text, hashlib.sha1)


def is_signed_with(claims: Claims, secret_key: str) -> bool:
    """Whether the digest matches the text with this SecretKey."""
    remembered = len(claims.signed_text) <= REMEMBERED_LENGTH
    return (_remembered_verdict if remembered else _is_signed_with)(claims, secret_key)


def _is_signed_with(claims: Claims, secret_key: str) -> bool:
    return hmac.compare_digest(claims.digest, digest_of(claims.signed_text, secret_key))


_remembered_verdict = lru_cache(maxsize=512)(_is_signed_with)


def sign(
    appid: str, secret_id: str, secret_key: str, *, signed_at: int, expires_at: int, nonce: int = 0, bucket: str = "",
    resource: str = "",
) -> str:  # fmt: skip
    """An Authorization value with the page's field order `a,b,k,e,t,r,f`. `expires_at` 0 makes it single-use."""
    text = f"a={appid}&b={bucket}&k={secret_id}&e={expires_at}&t={signed_at}&r={nonce}&f={resource}".encode()
    return base64.b64encode(digest_of(text, secret_key) + text).decode()


def read(authorization: str) -> Claims | Refused:
    """Decode a non-empty Authorization value; code 5 with the reason if it is malformed.

    A pure function, so results are cached: clients reuse a multi-use signature while it is valid. Long ones are not.
    """
    return _remembered(authorization) if len(authorization) <= REMEMBERED_LENGTH else _read(authorization)


def _read(authorization: str) -> Claims | Refused:
    decoded = _decode(authorization)
    if isinstance(decoded, Said):
        return _malformed(decoded)
    if _HEX_DIGEST.match(decoded):
        return _malformed(HEX_DIGEST)
    text = decoded[DIGEST_BYTES:]
    if not text.isascii() or not text.decode("ascii").isprintable():
        return _malformed(_NOT_ASCII)
    pairs = _pairs(text.decode("ascii"))
    if isinstance(pairs, Said):
        return _malformed(pairs)
    return _claims(decoded[:DIGEST_BYTES], text, pairs)


_remembered = lru_cache(maxsize=512)(_read)


def _malformed(why: Said) -> Refused:
    return Refused(codes.SIGNATURE_MALFORMED, _MALFORMED.of(why=why, works=WOULD_WORK))


def _decode(authorization: str) -> bytes | Said:
    """The decoded bytes, or what is wrong with the Base64."""
    if not _BASE64.fullmatch(authorization):
        at = _BASE64.match(authorization)
        offset = at.end() if at else 0
        return _NOT_BASE64.of(at=offset + 1, found=quoted(authorization[offset]))
    unpadded = authorization.rstrip("=")
    if len(unpadded) % 4 == 1:
        return _NOT_WHOLE.of(count=len(unpadded))
    try:
        decoded = base64.b64decode(unpadded + "=" * (-len(unpadded) % 4))
    except binascii.Error as fault:  # pragma: no cover - the pattern above excludes it
        return Reason("not Base64: {fault}", "不是 Base64：{fault}").of(fault=fault)
    if len(decoded) <= DIGEST_BYTES:
        return _TOO_SHORT.of(count=len(decoded))
    return decoded


def _pairs(text: str) -> dict[str, str] | Said:
    pairs: dict[str, str] = {}
    for pair in text.split("&"):
        key, equals, value = pair.partition("=")
        if not equals:
            return _NO_PAIR.of(pair=quoted(pair, 8))
        if key in pairs:
            return _TWICE.of(key=quoted(key, 20))
        pairs[key] = value
    return pairs


def _claims(digest: bytes, text: bytes, pairs: dict[str, str]) -> Claims | Refused:
    for key in "aket":
        if not pairs.get(key):
            return _malformed(MISSING.of(key=key))
    seconds = {key: _SECONDS.fullmatch(pairs[key]) for key in "et"}
    for key, match in seconds.items():
        if match is None:
            return _malformed(NO_TIME.of(key=key, value=shown(pairs[key], 24)))
    return Claims(
        digest=digest,
        signed_text=text,
        appid=pairs["a"],
        secret_id=pairs["k"],
        expires_at=int(seconds["e"][1]),  # type: ignore[index]
        signed_at=int(seconds["t"][1]),  # type: ignore[index]
        bucket=pairs.get("b", ""),
        resource=pairs.get("f", ""),
    )
