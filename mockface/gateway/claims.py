"""An Authorization value of signature v3, read and written. A text comes in; claims or a reason go out.

Knows no request, no key and no time. What the claims sign is in `tc3`, which hands these names on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, joined, words

ALGORITHM = "TC3-HMAC-SHA256"
TERMINATOR = "tc3_request"
"""The last part of a scope."""

MOST_SIGNED_HEADERS = 64
LONGEST_AUTHORIZATION = 8192
"""The longest value that is read, in characters; those of the SDKs have some 210."""
LONGEST_SERVICE = 260
"""The longest service: a host and its port, which is what Node's SDK makes one of."""

WOULD_WORK = words("'mockface sign --tc3' prints one that works", "'mockface sign --tc3' 可打印一个可用的")

_PARTS = ("Credential", "SignedHeaders", "Signature")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}", re.ASCII)

_WRONG = Reason("Authorization: {why}; {would}", "Authorization：{why}；{would}")
_LONG = Reason("it has {count} characters; expected at most {limit}", "有 {count} 个字符；应不超过 {limit} 个")
_EMPTY = words(
    f"it is empty; expected {ALGORITHM} Credential=..., SignedHeaders=..., Signature=...",
    f"为空；应为 {ALGORITHM} Credential=..., SignedHeaders=..., Signature=...",
)
_NO_ASCII = words(
    "it has characters other than printable ASCII; expected none", "含有可打印 ASCII 以外的字符；应只有可打印 ASCII"
)
_SKIP = words(
    "SKIP asks for no signature, which no action of this API allows; expected a signature",
    "SKIP 表示不签名，但本 API 没有接口允许；应给出签名",
)
_OLD = Reason(
    "it is {count} characters of Base64, as the old API has it; expected {algorithm} and its three parts",
    "是 {count} 个字符的 Base64，属于旧接口；API 3.0 应为 {algorithm} 及其三个部分",
)
_NO_ALGORITHM = Reason(
    "the algorithm is missing: it begins with {came}; expected {algorithm} and a blank first",
    "缺少算法：开头为 {came}；最前面应为 {algorithm} 和一个空格",
)
_OTHER_ALGORITHM = Reason("the algorithm is {came}; expected {algorithm}", "算法为 {came}；应为 {algorithm}")
_NO_PAIR = Reason(
    "{came} is no key=value; expected {parts}, with commas between them",
    "{came} 不是 key=value；应为 {parts}，以逗号分隔",
)
_NO_PART = Reason(
    "{came} is none of its parts; expected {parts}, spelled so", "{came} 不是其组成部分；应为 {parts}，大小写一致"
)
_TWICE = Reason("{key}= comes twice; expected it once", "{key}= 出现两次；应只有一次")
_BLANK = Reason(
    "{key}= has a blank in it; expected a comma and a blank between the parts",
    "{key}= 中有空格；各部分之间应为逗号加空格",
)
_MISSING = Reason("it has no {keys}; expected {parts}", "缺少 {keys}；应有 {parts}")
_SCOPE = Reason(
    "{wrong}; expected SecretId/YYYY-MM-DD/service/{end}", "{wrong}；应为 SecretId/YYYY-MM-DD/service/{end}"
)
_NO_SCOPE = Reason(
    "Credential={came} has no scope behind a SecretId", "Credential={came} 没有 SecretId，或其后没有凭证范围"
)
_OTHER_DATE = Reason("the date in Credential= is {came}", "Credential= 中的日期为 {came}")
_OTHER_END = Reason("Credential= ends in {came}", "Credential= 以 {came} 结尾")
_NO_SERVICE = words("Credential= has no service", "Credential= 中没有服务名")
_LONG_SERVICE = Reason(
    "the service in Credential= has {count} characters; expected at most {limit}",
    "Credential= 中的服务名有 {count} 个字符；应不超过 {limit} 个",
)
_MANY_NAMES = Reason(
    "SignedHeaders= names {count} headers; expected at most {limit}",
    "SignedHeaders= 列出 {count} 个请求头；应不超过 {limit} 个",
)
_NO_NAME = Reason(
    "SignedHeaders= has {came}, which is no header's name; expected such as content-type;host",
    "SignedHeaders= 中的 {came} 不是请求头名；应形如 content-type;host",
)
_NAMED_TWICE = words(
    "SignedHeaders= names a header twice; expected each once", "SignedHeaders= 重复列出同一请求头；每个应只列一次"
)
_NO_SIGNATURE = Reason(
    "Signature= has {count} characters ({came}); expected 64 hexadecimal ones",
    "Signature= 有 {count} 个字符（{came}）；应为 64 个十六进制字符",
)


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


