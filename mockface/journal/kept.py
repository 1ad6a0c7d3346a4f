"""The stored form of a call: made before the answer is sent, without secrets and personal data.

Takes a Noted call; returns a Kept one without token, digest and picture, its number and name masked if necessary.
`entry_of` makes an Entry of it on demand, which most calls under load never need.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mockface import idcard
from mockface.checks import Check
from mockface.journal.entry import (
    VALUE_LIMIT,
    Entry,
    Masks,
    Noted,
    Person,
    form_of,
    form_text,
    is_appid,
    secrets_of,
    text_of,
)
from mockface.model import Account, Answer, Call, Claims, Common, Picture, Refused, Structure, Video, WrongType
from mockface.operation import Operation
from mockface.privacy.masking import appid, hidden, hidden_cuts, hidden_outside, standing_in
from mockface.reasons import masked
from mockface.signature import hmac_sha1
from mockface.signature.diagnosis import NOTHING_RECOVERED, Recovered, recovered

_ANSWER_LIMIT = 1024
_HEADERS_LIMIT = 40
_SHOWN_HEADERS = frozenset(
    (
        b"host", b"content-type", b"content-length", b"transfer-encoding", b"expect", b"connection", b"upgrade",
        b"user-agent", b"accept", b"accept-encoding", b"content-encoding", b"proxy-connection", b"origin",
        b"x-tc-action", b"x-tc-version", b"x-tc-timestamp", b"x-tc-region", b"x-tc-language", b"x-tc-requestclient",
        b"x-tc-content-sha256", b"x-tc-traceid",
    )
)  # fmt: skip
"""Headers whose values are stored; of other headers only name and length."""
_USUAL_WEIGHT = 2500
"""The approximate size in bytes of a stored call without its texts."""

Headers = tuple[tuple[str, str], ...]


class Kept(NamedTuple):
    """A call that is safe to show.

    `answer` has no scenario, since its steps may be large: `scenario` is its number, masked if necessary, `origin` its
    position in a file, `registered` the registered name if the call gave another one. `answer_bytes` is the length of
    the response body, which `answer` lacks if it would reveal masked data; `weight` is the approximate size in bytes.
    """

    answer: Answer
    scenario: str | None
    origin: str | None
    registered: str | None
    answer_bytes: int
    at: float
    elapsed_ms: float
    method: str
    path: str
    headers: Headers
    size_bytes: int
    declared_bytes: int | None
    kind: str
    as_files: tuple[str, ...]
    unclosed: bool
    fields: Mapping[str, str]
    wrong_types: Mapping[str, str]
    picture: Picture | None
    number: str
    key: str
    name: str
    appid_in_query: bool
    claims: Any
    recovered: Recovered
    digest_start: str
    verified: bool | None
    is_open: bool
    form: tuple[str, str]
    began: float
    http: str
    ran: tuple[Check, ...]
    operation: Operation
    weight: int
    common: Common | None = None
    video: Video | None = None
    marks: tuple[str, ...] = ()


def kept(noted: Noted, masks: Masks) -> Kept:
    """Make the stored form of a call."""
    call, answer, elapsed_ms, accounts, ran, operation = noted
    raw, fields, claims = call.raw, call.fields, call.claims
    body = raw.body
    named = operation.name
    person = masks.person(call.number, call.name) if call.table.number else Person(named, "", named, is_open=True)
    is_open = person.is_open
    view = operation.dialect.view
    recovery = NOTHING_RECOVERED if view or isinstance(claims, Claims) else recovered(call.authorization)
    # In most calls no secret stands in what is shown.
    secrets = () if is_open else standing_in(_texts_of(call, answer, recovery), secrets_of(call))
    if view is not None:
        shown_claims, digest_start, verified = view.keep(noted, secrets)
    elif isinstance(claims, Claims):
        shown_claims, digest_start, verified = _told(claims, accounts.get(claims.secret_id), secrets)
    else:
        why = masked(claims.why, lambda text: hidden_cuts(hidden(text, secrets), secrets))
        shown_claims, digest_start, verified = claims._replace(why=why), "", None
        recovery = Recovered(hidden_outside(recovery.text, secrets, 512), recovery.mistakes)
    own = {call.table.number: person.number, call.table.name: person.name}
    shown: dict[str, str] = {}
    wrong_types: dict[str, str] = {}
    picture = video = None
    for field, value in fields.items():
        if type(value) is str:
            if field in own:
                shown[field] = own[field]
            elif is_open or (field == "appid" and is_appid(value)):
                shown[field] = hidden_outside(value, secrets, VALUE_LIMIT)
            else:
                shown[field] = f"<{len(value)} characters>"
        elif isinstance(value, Picture):
            picture = Picture(value.form, value.format, value.size_bytes, b"", value.fault, value.notes)
        elif isinstance(value, Video):
            video = value._replace(head=b"")
        elif isinstance(value, WrongType):
            wrong_types[field] = value.kind
        elif isinstance(value, Structure):
            shown[field] = f"<object of {len(value.members)}>"
    shown_answer = _answer_of(call, answer, secrets, is_open=is_open)
    texts = min(raw.head.size_bytes, _HEADERS_LIMIT * VALUE_LIMIT) + sum(map(len, shown.values()))
    scenario = answer.scenario
    registered = None if scenario is None or answer.refused_by is None else scenario.name
    return Kept(
        shown_answer._replace(scenario=None),
        None if scenario is None else idcard.masked_key(scenario.number),
        None if scenario is None else scenario.origin,
        registered if registered is None or is_open else "***",
        len(answer.body),
        call.now,
        elapsed_ms,
        hidden_outside(raw.method, secrets, 20),
        hidden_outside(raw.path, secrets, VALUE_LIMIT),
        _shown_headers(call, secrets),
        body.size_bytes,
        raw.head.declared_bytes,
        body.kind,
        body.as_files,
        body.unclosed,
        shown,
        wrong_types,
        picture,
        person.number,
        person.key,
        person.name,
        call.appid is not None and "appid" not in fields,
        shown_claims,
        recovery,
        digest_start,
        verified,
        is_open,
        form_of(call),
        raw.began,
        raw.http,
        ran,
        operation,
        _USUAL_WEIGHT + 2 * texts + len(shown_answer.body),
        call.common and _shown_common(call.common, secrets),
        video,
        masks.marks_of(fields) if "seq" in fields or "session_id" in fields else (),
    )


def _shown_common(common: Common, secrets: tuple[str, ...]) -> Common:
    """The common parameters without a token, a SecretId and what came as parameters."""
    values = (common.action, common.version, common.timestamp, common.region, common.language, common.content_sha256)
    action, version, timestamp, region, language, content = (hidden_outside(one, secrets, 64) for one in values)
    return Common(
        common.scheme, action, version, timestamp, region, "***" if common.token else "", language,
        request_id=common.request_id, content_sha256=content,
        unknown=tuple(hidden_outside(name, secrets, 64) for name in common.unknown), sha256=common.sha256,
    )  # fmt: skip


def entry_of(one: Kept) -> Entry:
    """The call as an Entry."""
    answer = one.answer
    return Entry(
        id=answer.id,
        at=one.at,
        elapsed_ms=one.elapsed_ms,
        method=one.method,
        path=one.path,
        headers=one.headers,
        size_bytes=one.size_bytes,
        declared_bytes=one.declared_bytes,
        kind=one.kind,
        as_files=one.as_files,
        unclosed=one.unclosed,
        fields=one.fields,
        wrong_types=one.wrong_types,
        picture=one.picture,
        number=one.number,
        key=one.key,
        name=one.name,
        appid_in_query=one.appid_in_query,
        claims=one.claims,
        recovered=one.recovered,
        digest_start=one.digest_start,
        verified=one.verified,
        code=answer.code,
        also=answer.also,
        video=one.video,
        marks=one.marks,
        status=answer.status,
        why=answer.why,
        refused_by=answer.refused_by,
        scenario=one.scenario,
        registered=one.registered,
        origin=one.origin,
        by_default=answer.by_default,
        nth=answer.nth,
        delay_s=answer.delay_s,
        fault=answer.fault.name if answer.fault else None,
        similarity=answer.similarity,
        answer=hidden(answer.body.decode("utf-8", "replace"), (), _ANSWER_LIMIT).encode(),
        answer_bytes=one.answer_bytes,
        form=form_text(one.form),
        began=one.began,
        http=one.http,
        ran=one.ran,
        operation=one.operation,
        common=one.common,
    )


def _texts_of(call: Call, answer: Answer, recovery: Recovered) -> str:
    """All stored text of a call that may contain a secret."""
    raw, claims = call.raw, call.claims
    if isinstance(claims, Claims):
        signed = claims.signed_text.decode("ascii")
    elif isinstance(claims, Refused):
        signed = f"{recovery.text}\n{claims.why}"
    else:
        # What came as parameters is not kept.
        signed = f"{claims!r}\n{call.common and call.common._replace(pairs=())!r}"
    headers = b"\n".join([part for header in raw.headers[:_HEADERS_LIMIT] for part in header]).decode("latin-1")
    body = answer.body.decode("utf-8", "replace")
    return "\n".join((raw.method, raw.path, text_of(call, "appid"), signed, body, headers))


def _answer_of(call: Call, answer: Answer, secrets: tuple[str, ...], *, is_open: bool) -> Answer:
    """The answer; without its body where that repeats a text of the client that may not be shown."""
    for name in call.table.echoed:
        text = text_of(call, name)
        if text and (not is_open or hidden_outside(text, ()) != text):
            return answer._replace(body=b"")
    if secrets or len(answer.body) > _ANSWER_LIMIT:
        return answer._replace(body=hidden(answer.body.decode("utf-8", "replace"), secrets, _ANSWER_LIMIT).encode())
    return answer


def _shown_headers(call: Call, secrets: tuple[str, ...]) -> Headers:
    headers = call.raw.headers[:_HEADERS_LIMIT]
    if secrets:
        return tuple([_shown_header(header, secrets) for header in headers])
    return tuple([_harmless.get(header) or _shown_header(header) for header in headers])


def _shown_header(header: tuple[bytes, bytes], secrets: tuple[str, ...] = ()) -> tuple[str, str]:
    name, value = header[0].decode("latin-1"), header[1].decode("latin-1")
    shown_name = hidden_outside(name, secrets, 100)
    if header[0] not in _SHOWN_HEADERS:
        return shown_name, f"<{len(value)} bytes>"
    shown = shown_name, hidden_outside(value, secrets, VALUE_LIMIT)
    if shown == (name, value):
        if len(_harmless) >= _HARMLESS_LIMIT:
            _harmless.clear()
        _harmless[header] = shown
    return shown


_HARMLESS_LIMIT = 1024
_harmless: dict[tuple[bytes, bytes], tuple[str, str]] = {}
"""Headers that need no masking, cached because clients repeat them."""


def _told(claims: Claims, account: Account | None, secrets: tuple[str, ...]) -> tuple[Claims, str, bool | None]:
    """The claims to store, the beginning of their digest, and whether it matches the account (None without one)."""
    secret_key = None if account is None else account.secret_key
    remembered = not secrets and len(claims.signed_text) <= hmac_sha1.REMEMBERED_LENGTH
    return _remembered(claims, secret_key) if remembered else _apart(claims, secret_key, secrets)


def _apart(claims: Claims, secret_key: str | None, secrets: tuple[str, ...] = ()) -> tuple[Claims, str, bool | None]:
    verified = None if secret_key is None else hmac_sha1.is_signed_with(claims, secret_key)
    return _without_digest(claims, secrets), claims.digest[:4].hex(), verified


_remembered = lru_cache(maxsize=512)(_apart)
"""Clients reuse a signature as long as it is valid; `hmac_sha1.read` caches it too."""


def _without_digest(claims: Claims, secrets: tuple[str, ...]) -> Claims:
    text = claims.signed_text.decode("ascii")
    if claims.appid != (shown := appid(claims.appid)):
        text = text.replace(claims.appid, shown)
    return Claims(
        digest=b"",
        signed_text=hidden_outside(text, secrets, 512).encode("ascii", "replace"),
        appid=appid(hidden_outside(claims.appid, secrets, 64)),
        secret_id=hidden_outside(claims.secret_id, secrets, 64),
        expires_at=claims.expires_at,
        signed_at=claims.signed_at,
        bucket=hidden_outside(claims.bucket, secrets, 64),
        resource=hidden_outside(claims.resource, secrets, VALUE_LIMIT),
    )
