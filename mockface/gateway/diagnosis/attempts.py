"""A request of signature v3 as a client may have signed it: the ways to get it wrong that are known from the field.

What was sent and the key come in; each way comes out with its words, the likely ones first, some 60 of them and the
body written anew as JSON. Whoever asks stops at the first that makes the signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from mockface.gateway import tc3
from mockface.gateway.diagnosis import bodies, times
from mockface.gateway.diagnosis.common import host_name, other_hosts, other_keys
from mockface.gateway.making import SERVICE
from mockface.gateway.tc3 import Tc3Claims, Variant
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, words

CHINA = 8

_NO_TC3 = words(
    "the first HMAC is keyed with the SecretKey alone; expected 'TC3' before it",
    "第一轮 HMAC 的密钥只有 SecretKey；前面应加 'TC3'",
)
_SENDS_MILLIS = words(
    "it signs the time in seconds and sends it in milliseconds; expected seconds in both",
    "签名用秒，发送的却是毫秒；两处均应为秒",
)
_SIGNS_MILLIS = words(
    "it signs the time in milliseconds and sends it in seconds; expected seconds in both",
    "签名用毫秒，发送的却是秒；两处均应为秒",
)
_TWO_TIMES = Reason(
    "it signs the time {signed}, and X-TC-Timestamp is {sent}; ask the clock once",
    "签名用的时间为 {signed}，X-TC-Timestamp 却是 {sent}；应只取一次时间",
)
_KEY_DATE = Reason(
    "the key is made with the date {date}; expected {scope}, as the scope has it",
    "派生密钥用的日期为 {date}；应为凭证范围中的 {scope}",
)
_TEXT_DATE = Reason(
    "the string to sign has the date {date}; expected {scope}, as Credential has it",
    "待签名字符串中的日期为 {date}；应为 Credential 中的 {scope}",
)
_KEY_SERVICE = Reason(
    "the key is made with the service {service}; expected {scope}, as the scope has it",
    "派生密钥用的服务名为 {service}；应为凭证范围中的 {scope}",
)
_TEXT_SERVICE = Reason(
    "the string to sign has the service {service}; expected {scope}, as Credential has it",
    "待签名字符串中的服务名为 {service}；应为 Credential 中的 {scope}",
)
_TYPE = Reason(
    "it signs the Content-Type {signed}; expected {came}, as it is sent",
    "签名用的 Content-Type 为 {signed}；应为实际发送的 {came}",
)
_ONE_LOWERED = Reason(
    "it signs the value of {name} alone in lower case; expected it as it is sent",
    "签名只把 {name} 的值转成小写；应与发送的一致",
)
_NO_GAP = words(
    "the canonical request has no empty line behind the headers; expected one",
    "规范请求串的请求头之后没有空行；应有一个空行",
)
_SMALL_METHOD = Reason("it signs the method in lower case; expected {method}", "签名用的方法为小写；应为 {method}")
_OTHER_ORDER = words(
    "it signs the headers in another order than SignedHeaders has; expected the same order",
    "签名时请求头的顺序与 SignedHeaders 不同；应一致",
)
_PATH = Reason("it signs the path {path}; expected / for every path", "签名用的路径为 {path}；任何路径都应为 /")
_NO_PATH = words("it signs an empty path; expected /", "签名用的路径为空；应为 /")
_WORD = Reason(
    "the string to sign begins with {word}; expected {algorithm}", "待签名字符串以 {word} 开头；应为 {algorithm}"
)
_QUERY_OF_POST = words(
    "it signs the query of a POST; expected an empty line for it", "POST 请求签入了查询串；该行应为空行"
)
_QUERY = Reason("it signs {how}; expected the query as it is sent", "签名用的是{how}；查询串应与发送的一致")
_NO_QUERY = words("nothing in the place of the query", "空的查询串")
_SORTED = words("the query sorted", "排序后的查询串")
_DECODED = words("the query decoded", "解码后的查询串")
_AS_20 = words("blanks of the query as %20, and they came as +", "空格写作 %20 的查询串（发送的是 +）")
_AS_PLUS = words("blanks of the query as +, and they came as %20", "空格写作 + 的查询串（发送的是 %20）")
_NO_BODY = words("it signs an empty body; expected the body that is sent", "签名用的请求体为空；应为实际发送的请求体")
_UNSIGNED = words(
    "it signs UNSIGNED-PAYLOAD; expected the header X-TC-Content-SHA256 to say so",
    "签名用的是 UNSIGNED-PAYLOAD；应以请求头 X-TC-Content-SHA256 声明",
)
_LITERAL = words(
    "it signs the text UNSIGNED-PAYLOAD itself; expected the SHA-256 of it",
    "直接签入了文本 UNSIGNED-PAYLOAD；应为其 SHA-256",
)
_UPPER_HASH = words(
    "the hash of the body is in capital letters; expected lower-case hexadecimal",
    "请求体的哈希为大写；应为小写十六进制",
)
_BODY_OF_GET = words(
    "it signs the body, though a GET has none; expected an empty one", "GET 请求签入了请求体；应按空请求体签名"
)
_BODY_UNSIGNED = words(
    "it signs the body, though X-TC-Content-SHA256 says UNSIGNED-PAYLOAD; expected that text",
    "X-TC-Content-SHA256 为 UNSIGNED-PAYLOAD，却签入了请求体；应签该文本",
)
_OTHER_BODY = Reason(
    "it signs another body than it sends: {how}; expected the bytes that are sent",
    "签名用的请求体与发送的不同：{how}；应使用实际发送的字节",
)


class Attempt(NamedTuple):
    """A request as a client may have signed it. `payload` is the last line; `key` is what the first HMAC takes.

    `key_date` and `key_service` replace those of the scope in the key alone, "" for the scope's own; without `gap`
    there is no empty line behind the headers.
    """

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    payload: str
    timestamp: str
    claims: Tc3Claims
    key: bytes
    algorithm: str = tc3.ALGORITHM
    key_date: str = ""
    key_service: str = ""
    gap: bool = True

    def with_header(self, name: bytes, value: bytes) -> Attempt:
        """The same with another value of a header."""
        others = tuple(pair for pair in self.headers if pair[0] != name)
        return self._replace(headers=(*others, (name, value)))

    def with_key(self, key: str) -> Attempt:
        """The same with another SecretKey."""
        return self._replace(key=b"TC3" + key.encode("utf-8", "replace"))

    def canonical(self, variant: Variant) -> bytes:
        """The canonical request."""
        names = self.claims.signed_headers
        lines = tc3.signed_lines(self.headers, names, variant)
        text = tc3.canonical_text(self.method, self.path, self.query, lines, names, self.payload)
        return text if self.gap else b"\n".join(text.rsplit(b"\n\n", 1))

    def text(self, variant: Variant) -> str:
        """The string to sign."""
        return tc3.string_to_sign(self.timestamp, self.claims.scope, self.canonical(variant), self.algorithm)

    def signature(self, variant: Variant) -> str:
        """The signature of it."""
        date, service = self.key_date or self.claims.date, self.key_service or self.claims.service
        return tc3.signature_with(tc3.derived_key(self.key, date, service), self.text(variant))

    def matching(self) -> Variant | None:
        """The variant that makes the signature that came."""
        ways = tc3.variants(self.headers, self.claims.signed_headers)
        return next((one for one in ways if self.signature(one) == self.claims.signature.lower()), None)


Guess = tuple[Said, Attempt]


def guesses(
    base: Attempt, path: str, query: bytes, body: bytes | None, secret_key: str, *, rewrite: bool
) -> Iterator[Guess]:
    """Every way; with `rewrite` also those of the body written anew."""
    yield from _keys(base, secret_key)
    yield from _times(base)
    yield from _scopes(base)
    yield from _hosts(base)
    yield from _values(base)
    yield from _shapes(base, path, query)
    yield from _payloads(base, body, rewrite=rewrite)


def _keys(base: Attempt, secret_key: str) -> Iterator[Guess]:
    for told, key in other_keys(secret_key, base.claims.secret_id):
        yield told, base.with_key(key)
    yield _NO_TC3, base._replace(key=secret_key.encode("utf-8", "replace"))


def _times(base: Attempt) -> Iterator[Guess]:
    seconds = times.seconds_of(base.timestamp)
    if seconds is None:
        return
    if seconds > times.MILLISECONDS:
        yield _SENDS_MILLIS, base._replace(timestamp=str(seconds // 1000))
    yield _SIGNS_MILLIS, base._replace(timestamp=f"{seconds}000")
    for off in (1, -1, 2, -2, 3, -3):
        yield _TWO_TIMES.of(signed=seconds + off, sent=seconds), base._replace(timestamp=str(seconds + off))


def _scopes(base: Attempt) -> Iterator[Guess]:
    seconds = times.seconds_of(base.timestamp)
    own = base.claims
    nearby = () if seconds is None else (seconds, seconds + CHINA * times.HOUR)
    dates = [date for date in map(times.utc_date, nearby) if date]
    for date in dict.fromkeys((*dates, *(one.replace("-", "") for one in (*dates, own.date)))):
        yield _KEY_DATE.of(date=date, scope=own.date), base._replace(key_date=date)
        yield _TEXT_DATE.of(date=date, scope=own.date), base._replace(claims=own._replace(date=date))
    for service in dict.fromkeys((SERVICE, host_name(base.headers).partition(".")[0])):
        names = {"service": quoted(service), "scope": quoted(own.service)}
        yield _KEY_SERVICE.of(**names), base._replace(key_service=service)
        yield _TEXT_SERVICE.of(**names), base._replace(claims=own._replace(service=service))


def _hosts(base: Attempt) -> Iterator[Guess]:
    for told, host in other_hosts(tc3.header(base.headers, b"host") or b"", base.claims.service):
        yield told, base.with_header(b"host", host)


_TYPES = (
    b"application/json; charset=utf-8", b"application/json", b"application/json;charset=utf-8",
    b"application/json; charset=UTF-8", b"application/x-www-form-urlencoded", b"",
)  # fmt: skip


def _values(base: Attempt) -> Iterator[Guess]:
    came = (tc3.header(base.headers, b"content-type") or b"").strip(b" \t")
    for value in _TYPES:
        yield _TYPE.of(signed=quoted(value), came=quoted(came)), base.with_header(b"content-type", value)
    for name in (one.lower().encode() for one in base.claims.signed_headers):
        sent = tc3.header(base.headers, name) or b""
        if sent != sent.lower():
            yield _ONE_LOWERED.of(name=quoted(name)), base.with_header(name, sent.lower())


def _shapes(base: Attempt, path: str, query: bytes) -> Iterator[Guess]:
    yield _NO_GAP, base._replace(gap=False)
    yield _SMALL_METHOD.of(method=quoted(base.method, 16)), base._replace(method=base.method.lower())
    in_order = base.claims._replace(signed_headers=tuple(sorted(base.claims.signed_headers)))
    yield _OTHER_ORDER, base._replace(claims=in_order)
    if path != "/":
        yield _PATH.of(path=quoted(path)), base._replace(path=path)
    yield _NO_PATH, base._replace(path="")
    authorization = (tc3.header(base.headers, b"authorization") or b"").decode("latin-1").strip(" \t")
    came = authorization.partition(" ")[0][:32]
    for word in dict.fromkeys((came, "TC3-HMAC-SHA1", "HMAC-SHA256", "AWS4-HMAC-SHA256", f"{tc3.ALGORITHM} ")):
        yield _WORD.of(word=quoted(word), algorithm=tc3.ALGORITHM), base._replace(algorithm=word)
    if query and base.method != "GET":
        yield _QUERY_OF_POST, base._replace(query=query)
    if base.method == "GET":
        yield from _queries(base, query)


def _queries(base: Attempt, query: bytes) -> Iterator[Guess]:
    for how, other in (
        (_NO_QUERY, b""),
        (_SORTED, b"&".join(sorted(query.split(b"&")))),
        (_DECODED, unquote_to_bytes(query)),
        (_AS_20, query.replace(b"+", b"%20")),
        (_AS_PLUS, query.replace(b"%20", b"+")),
    ):
        if other != query:
            yield _QUERY.of(how=how), base._replace(query=other)


def _payloads(base: Attempt, body: bytes | None, *, rewrite: bool) -> Iterator[Guess]:
    nothing, text = tc3.sha256_hex(b""), tc3.sha256_hex(tc3.UNSIGNED_PAYLOAD.encode())
    yield _NO_BODY, base._replace(payload=nothing)
    yield _UNSIGNED, base._replace(payload=text)
    yield _LITERAL, base._replace(payload=tc3.UNSIGNED_PAYLOAD)
    yield _UPPER_HASH, base._replace(payload=base.payload.upper())
    if body is None:
        return
    own = tc3.sha256_hex(body)
    if base.payload != own:
        yield _BODY_OF_GET if base.method == "GET" else _BODY_UNSIGNED, base._replace(payload=own)
    for how, other in bodies.rewritten(body) if rewrite else ():
        if other != body:
            yield _OTHER_BODY.of(how=how), base._replace(payload=tc3.sha256_hex(other))