def scope(date: str, service: str) -> str:
    """`date/service/tc3_request`."""
    return f"{date}/{service}/{TERMINATOR}"


def authorization(claims: Tc3Claims) -> str:
    """The value as every SDK writes it."""
    signed = ";".join(claims.signed_headers)
    return (
        f"{ALGORITHM} Credential={claims.secret_id}/{claims.scope}, SignedHeaders={signed}, "
        f"Signature={claims.signature}"
    )


def read(authorization: str) -> Tc3Claims | Said:
    """What the value says; a text that says what was wrong, what came and what would work if it is not readable.

    The three parts may come in any order and with any blanks around their commas (assumed; no SDK varies them).
    """
    claims = _read(authorization)
    return _WRONG.of(why=claims, would=WOULD_WORK) if isinstance(claims, Said) else claims


def _read(value: str) -> Tc3Claims | Said:
    if len(value) > LONGEST_AUTHORIZATION:
        return _LONG.of(count=len(value), limit=LONGEST_AUTHORIZATION)
    if not value.strip(" "):
        return _EMPTY
    if not (value.isascii() and value.isprintable()):
        return _NO_ASCII
    algorithm, _, rest = value.strip(" ").partition(" ")
    if algorithm != ALGORITHM:
        return _wrong_algorithm(algorithm, alone=not rest)
    parts = _parts(rest)
    if isinstance(parts, Said):
        return parts
    scoped = _scoped(parts["Credential"])
    if isinstance(scoped, Said):
        return scoped
    names = _names(parts["SignedHeaders"])
    if isinstance(names, Said):
        return names
    came = parts["Signature"]
    if not _SIGNATURE.fullmatch(came):
        return _NO_SIGNATURE.of(count=len(came), came=quoted(came, 8))
    return Tc3Claims(*scoped, names, came)


def _wrong_algorithm(word: str, *, alone: bool) -> Said:
    if word == "SKIP":
        return _SKIP
    if alone and _BASE64.fullmatch(word):
        return _OLD.of(count=len(word), algorithm=ALGORITHM)
    if word.startswith(_PARTS):
        return _NO_ALGORITHM.of(came=quoted(word, 16), algorithm=ALGORITHM)
    return _OTHER_ALGORITHM.of(came=quoted(word, 24), algorithm=ALGORITHM)


def _parts(rest: str) -> dict[str, str] | Said:
    found: dict[str, str] = {}
    for piece in rest.split(","):
        key, equals, value = piece.strip(" ").partition("=")
        if not equals:
            return _NO_PAIR.of(came=quoted(piece.strip(" "), 16), parts=joined(_PARTS))
        if key not in _PARTS:
            return _NO_PART.of(came=quoted(key, 16), parts=joined(_PARTS))
        if key in found:
            return _TWICE.of(key=key)
        if " " in value:
            return _BLANK.of(key=key)
        found[key] = value
    missing = [f"{key}=" for key in _PARTS if not found.get(key)]
    return _MISSING.of(keys=joined(missing, " and no "), parts=joined(_PARTS)) if missing else found


def _scoped(credential: str) -> tuple[str, str, str] | Said:
    """SecretId, date and service of `SecretId/date/service/tc3_request`, split at its ends."""

    def of(wrong: Said) -> Said:
        return _SCOPE.of(wrong=wrong, end=TERMINATOR)

    secret_id, slash, rest = credential.partition("/")
    if not slash or not secret_id:
        return of(_NO_SCOPE.of(came=quoted(credential, 8)))
    date, _, rest = rest.partition("/")
    if not _DATE.fullmatch(date):
        return of(_OTHER_DATE.of(came=quoted(date, 16)))
    service, _, end = rest.rpartition("/")
    if end != TERMINATOR:
        return of(_OTHER_END.of(came=quoted(end, 16)))
    if not service.strip("/"):
        return of(_NO_SERVICE)
    if len(service) > LONGEST_SERVICE:
        return _LONG_SERVICE.of(count=len(service), limit=LONGEST_SERVICE)
    return secret_id, date, service


def _names(text: str) -> tuple[str, ...] | Said:
    if text.count(";") >= MOST_SIGNED_HEADERS:
        return _MANY_NAMES.of(count=text.count(";") + 1, limit=MOST_SIGNED_HEADERS)
    names = tuple(text.split(";"))
    bad = next((name for name in names if not _NAME.fullmatch(name)), None)
    if bad is not None:
        return _NO_NAME.of(came=quoted(bad, 16))
    return names if len({name.lower() for name in names}) == len(names) else _NAMED_TWICE
