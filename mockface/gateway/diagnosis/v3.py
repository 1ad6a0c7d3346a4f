r"""What a request of signature v3 signs, rebuilt line by line, and which of the usual mistakes it has.

A request, the key if it is known, and the time come in; lines, the expected signature and mistakes come out. What a
mistake says of the client's values is safe to show; the rebuilt lines are not: the query of a GET has a number and a
name in it.

Where the signature is another one than expected, the ways to get it wrong that are known from the field are tried one
by one, with bounds (`attempts`). That takes about a second of a slow core for a body of 3 MB, and some milliseconds for
a small one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mockface.gateway import hosts, tc3
from mockface.gateway.diagnosis import times
from mockface.gateway.diagnosis.attempts import CHINA, Attempt, guesses
from mockface.gateway.diagnosis.common import HOST_SIGNED, host_name
from mockface.gateway.making import SERVICE
from mockface.gateway.tc3 import Headers, Tc3Claims, Variant
from mockface.privacy.masking import quoted, shown
from mockface.reasons import Reason, Said, words

LARGEST_REWRITTEN = 4 * 1024 * 1024
"""A larger body, in bytes, is not written anew: that costs some 20 times its JSON."""

Pairs = tuple[tuple[bytes, bytes], ...]

_NOT_SIGNED = Reason(
    "SignedHeaders has no {name}; expected content-type and host at least",
    "SignedHeaders 中没有 {name}；至少应有 content-type 和 host",
)
_NOT_SENT = Reason("SignedHeaders names {name}, which did not come", "SignedHeaders 列出 {name}，但没有收到该请求头")
_CAPITAL_NAMES = words(
    "SignedHeaders has capital letters; expected names in lower case", "SignedHeaders 含大写字母；应为小写的请求头名"
)
_UNSORTED = Reason("SignedHeaders is not sorted; expected {names}", "SignedHeaders 没有按字母顺序排列；应为 {names}")
_CAPITAL_SIGNATURE = words(
    "Signature has capital letters; expected lower-case hexadecimal", "Signature 含大写字母；应为小写十六进制"
)
_OTHER_DATE = Reason(
    "the scope's date {date} is not the UTC date of X-TC-Timestamp; expected {expected}{whose}",
    "凭证范围中的日期 {date} 不是 X-TC-Timestamp 的 UTC 日期；应为 {expected}{whose}",
)
_CHINESE_DATE = Reason(" ({date} is the date in China, UTC+8)", "（{date} 是中国（UTC+8）的日期）")
_LOCAL_DATE = Reason(
    " ({date} is the local date of UTC{west} to UTC{east})", "（{date} 是 UTC{west} 至 UTC{east} 的本地日期）"
)
_NO_DATE = Reason(" ({date} is the local date of no time zone)", "（{date} 不是任何时区的本地日期）")
_OTHER_SERVICE = Reason(
    "the scope's service is {service}; expected {expected} on this host",
    "凭证范围中的服务名为 {service}；对该主机应为 {expected}",
)
_PADDED_KEY = words(
    "the SecretKey that the server knows has blanks around it; expected none",
    "服务端的 SecretKey 首尾有空白；应没有空白",
)
_NOTHING_FITS = words(
    "no usual mistake makes this signature: another SecretKey, or a body or header that changed on its way?",
    "常见错误都得不出该签名：是否用了其他 SecretKey，或请求体、请求头在途中被改动？",
)
_NOT_REWRITTEN = Reason(
    "a body above {limit} bytes is not written anew to see whether another was signed",
    "请求体超过 {limit} 字节，不再尝试其他写法来判断是否签了另一个请求体",
)
_URL_HOST = words("Host is a URL, as tccli sends it; this is accepted", "Host 是 URL，tccli 即如此发送；可以接受")
_LOWERED = words(
    "the values of headers are signed in lower case, as the documentation does; this is accepted",
    "请求头的值按小写签名，与文档示例相同；可以接受",
)
_HOSTS_SERVICE = Reason(
    "the scope's service is {service}, not {expected}: Node, PHP and Java take it from the host; this is accepted",
    "凭证范围中的服务名为 {service} 而不是 {expected}：Node、PHP、Java 取自主机名；可以接受",
)
_OLD_DATE = Reason(
    "the scope's date is {date}, and today is {today} (UTC); expected the UTC date of X-TC-Timestamp, which is at most "
    "{limit} s old",
    "凭证范围中的日期为 {date}，今天（UTC）是 {today}；应为 X-TC-Timestamp 的 UTC 日期，时间差不超过 {limit} 秒",
)


class Explained(NamedTuple):
    """A request as the server sees it.

    `why` says why Authorization is not readable, "" where it is; `claims` is what it says, also behind another
    algorithm, else None: the lines are then those of a request that signs `content-type;host` for faceid on the day of
    its timestamp. `canonical` are the lines of the canonical request, `signed` is the string to sign, and `expected`
    the signature of it: in the variant that matched, else with everything as sent; None without a key or without the
    body's hash. `variant` matched what came, None if nothing did. `mistakes` are named one by one, `notes` are what is
    unusual and accepted.
    """

    claims: Tc3Claims | None
    why: str | Said
    canonical: tuple[str, ...]
    signed: str
    expected: str | None
    variant: Variant | None
    mistakes: tuple[Said, ...]
    notes: tuple[Said, ...]


def explain_tc3(
    *, method: str, path: str, query: bytes, headers: Headers, body: bytes | None, secret_key: str | None, now: float,
    payload_hash: str | None = None,
) -> Explained:  # fmt: skip
    """What this request signs, and what is wrong with it. Raises nothing, whatever came.

    `path` and `query` are as sent, the names in `headers` in lower case. `body` is None where it was not kept;
    `payload_hash` is then its SHA-256 in hexadecimal, if that is known. `now` is in seconds since 1970.
    """
    pairs = tuple(headers.items()) if isinstance(headers, Mapping) else tuple(headers)
    read, why = _read(_text(pairs, b"authorization"))
    timestamp = _text(pairs, b"x-tc-timestamp")
    claims = read or Tc3Claims("", _date_of(timestamp, now), SERVICE, tc3.REQUIRED_HEADERS, "")
    payload = _payload(method, pairs, body, payload_hash)
    base = Attempt(
        method=method,
        path="/",
        query=query if method == "GET" else b"",
        headers=pairs,
        payload=payload or "(the SHA-256 of the body)",
        timestamp=timestamp,
        claims=claims,
        key=b"TC3" + (secret_key or "").encode("utf-8", "replace"),
    )
    known = secret_key is not None and payload is not None
    variant = base.matching() if known and read else None
    mistakes = [why] if isinstance(why, Said) else []
    mistakes += [*_claims_wrong(claims), *_headers_wrong(claims, pairs)] if read else []
    mistakes += times.wrong(timestamp, now)
    mistakes += _scope_wrong(claims, timestamp, pairs) if read else []
    if secret_key is not None and secret_key != secret_key.strip():
        mistakes.append(_PADDED_KEY)
    if read and not variant and known and secret_key is not None:
        mistakes += _signature_wrong(base, path, query, body, secret_key)
    return Explained(
        claims=read,
        why=why,
        canonical=tuple(base.canonical(variant or tc3.PLAIN).decode("utf-8", "backslashreplace").split("\n")),
        signed=base.text(variant or tc3.PLAIN),
        expected=base.signature(variant or tc3.PLAIN) if known else None,
        variant=variant,
        mistakes=tuple(dict.fromkeys(mistakes)),
        notes=tuple(_notes(claims, pairs, variant)) if read else (),
    )


def explain_value(authorization: str, now: float) -> tuple[Tc3Claims | None, tuple[Said, ...]]:
    """What a value alone says, and its mistakes as far as they can be told without its request. Raises nothing."""
    claims, why = _read(authorization)
    mistakes = [why] if isinstance(why, Said) else []
    if claims:
        mistakes += _claims_wrong(claims)
        today = times.utc_date(now)
        around = {times.utc_date(now + off) for off in (-tc3.CLOCK_LIMIT_S, tc3.CLOCK_LIMIT_S)}
        if today and claims.date not in around:
            mistakes.append(_OLD_DATE.of(date=claims.date, today=today, limit=tc3.CLOCK_LIMIT_S))
    return claims, tuple(mistakes)


def _text(headers: Pairs, name: bytes) -> str:
    return (tc3.header(headers, name) or b"").decode("latin-1").strip(" \t")


def _read(authorization: str) -> tuple[Tc3Claims | None, str | Said]:
    """What it says, also where its first word is another or missing, and why it is not readable."""
    claims = tc3.read(authorization)
    if isinstance(claims, Tc3Claims):
        return claims, ""
    bare = authorization.strip(" \"'")
    for rest in (bare.partition(" ")[2], bare):
        mended = tc3.read(f"{tc3.ALGORITHM} {rest}")
        if isinstance(mended, Tc3Claims):
            return mended, claims
    return None, claims


def _payload(method: str, headers: Pairs, body: bytes | None, payload_hash: str | None) -> str | None:
    """The last line of the canonical request, None where the body is not known."""
    if _text(headers, b"x-tc-content-sha256") == tc3.UNSIGNED_PAYLOAD:
        return tc3.signed_hash(method, tc3.UNSIGNED_PAYLOAD)
    if payload_hash is None and body is not None:
        payload_hash = tc3.sha256_hex(body)
    return tc3.signed_hash(method, payload_hash or "") if payload_hash or method == "GET" else None


def _date_of(timestamp: str, now: float) -> str:
    seconds = times.seconds_of(timestamp)
    return times.utc_date(now if seconds is None else seconds) or "YYYY-MM-DD"


def _claims_wrong(claims: Tc3Claims) -> list[Said]:
    names = [name.lower() for name in claims.signed_headers]
    found = [_NOT_SIGNED.of(name=name) for name in tc3.REQUIRED_HEADERS if name not in names]
    if tuple(names) != claims.signed_headers:
        found.append(_CAPITAL_NAMES)
    if names != sorted(names):
        found.append(_UNSORTED.of(names=shown(";".join(sorted(names)), 80)))
    if claims.signature != claims.signature.lower():
        found.append(_CAPITAL_SIGNATURE)
    return found


def _headers_wrong(claims: Tc3Claims, headers: Pairs) -> list[Said]:
    came = {name for name, _ in headers}
    names = [name.lower() for name in claims.signed_headers]
    return [_NOT_SENT.of(name=quoted(name)) for name in names if name.encode() not in came]


def _scope_wrong(claims: Tc3Claims, timestamp: str, headers: Pairs) -> list[Said]:
    found = []
    seconds = times.seconds_of(timestamp)
    date = times.utc_date(seconds) if seconds is not None else ""
    if seconds is not None and date and claims.date != date:
        found.append(_OTHER_DATE.of(date=claims.date, expected=date, whose=_whose_date(claims.date, seconds)))
    name = host_name(headers)
    product = name.partition(".")[0]
    if hosts.is_vendors(name) and claims.service != product:
        found.append(_OTHER_SERVICE.of(service=quoted(claims.service), expected=quoted(product)))
    return found


def _whose_date(date: str, seconds: int) -> Said:
    zones = [hour for hour in range(times.WEST, times.EAST + 1) if times.utc_date(seconds + hour * times.HOUR) == date]
    if CHINA in zones:
        return _CHINESE_DATE.of(date=date)
    return _LOCAL_DATE.of(date=date, west=f"{zones[0]:+d}", east=f"{zones[-1]:+d}") if zones else _NO_DATE.of(date=date)


def _notes(claims: Tc3Claims, headers: Pairs, variant: Variant | None) -> Iterator[Said]:
    forms = dict(hosts.forms(tc3.header(headers, b"host") or b""))
    if variant and variant.host in HOST_SIGNED:
        yield HOST_SIGNED[variant.host].of(form=quoted(forms[variant.host]))
    if hosts.OF_URL in forms or hosts.OF_URL_WITHOUT_PORT in forms:
        yield _URL_HOST
    if variant and variant.lower_case:
        yield _LOWERED
    if claims.service != SERVICE and not hosts.is_vendors(host_name(headers)):
        yield _HOSTS_SERVICE.of(service=quoted(claims.service), expected=SERVICE)


def _signature_wrong(base: Attempt, path: str, query: bytes, body: bytes | None, secret_key: str) -> list[Said]:
    """What made the signature another one: the first guess that makes it."""
    large = body is not None and len(body) > LARGEST_REWRITTEN
    for told, attempt in guesses(base, path, query, body, secret_key, rewrite=not large):
        if attempt.matching():
            return [told]
    return [_NOTHING_FITS, _NOT_REWRITTEN.of(limit=LARGEST_REWRITTEN)] if large else [_NOTHING_FITS]
