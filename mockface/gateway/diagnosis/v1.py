"""What a request of signature v1 signs, and which of the usual mistakes it has.

A request, the key if it is known, and the time come in; the text that is signed, the expected signature and mistakes
come out. The text is not safe to show: it has a number and a name in it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote, unquote_to_bytes

from mockface.gateway import hosts, tc3, v1
from mockface.gateway.diagnosis import times
from mockface.gateway.diagnosis.common import HOST_SIGNED, other_hosts, other_keys
from mockface.gateway.making import SERVICE
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, joined, words

LARGEST_FORM = 1024 * 1024
"""The largest form of signature v1, in bytes. Source: page (1 MB)."""
_FORM = b"application/x-www-form-urlencoded"
_NEEDED = ("Action", "Version", "Timestamp", "Nonce", "SecretId", "Signature")
_COMMON = (*_NEEDED, "Region", "Token", "Language", "RequestClient", "SignatureMethod")
_HEX = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}", re.ASCII)
_ENCODED = re.compile(r"%(2b|2f|3d)", re.IGNORECASE)

_MISSING = Reason(
    "{names} did not come; expected among the parameters of signature v1", "缺少参数 {names}；签名 v1 应带上"
)
_LARGE = Reason(
    "the form has {size} bytes; expected at most {limit} with signature v1",
    "表单有 {size} 字节；签名 v1 应不超过 {limit} 字节",
)
_MANY = Reason("there are {count} parameters; expected at most {limit}", "共有 {count} 个参数；应不超过 {limit} 个")
_NO_FORM = Reason(
    "the Content-Type is {came}; expected application/x-www-form-urlencoded with signature v1",
    "Content-Type 为 {came}；签名 v1 应为 application/x-www-form-urlencoded",
)
_NO_METHOD = Reason("SignatureMethod is {came}; expected {known}", "SignatureMethod 为 {came}；应为 {known}")
_V3_METHOD = words(
    "SignatureMethod is TC3-HMAC-SHA256, which signs headers; expected HmacSHA1 or HmacSHA256, or an Authorization "
    "header",
    "SignatureMethod 为 TC3-HMAC-SHA256，它用于请求头签名；应为 HmacSHA1 或 HmacSHA256，或改用 Authorization 请求头",
)
_BLANK = words(
    "Signature has a blank, which was a + that is not URL-encoded; expected %2B",
    "Signature 中有空格，原为未经 URL 编码的 +；应写作 %2B",
)
_TWICE_ENCODED = words("Signature is URL-encoded twice; expected once", "Signature 做了两次 URL 编码；应只编码一次")
_HEXADECIMAL = words(
    "Signature is hexadecimal; expected Base64 of the digest's bytes", "Signature 为十六进制；应为摘要字节的 Base64"
)
_BASE64_OF_HEX = words(
    "Signature is Base64 of the digest in hexadecimal; expected Base64 of the digest's bytes",
    "Signature 是十六进制摘要的 Base64；应为摘要字节的 Base64",
)
_URL_SAFE = words(
    "Signature has the URL-safe alphabet (- and _); expected the standard one (+ and /)",
    "Signature 用了 URL 安全字母表（- 和 _）；应为标准字母表（+ 和 /）",
)
_BRACKETS = Reason(
    "the parameter {name} has brackets; expected dots, such as Encryption.EncryptList.0 (PHP's SDK writes nested "
    "fields so, and they do not verify)",
    "参数名 {name} 带方括号；应使用点号，如 Encryption.EncryptList.0（PHP SDK 这样写嵌套字段，无法通过校验）",
)
_UNDECLARED = Reason(
    "it is made with {made}, and no SignatureMethod came; expected SignatureMethod={made} among the parameters",
    "签名用的是 {made}，却没有 SignatureMethod；参数中应有 SignatureMethod={made}",
)
_OTHER_HMAC = Reason(
    "it is made with {made}; expected {said}, as SignatureMethod says",
    "签名用的是 {made}；应为 SignatureMethod 指定的 {said}",
)
_WITH_TC3 = words(
    "the key has 'TC3' before it, as signature v3 wants; expected the SecretKey alone",
    "密钥前加了 'TC3'（签名 v3 才需要）；应只用 SecretKey",
)
_METHOD = Reason("it signs the method {signed}; expected {came}", "签名用的方法为 {signed}；应为 {came}")
_PATH = Reason("it signs the path {signed}; expected {came}", "签名用的路径为 {signed}；应为 {came}")
_URL_ENCODED = words(
    "it signs the values URL-encoded; expected them as they are before the encoding",
    "签名用的是 URL 编码后的值；应为编码前的原值",
)
_UNDERSCORES = words(
    "it signs names with _ in the place of the dots; expected names as they are sent",
    "签名时把参数名中的点号换成了下划线；应与发送的参数名一致",
)
_UNSORTED = words(
    "it signs the parameters in the order in which they are sent; expected them sorted by name",
    "签名时参数按发送顺序排列；应按参数名排序",
)
_CASELESS = words(
    "it sorts the parameters without regard to case; expected capitals before small letters, as in ASCII",
    "参数排序时忽略了大小写；应按 ASCII 排序，大写在前",
)
_MARK = Reason("it signs {signed} before the parameters; expected ?", "参数之前签入的是 {signed}；应为 ?")
_LEFT_OUT = Reason(
    "it leaves {name} out of the signed text; expected every parameter but Signature",
    "待签名文本缺少 {name}；应包含除 Signature 外的全部参数",
)
_EMPTY_LEFT_OUT = words(
    "it leaves empty parameters out of the signed text; expected every parameter but Signature",
    "待签名文本缺少值为空的参数；应包含除 Signature 外的全部参数",
)
_ONLY_COMMON = words(
    "it signs the common parameters alone; expected every parameter but Signature",
    "只签入了公共参数；应包含除 Signature 外的全部参数",
)
_TWO_TIMES = Reason(
    "it signs the time {signed}, and Timestamp is {sent}; ask the clock once",
    "签名用的时间为 {signed}，Timestamp 却是 {sent}；应只取一次时间",
)
_NOTHING_FITS = words(
    "no usual mistake makes this signature: another SecretKey, or a parameter that changed on its way?",
    "常见错误都得不出该签名：是否用了其他 SecretKey，或参数在途中被改动？",
)
_DOTTED = words(
    "names are signed with . in the place of _, as Python's SDK does; this is accepted",
    "签名时参数名中的下划线换成了点号，Python SDK 即如此；可以接受",
)
_ROOT = Reason(
    "the path is signed as /, and {path} came; this is accepted", "签名用的路径为 /，实际为 {path}；可以接受"
)


class ExplainedV1(NamedTuple):
    """A request as the server sees it.

    `signed` is the text to sign in the variant that matched, else with everything as sent; `expected` its signature,
    None without a key or with an unknown method. `came` is Signature as sent, `claims` are the parameters that say how
    it was made, by name. `variant` matched what came, None if nothing did.
    """

    claims: tuple[tuple[str, str], ...]
    signed: str
    came: str
    expected: str | None
    variant: v1.Variant | None
    mistakes: tuple[Said, ...]
    notes: tuple[Said, ...]


class _Attempt(NamedTuple):
    """A request as a client may have signed it; `order` is "name", "caseless" or "sent"."""

    method: str
    host: bytes
    path: str
    pairs: tuple[tuple[str, str], ...]
    key: str
    algorithm: str
    mark: bytes = b"?"
    order: str = "name"

    def signature(self) -> str:
        """Its signature."""
        pairs = [(v1.utf8(name), v1.utf8(value)) for name, value in self.pairs]
        if self.order != "sent":
            pairs.sort(key=lambda pair: pair[0].lower() if self.order == "caseless" else pair[0])
        parameters = b"&".join(name + b"=" + value for name, value in pairs)
        text = v1.utf8(self.method) + self.host + v1.utf8(self.path) + self.mark + parameters
        return v1.signature_of(self.key, text, self.algorithm)


def _encoded(method: str, query: bytes, headers: tuple[tuple[bytes, bytes], ...], body: bytes | None) -> bytes:
    """The parameters as sent: the query of a GET, else the body, unless that is no form and the query has some."""
    is_form = (tc3.header(headers, b"content-type") or b"").lower().startswith(_FORM)
    return query if method == "GET" or not body or (query and not is_form) else body


def _decoded(encoded: bytes) -> tuple[tuple[str, str], ...]:
    pairs = (piece.partition(b"=") for piece in encoded.split(b"&", v1.MOST_PARAMETERS)[: v1.MOST_PARAMETERS] if piece)
    return tuple((_text(name), _text(value)) for name, _, value in pairs)


def _text(encoded: bytes) -> str:
    return unquote_to_bytes(encoded.replace(b"+", b" ")).decode("utf-8", "surrogateescape")


def is_v1(*, method: str, query: bytes, headers: tuple[tuple[bytes, bytes], ...], body: bytes | None) -> bool:
    """Whether the request has no Authorization and a parameter Signature, or another that v1 alone has."""
    if tc3.header(headers, b"authorization"):
        return False
    names = {name for name, _ in _decoded(_encoded(method, query, headers, body))}
    return "Signature" in names or {"SecretId", "Nonce"} <= names


def explain_v1(
    *, method: str, path: str, query: bytes, headers: tuple[tuple[bytes, bytes], ...], body: bytes | None,
    secret_key: str | None, now: float,
) -> ExplainedV1:  # fmt: skip
    """What this request signs, and what is wrong with it. Raises nothing, whatever came.

    `path` and `query` are as sent, the names in `headers` in lower case; `now` is in seconds since 1970.
    """
    encoded = _encoded(method, query, headers, body)
    pairs = _decoded(encoded)
    came, form_wrong = _mended(v1.parameter(pairs, "Signature") or "")
    mended = tuple((name, came if name == "Signature" else value) for name, value in pairs)
    said = v1.parameter(pairs, "SignatureMethod")
    algorithm = said or v1.DEFAULT_METHOD
    host = (tc3.header(headers, b"host") or b"").strip(b" \t")
    known = secret_key is not None and algorithm in v1.METHODS
    variant = v1.verify(secret_key or "", mended, method=method, host=host, path=path) if known else None
    form = dict(hosts.forms(host))[variant.host] if variant else host
    signed = v1.text_to_sign(
        method, form, variant.path if variant else path, pairs, dotted=variant.dotted if variant else False
    )
    mistakes = [*_parameters_wrong(pairs, encoded), *form_wrong, *_type_wrong(method, headers)]
    mistakes += times.wrong(v1.parameter(pairs, "Timestamp") or "", now, "Timestamp") if pairs else []
    if algorithm not in v1.METHODS:
        known_ones = joined(v1.METHODS, " or ", " 或 ")
        mistakes.append(
            _V3_METHOD if algorithm == tc3.ALGORITHM else _NO_METHOD.of(came=quoted(algorithm, 24), known=known_ones)
        )
    elif known and came and not variant and secret_key is not None:
        own = tuple(pair for pair in pairs if pair[0] != "Signature")
        mistakes.append(_signature_wrong(_Attempt(method, host, path, own, secret_key, algorithm), came, said))
    return ExplainedV1(
        claims=tuple((name, value) for name, value in pairs if name in _COMMON and name != "Signature"),
        signed=signed.decode("utf-8", "backslashreplace"),
        came=v1.parameter(pairs, "Signature") or "",
        expected=v1.signature_of(secret_key or "", signed, algorithm) if known else None,
        variant=variant,
        mistakes=tuple(dict.fromkeys(mistakes)),
        notes=tuple(_notes(variant, form, path)),
    )


def _mended(signature: str) -> tuple[str, list[Said]]:
    """The signature as it was before it was encoded the wrong way, and what that was."""
    found = []
    if _ENCODED.search(signature):
        signature = unquote(signature)
        found.append(_TWICE_ENCODED)
    if " " in signature.strip():
        signature = signature.strip().replace(" ", "+")
        found.append(_BLANK)
    if re.search("[-_]", signature):
        signature = signature.replace("-", "+").replace("_", "/")
        found.append(_URL_SAFE)
    return signature, found


def _parameters_wrong(pairs: tuple[tuple[str, str], ...], encoded: bytes) -> Iterator[Said]:
    names = {name for name, value in pairs if value}
    # Of the time more is said below.
    missing = [name for name in _NEEDED if name not in names and name != "Timestamp"]
    if missing:
        yield _MISSING.of(names=joined(missing))
    if len(encoded) > LARGEST_FORM:
        yield _LARGE.of(size=len(encoded), limit=LARGEST_FORM)
    if len(pairs) >= v1.MOST_PARAMETERS:
        yield _MANY.of(count=encoded.count(b"&") + 1, limit=v1.MOST_PARAMETERS - 1)
    bracketed = next((name for name, _ in pairs if "[" in name), None)
    if bracketed is not None:
        yield _BRACKETS.of(name=quoted(bracketed))


def _type_wrong(method: str, headers: tuple[tuple[bytes, bytes], ...]) -> Iterator[Said]:
    came = (tc3.header(headers, b"content-type") or b"").strip(b" \t")
    if method != "GET" and not came.lower().startswith(_FORM):
        yield _NO_FORM.of(came=quoted(came))


def _notes(variant: v1.Variant | None, form: bytes, path: str) -> Iterator[Said]:
    if variant and variant.host in HOST_SIGNED:
        yield HOST_SIGNED[variant.host].of(form=quoted(form))
    if variant and variant.path != path:
        yield _ROOT.of(path=quoted(path))
    if variant and variant.dotted:
        yield _DOTTED


def _signature_wrong(base: _Attempt, came: str, said: str | None) -> Said:
    """The first mistake that makes this signature."""
    digest = base64.b64decode(base.signature())
    if _HEX.fullmatch(came):
        # Of a digest that is another one besides nothing more can be told.
        return _HEXADECIMAL
    if came == base64.b64encode(digest.hex().encode()).decode():
        return _BASE64_OF_HEX
    return next((told for told, attempt in _guesses(base, said) if attempt.signature() == came), _NOTHING_FITS)


def _guesses(base: _Attempt, said: str | None) -> Iterator[tuple[Said, _Attempt]]:
    for made in v1.METHODS:
        if made != base.algorithm:
            told = _OTHER_HMAC.of(made=made, said=said) if said else _UNDECLARED.of(made=made)
            yield told, base._replace(algorithm=made)
    secret_id = v1.parameter(base.pairs, "SecretId") or ""
    for told, key in other_keys(base.key, secret_id):
        yield told, base._replace(key=key)
    yield _WITH_TC3, base._replace(key=f"TC3{base.key}")
    for method in dict.fromkeys(("GET", "POST", base.method.lower())):
        if method != base.method:
            yield _METHOD.of(signed=quoted(method, 16), came=quoted(base.method, 16)), base._replace(method=method)
    for told, host in other_hosts(base.host, SERVICE):
        yield told, base._replace(host=host)
    for path in ("", "/v2/index.php"):
        yield _PATH.of(signed=quoted(path), came=quoted(base.path)), base._replace(path=path)
    yield from _spellings(base)
    yield from _selections(base)
    seconds = times.seconds_of(v1.parameter(base.pairs, "Timestamp") or "")
    for off in (1, -1, 2, -2, 3, -3) if seconds is not None else ():
        assert seconds is not None
        other = tuple((name, str(seconds + off) if name == "Timestamp" else value) for name, value in base.pairs)
        yield _TWO_TIMES.of(signed=seconds + off, sent=seconds), base._replace(pairs=other)


def _spellings(base: _Attempt) -> Iterator[tuple[Said, _Attempt]]:
    """Other ways to write the same parameters."""
    coded = [(name, v1.utf8(value)) for name, value in base.pairs]
    ways = [
        tuple((name, quote_plus(value)) for name, value in coded),
        *(tuple((name, quote(value, safe=safe)) for name, value in coded) for safe in ("", "/", "~", "!'()*~", "~*")),
    ]
    ways += [tuple((name, re.sub("%..", lambda code: code[0].lower(), value)) for name, value in ways[0])]
    for pairs in dict.fromkeys(ways):
        if pairs != base.pairs:
            yield _URL_ENCODED, base._replace(pairs=pairs)
    underscored = tuple((name.replace(".", "_"), value) for name, value in base.pairs)
    if underscored != base.pairs:
        yield _UNDERSCORES, base._replace(pairs=underscored)
    yield _UNSORTED, base._replace(order="sent")
    yield _CASELESS, base._replace(order="caseless")
    for mark in (b"", b"&", b"??"):
        yield _MARK.of(signed=quoted(mark)), base._replace(mark=mark)


def _selections(base: _Attempt) -> Iterator[tuple[Said, _Attempt]]:
    """Some of the parameters."""
    present = {name for name, _ in base.pairs}
    for left in _COMMON:
        if left in present:
            yield _LEFT_OUT.of(name=left), base._replace(pairs=tuple(one for one in base.pairs if one[0] != left))
    yield _EMPTY_LEFT_OUT, base._replace(pairs=tuple(one for one in base.pairs if one[1]))
    yield _ONLY_COMMON, base._replace(pairs=tuple(one for one in base.pairs if one[0] in _COMMON))
