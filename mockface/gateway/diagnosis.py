r"""What a request of signature v3 signs, rebuilt line by line, and which of the usual mistakes it has.

A request, the key if it is known, and the time come in; lines, the expected signature and mistakes come out. No check
asks this: it is for people, when somebody looks at a call. What a mistake says of the client's values is safe to show;
the rebuilt lines are not: the query of a GET has a number and a name in it.

Where the signature is another one than expected, the ways to get it wrong that are known from the field are tried one
by one, with bounds: some 60 of them, and the body written anew as JSON in each spelling of the usual libraries. That
takes about a second of a slow core for a body of 3 MB, and some milliseconds for a small one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from mockface.gateway import hosts, tc3
from mockface.gateway.making import SERVICE
from mockface.gateway.tc3 import Headers, Tc3Claims, Variant
from mockface.privacy.masking import quoted, shown
from mockface.texts import hostnames

LARGEST_REWRITTEN = 4 * 1024 * 1024
"""A larger body, in bytes, is not written anew: that costs some 20 times its JSON."""

_SECONDS = re.compile(r"[0-9]{1,15}", re.ASCII)
_MILLISECONDS = 10**11
_HOUR = 3600
_WEST, _EAST = -12, 14
"""The hours between UTC and the outermost time zones."""
_CHINA = 8
_NEAR_S = 120
"""How far, in seconds, a clock that is off by its time zone may be off besides."""


class Explained(NamedTuple):
    """A request as the server sees it.

    `why` says why Authorization is not readable, "" where it is; `claims` is what it says, also behind another
    algorithm, else None: the lines are then those of a request that signs `content-type;host` for faceid on the day of
    its timestamp. `canonical` are the lines of the canonical request, `signed` is the string to sign, and `expected`
    the signature of it: in the variant that matched, else with everything as sent; None without a key or without the
    body's hash. `variant` matched what came, None if nothing did. `mistakes` are named one by one, `notes` are what is
    unusual and let pass.
    """

    claims: Tc3Claims | None
    why: str
    canonical: tuple[str, ...]
    signed: str
    expected: str | None
    variant: Variant | None
    mistakes: tuple[str, ...]
    notes: tuple[str, ...]


class _Attempt(NamedTuple):
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

    def with_header(self, name: bytes, value: bytes) -> _Attempt:
        others = tuple(pair for pair in self.headers if pair[0] != name)
        return self._replace(headers=(*others, (name, value)))

    def canonical(self, variant: Variant) -> bytes:
        names = self.claims.signed_headers
        lines = tc3.signed_lines(self.headers, names, variant)
        text = tc3.canonical_text(self.method, self.path, self.query, lines, names, self.payload)
        if not self.gap:
            text = b"\n".join(text.rsplit(b"\n\n", 1))
        return text

    def text(self, variant: Variant) -> str:
        return tc3.string_to_sign(self.timestamp, self.claims.scope, self.canonical(variant), self.algorithm)

    def signature(self, variant: Variant) -> str:
        date, service = self.key_date or self.claims.date, self.key_service or self.claims.service
        return tc3.signature_with(tc3.derived_key(self.key, date, service), self.text(variant))

    def matching(self) -> Variant | None:
        """The variant that makes the signature that came."""
        ways = tc3.variants(self.headers, self.claims.signed_headers)
        return next((one for one in ways if self.signature(one) == self.claims.signature.lower()), None)


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
    base = _Attempt(
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
    mistakes = [why] if why else []
    mistakes += _headers_wrong(claims, pairs) if read else []
    mistakes += _time_wrong(timestamp, now)
    mistakes += _scope_wrong(claims, timestamp, pairs) if read else []
    if secret_key is not None and secret_key != secret_key.strip():
        mistakes.append("the SecretKey that the server knows has blanks around it")
    if read and not variant:
        mistakes += _signature_wrong(base, path, query, body, secret_key if known else None)
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


def _text(headers: tuple[tuple[bytes, bytes], ...], name: bytes) -> str:
    return (tc3.header(headers, name) or b"").decode("latin-1").strip(" \t")


def _read(authorization: str) -> tuple[Tc3Claims | None, str]:
    """What it says, also where its first word is another or missing, and why it is not readable."""
    claims = tc3.read(authorization)
    if not isinstance(claims, str):
        return claims, ""
    bare = authorization.strip(" \"'")
    for rest in (bare.partition(" ")[2], bare):
        mended = tc3.read(f"{tc3.ALGORITHM} {rest}")
        if not isinstance(mended, str):
            return mended, claims
    return None, claims


def _payload(
    method: str, headers: tuple[tuple[bytes, bytes], ...], body: bytes | None, payload_hash: str | None
) -> str | None:
    """The last line of the canonical request, None where the body is not known."""
    if _text(headers, b"x-tc-content-sha256") == tc3.UNSIGNED_PAYLOAD:
        return tc3.signed_hash(method, tc3.UNSIGNED_PAYLOAD)
    if payload_hash is None and body is not None:
        payload_hash = tc3.sha256_hex(body)
    return tc3.signed_hash(method, payload_hash or "") if payload_hash or method == "GET" else None


def _seconds(timestamp: str) -> int | None:
    return int(timestamp) if _SECONDS.fullmatch(timestamp) else None


def _utc_date(seconds: float) -> str:
    """The date of a scope, "" for a time beyond the calendar."""
    try:
        return tc3.utc_date(int(seconds))
    except (ValueError, OverflowError):
        return ""


def _date_of(timestamp: str, now: float) -> str:
    seconds = _seconds(timestamp)
    return _utc_date(now if seconds is None else seconds) or "YYYY-MM-DD"


def _headers_wrong(claims: Tc3Claims, headers: tuple[tuple[bytes, bytes], ...]) -> list[str]:
    names = [name.lower() for name in claims.signed_headers]
    came = {name for name, _ in headers}
    found = [f"SignedHeaders has no {name}; content-type and host have to be signed"
             for name in tc3.REQUIRED_HEADERS if name not in names]  # fmt: skip
    found += [f"SignedHeaders names {quoted(name)}, which did not come" for name in names if name.encode() not in came]
    if tuple(names) != claims.signed_headers:
        found.append("SignedHeaders has capital letters; expected names in lower case")
    if names != sorted(names):
        found.append(f"SignedHeaders is not sorted; expected {shown(';'.join(sorted(names)), 80)}")
    if claims.signature != claims.signature.lower():
        found.append("Signature has capital letters; expected lower-case hexadecimal")
    return found


def _time_wrong(timestamp: str, now: float) -> list[str]:
    seconds = _seconds(timestamp)
    if not timestamp:
        return ["X-TC-Timestamp did not come; expected seconds since 1970"]
    if seconds is None:
        return [f"X-TC-Timestamp is {quoted(timestamp, 24)}; expected whole seconds since 1970"]
    if seconds > _MILLISECONDS:
        return [f"X-TC-Timestamp {seconds} looks like milliseconds; expected seconds: {seconds // 1000}"]
    off = seconds - now
    if not abs(off) > tc3.CLOCK_LIMIT_S:
        return []
    side = "ahead of" if off > 0 else "behind"
    found = f"X-TC-Timestamp is {abs(off):.0f} s {side} this server's clock; at most {tc3.CLOCK_LIMIT_S} s are let pass"
    hours = round(off / _HOUR) if abs(off) < _MILLISECONDS else 0
    if hours and _WEST <= hours <= _EAST and abs(off - hours * _HOUR) < _NEAR_S:
        found += f" (it is {abs(hours)} h: a local time taken for UTC?)"
    return [found]


def _scope_wrong(claims: Tc3Claims, timestamp: str, headers: tuple[tuple[bytes, bytes], ...]) -> list[str]:
    found = []
    seconds = _seconds(timestamp)
    date = _utc_date(seconds) if seconds is not None else ""
    if seconds is not None and date and claims.date != date:
        found.append(
            f"the scope's date {claims.date} is not the UTC date of X-TC-Timestamp, {date}"
            f"{_whose_date(claims.date, seconds)}"
        )
    name = _host_name(headers)
    product = name.partition(".")[0]
    if hosts.is_vendors(name) and claims.service != product:
        found.append(f"the scope's service is {quoted(claims.service)}; expected {quoted(product)} on this host")
    return found


def _whose_date(date: str, seconds: int) -> str:
    zones = [hour for hour in range(_WEST, _EAST + 1) if _utc_date(seconds + hour * _HOUR) == date]
    if _CHINA in zones:
        return ": it is the date in China (UTC+8)"
    if zones:
        return f": it is the local date of UTC{zones[0]:+d} to UTC{zones[-1]:+d}"
    return ", nor the local date of any time zone"


def _host_name(headers: tuple[tuple[bytes, bytes], ...]) -> str:
    """The name in Host, also of one that is a URL."""
    forms = hosts.forms(tc3.header(headers, b"host") or b"")
    return hostnames.host_name(forms[-1][1].decode("latin-1"))


def _notes(claims: Tc3Claims, headers: tuple[tuple[bytes, bytes], ...], variant: Variant | None) -> Iterator[str]:
    forms = dict(hosts.forms(tc3.header(headers, b"host") or b""))
    if variant and variant.host != hosts.AS_SENT:
        yield f"the host is signed {variant.host}, as {quoted(forms[variant.host])}; that is let pass"
    if hosts.OF_URL in forms or hosts.OF_URL_WITHOUT_PORT in forms:
        yield "Host is a URL, as tccli sends it; that is let pass"
    if variant and variant.lower_case:
        yield "the values of headers are signed in lower case, as the documentation does; that is let pass"
    if claims.service != SERVICE and not hosts.is_vendors(_host_name(headers)):
        service = quoted(claims.service)
        yield f"the scope's service is {service}, not {SERVICE}: Node, PHP and Java take it from the host; let pass"


def _signature_wrong(base: _Attempt, path: str, query: bytes, body: bytes | None, secret_key: str | None) -> list[str]:
    """What made the signature another one: the first guess that makes it."""
    if secret_key is None:
        return []
    for words, attempt in _guesses(base, path, query, body, secret_key):
        if attempt.matching():
            return [words]
    found = ["no usual mistake makes this signature: another SecretKey, or a body or header that changed on its way?"]
    if body is not None and len(body) > LARGEST_REWRITTEN:
        found.append(f"a body above {LARGEST_REWRITTEN} bytes is not written anew to see whether another was signed")
    return found


def _guesses(
    base: _Attempt, path: str, query: bytes, body: bytes | None, secret_key: str
) -> Iterator[tuple[str, _Attempt]]:
    yield from _keys(base, secret_key)
    yield from _times(base)
    yield from _scopes(base)
    yield from _hosts(base)
    yield from _values(base)
    yield from _shapes(base, path, query)
    yield from _payloads(base, body)


def _keys(base: _Attempt, secret_key: str) -> Iterator[tuple[str, _Attempt]]:
    bare = secret_key.strip()
    for words, key in (
        ("without the blanks that the server's has", bare),
        ("with a blank behind it", f"{bare} "),
        ("with a blank before it", f" {bare}"),
        ("with blanks around it", f" {bare} "),
        ("with a line break behind it", f"{bare}\n"),
        ("with a line break (CR LF) behind it", f"{bare}\r\n"),
        ("in quotes", f'"{bare}"'),
    ):
        yield f"it is signed with the SecretKey {words}", base._replace(key=b"TC3" + key.encode("utf-8", "replace"))
    without = base._replace(key=secret_key.encode("utf-8", "replace"))
    yield "the first HMAC is keyed with the SecretKey alone; expected 'TC3' before it", without
    other = base.claims.secret_id.encode()
    yield "it is signed with the SecretId in the place of the SecretKey", base._replace(key=b"TC3" + other)


def _times(base: _Attempt) -> Iterator[tuple[str, _Attempt]]:
    seconds = _seconds(base.timestamp)
    if seconds is None:
        return
    if seconds > _MILLISECONDS:
        signed = base._replace(timestamp=str(seconds // 1000))
        yield "it signs the time in seconds and sends it in milliseconds", signed
    yield "it signs the time in milliseconds and sends it in seconds", base._replace(timestamp=f"{seconds}000")
    for off in (1, -1, 2, -2, 3, -3):
        words = f"it signs the time {seconds + off}, and X-TC-Timestamp is {seconds}; ask the clock once"
        yield words, base._replace(timestamp=str(seconds + off))


def _scopes(base: _Attempt) -> Iterator[tuple[str, _Attempt]]:
    seconds = _seconds(base.timestamp)
    times = () if seconds is None else (seconds, seconds + _CHINA * _HOUR)
    dates = [date for date in map(_utc_date, times) if date]
    for date in dict.fromkeys((*dates, *(one.replace("-", "") for one in (*dates, base.claims.date)))):
        yield f"the key is made with the date {date}, and the scope has another", base._replace(key_date=date)
        other = base._replace(claims=base.claims._replace(date=date))
        yield f"the string to sign has the date {date}, and Credential has another", other
    for service in dict.fromkeys((SERVICE, _host_name(base.headers).partition(".")[0])):
        yield f"the key is made with the service {quoted(service)}", base._replace(key_service=service)
        other = base._replace(claims=base.claims._replace(service=service))
        yield f"the string to sign has the service {quoted(service)}, and Credential has another", other


def _hosts(base: _Attempt) -> Iterator[tuple[str, _Attempt]]:
    came = (tc3.header(base.headers, b"host") or b"").strip(b" \t")
    bare = hosts.without_port(came)
    service = base.claims.service.encode()
    vendor = hosts.VENDOR.encode()
    guesses = [service + b"." + vendor, SERVICE.encode() + b"." + vendor, vendor, SERVICE.encode(), b""]
    guesses += [bare + port for port in (b":80", b":443")] + [scheme + came for scheme in (b"http://", b"https://")]
    guesses += [came.replace(*pair) for pair in ((b"localhost", b"127.0.0.1"), (b"127.0.0.1", b"localhost"))]
    for host in dict.fromkeys(guesses):
        words = f"it signs the host {quoted(host)}, and {quoted(came)} came"
        yield words, base.with_header(b"host", host)


def _values(base: _Attempt) -> Iterator[tuple[str, _Attempt]]:
    came = (tc3.header(base.headers, b"content-type") or b"").strip(b" \t")
    for value in dict.fromkeys(
        (
            b"application/json; charset=utf-8",
            b"application/json",
            b"application/json;charset=utf-8",
            b"application/json; charset=UTF-8",
            b"application/x-www-form-urlencoded",
            b"",
        )
    ):
        words = f"it signs the Content-Type {quoted(value)}, and {quoted(came)} came"
        yield words, base.with_header(b"content-type", value)
    for name in (one.lower().encode() for one in base.claims.signed_headers):
        sent = tc3.header(base.headers, name) or b""
        if sent != sent.lower():
            words = f"it signs the value of {quoted(name)} alone in lower case; sign it as it is sent"
            yield words, base.with_header(name, sent.lower())


def _shapes(base: _Attempt, path: str, query: bytes) -> Iterator[tuple[str, _Attempt]]:
    yield "the canonical request has no empty line behind the headers", base._replace(gap=False)
    yield "the method is signed in small letters", base._replace(method=base.method.lower())
    names = tuple(sorted(base.claims.signed_headers))
    yield (
        "the headers are signed in another order than SignedHeaders has",
        base._replace(claims=base.claims._replace(signed_headers=names)),
    )
    if path != "/":
        yield f"it signs the path {quoted(path)}; expected / for every path", base._replace(path=path)
    yield "it signs an empty path; expected /", base._replace(path="")
    came = _text(base.headers, b"authorization").partition(" ")[0][:32]
    for word in dict.fromkeys((came, "TC3-HMAC-SHA1", "HMAC-SHA256", "AWS4-HMAC-SHA256", f"{tc3.ALGORITHM} ")):
        yield f"the string to sign begins with {quoted(word)}", base._replace(algorithm=word)
    if query and base.method != "GET":
        yield "it signs the query of a POST; expected an empty line for it", base._replace(query=query)
    for words, other in (
        ("nothing in the place of the query", b""),
        ("the query sorted", b"&".join(sorted(query.split(b"&")))),
        ("the query decoded", unquote_to_bytes(query)),
        ("blanks of the query as %20, and they came as +", query.replace(b"+", b"%20")),
        ("blanks of the query as +, and they came as %20", query.replace(b"%20", b"+")),
    ):
        if base.method == "GET" and other != query:
            yield f"it signs {words}; expected the query as it is sent", base._replace(query=other)


def _payloads(base: _Attempt, body: bytes | None) -> Iterator[tuple[str, _Attempt]]:
    nothing, text = tc3.sha256_hex(b""), tc3.sha256_hex(tc3.UNSIGNED_PAYLOAD.encode())
    yield "it signs an empty body", base._replace(payload=nothing)
    yield "it signs UNSIGNED-PAYLOAD; say so in X-TC-Content-SHA256", base._replace(payload=text)
    literal = base._replace(payload=tc3.UNSIGNED_PAYLOAD)
    yield "it signs the text UNSIGNED-PAYLOAD itself; expected the SHA-256 of it", literal
    yield "the hash of the body is in capital letters", base._replace(payload=base.payload.upper())
    if body is None:
        return
    own = tc3.sha256_hex(body)
    if base.payload != own:
        why = "a GET has none" if base.method == "GET" else "X-TC-Content-SHA256 says UNSIGNED-PAYLOAD"
        yield f"it signs the body, though {why}", base._replace(payload=own)
    for words, other in _rewritten(body):
        if other != body:
            yield f"it signs another body than it sends: {words}", base._replace(payload=tc3.sha256_hex(other))


class _Spelling(NamedTuple):
    """A way to write JSON: words for it, whether it is ASCII, the separators, and what is escaped besides."""

    words: str
    ascii_only: bool
    separators: tuple[str, str]
    escapes: tuple[tuple[str, str], ...] = ()
    indent: int | None = None


_COMPACT, _SPACED, _INDENTED = (",", ":"), (", ", ": "), (",", ": ")
_GO = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
_GSON = (*_GO, ("=", "\\u003d"), ("'", "\\u0027"))
_PHP = (("/", "\\/"),)
_SPELLINGS = (
    _Spelling("JSON without blanks (JSON.stringify)", False, _COMPACT),
    _Spelling("JSON with blanks and \\u escapes (Python's json.dumps)", True, _SPACED),
    _Spelling("JSON with blanks, without \\u escapes (json.dumps with ensure_ascii=False)", False, _SPACED),
    _Spelling("JSON without blanks, with \\u escapes (json.dumps with separators)", True, _COMPACT),
    _Spelling("JSON with \\u003c, \\u003e, \\u0026 for <, >, & (Go's json.Marshal)", False, _COMPACT, _GO),
    _Spelling("JSON with \\/ for / and \\u escapes (PHP's json_encode)", True, _COMPACT, _PHP),
    _Spelling("JSON with \\/ for / (PHP's json_encode with JSON_UNESCAPED_UNICODE)", False, _COMPACT, _PHP),
    _Spelling("JSON with \\u003d for = (Java's Gson)", False, _COMPACT, _GSON),
    _Spelling("JSON indented by 2", False, _INDENTED, indent=2),
    _Spelling("JSON indented by 4", False, _INDENTED, indent=4),
    _Spelling("JSON indented by 4, with \\u escapes", True, _INDENTED, indent=4),
)


def _rewritten(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The body with other blanks around it, and as each usual library would write it; bounded by LARGEST_REWRITTEN."""
    if len(body) > LARGEST_REWRITTEN:
        return
    yield "without the blanks around it", body.strip()
    yield "with a line break behind it", body + b"\n"
    yield "with a byte order mark before it", b"\xef\xbb\xbf" + body
    yield "{}", b"{}"
    try:
        value = json.loads(body)
        for in_order in (False, True):
            for spelling in _SPELLINGS:
                words = f"{spelling.words}, names sorted" if in_order else spelling.words
                yield words, _written(value, spelling, sort_keys=in_order)
    except (ValueError, RecursionError):
        return  # no JSON, or nested so deeply that no client wrote it


def _written(value: object, spelling: _Spelling, *, sort_keys: bool) -> bytes:
    text = json.dumps(
        value,
        ensure_ascii=spelling.ascii_only,
        separators=spelling.separators,
        indent=spelling.indent,
        sort_keys=sort_keys,
    )
    for plain, escape in spelling.escapes:
        text = text.replace(plain, escape)
    return text.encode("utf-8", "surrogatepass")
