"""One call as it may be shown: what came and what was answered, without what nobody may see.

A Noted call goes in, an Entry comes out. It holds no picture bytes, no secret and no whole token; numbers and names are
masked unless the number is of the reserved family (or masking is switched off). What it means is worked out when
somebody looks, see `verdict.py`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from mockface import idcard
from mockface.checks import Check
from mockface.masking import hidden, hidden_outside, sendable, spellings
from mockface.model import Account, Answer, Call, Claims, Picture, Refused, WrongType
from mockface.signature import hmac_sha1
from mockface.signature.diagnosis import NOTHING_SALVAGED, Salvaged, salvaged

_VALUE_LIMIT = 256
_ANSWER_LIMIT = 1024
_HEADERS_LIMIT = 40
_SHOWN_HEADERS = frozenset(
    (
        b"host", b"content-type", b"content-length", b"transfer-encoding", b"expect", b"connection", b"upgrade",
        b"user-agent", b"accept", b"accept-encoding", b"content-encoding", b"proxy-connection", b"origin",
    )
)  # fmt: skip
"""Headers whose values are kept; of all others only the name and the length."""


class Entry(NamedTuple):
    """One call as it may be shown. `number` and `name` are masked unless reserved; `key` finds a number's calls.

    `at` is seconds since 1970 of mockface's clock, `began` seconds of the shell's timer, `elapsed_ms` from the
    request's first byte to its answer. `claims` has no digest; `verified` says whether the digest was the known
    account's, None if there was none to ask. `ran` is the checklist that it met, which may have been switched since.
    `answer` is the body that went back, empty where it would show what is masked; `answer_bytes` is its length.
    `nth` is which call of its number it was (from 0), None where its scenario does not count; `registered` is the name
    that another was given for. `salvaged` is what could be read of an Authorization that is no signature.
    """

    id: str
    at: float
    elapsed_ms: float
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
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
    claims: Claims | Refused
    salvaged: Salvaged
    digest_start: str
    verified: bool | None
    code: int
    status: int
    why: str | None
    refused_by: str | None
    scenario: str | None
    registered: str | None
    origin: str | None
    by_default: bool
    nth: int | None
    delay_s: float
    fault: str | None
    similarity: float | None
    answer: bytes
    answer_bytes: int
    form: str
    began: float
    http: str
    ran: tuple[Check, ...]

    def weight(self) -> int:
        """About how many bytes it holds."""
        texts = sum(map(len, self.fields.values())) + sum(len(name) + len(value) for name, value in self.headers)
        return 2000 + 2 * texts + len(self.answer) + len(self.why or "")


class Masks:
    """What may be seen of a call's number and name."""

    def __init__(self, *, show_pii: bool = False) -> None:
        self._show_pii = show_pii
        self._salt = os.urandom(16)

    def shows(self, number: str) -> bool:
        """Whether a call with this number is shown as it came."""
        return self._show_pii or idcard.is_reserved(number)

    def key(self, number: str) -> str:
        """What finds the calls of a number without naming it: itself if it may be shown, else a salted digest."""
        number = number.upper()
        if idcard.is_of_family(number) or self._show_pii:
            return number
        return hashlib.blake2b(number.encode("utf-8", "replace"), key=self._salt, digest_size=12).hexdigest()

    def number(self, number: str) -> str:
        """The number as it may be shown."""
        return sendable(number[:_VALUE_LIMIT]) if self.shows(number) else idcard.masked(number)

    def name(self, name: str, number: str) -> str:
        """The name as it may be shown."""
        return hidden(name, (), _VALUE_LIMIT) if self.shows(number) else "*" * min(len(name), 8)


_SHAPES: Mapping[str, Callable[[str], object]] = {
    # A value without a digit may be a name in Latin letters.
    "appid": re.compile(r"[!-~]{0,63}[0-9][!-~]{0,63}").fullmatch,
    "bucket": re.compile(r"[a-z0-9-]*").fullmatch,
    "url": re.compile(r"https?://.*", re.IGNORECASE | re.DOTALL).fullmatch,
}
"""How a field's value looks when it is no other field's: a client may have mixed them up."""


def text_of(call: Call, field: str) -> str:
    """A text field's value, "" if it was not given or is no text."""
    value = call.fields.get(field)
    return value if isinstance(value, str) else ""


def secrets_of(call: Call) -> tuple[str, ...]:
    """What may not be told of a call whose number is masked, in each spelling: number, name, values in wrong fields."""
    found = [text_of(call, "idcard_number"), text_of(call, "idcard_name")]
    for field, has_shape in _SHAPES.items():
        value = call.appid if field == "appid" else call.fields.get(field)
        if isinstance(value, str) and not has_shape(value):
            found.append(value)
    return tuple(spelling for secret in found for spelling in spellings(secret))


class Noted(NamedTuple):
    """A call and its answer as they were, with the accounts (by SecretId) and the checklist of the time.

    It is never shown: `entry_of` makes what may be.
    """

    call: Call
    answer: Answer
    elapsed_ms: float
    accounts: Mapping[str, Account]
    ran: tuple[Check, ...]


def form_of(call: Call) -> tuple[str, str]:
    """How the picture came: as what kind of body, "" for an unreadable one, and in which form."""
    fields = call.fields
    if "url" in fields:
        return call.raw.body.kind, "url"
    picture = fields.get("image")
    return call.raw.body.kind, picture.form if isinstance(picture, Picture) else "no picture"


def form_text(form: tuple[str, str]) -> str:
    """The same in words, such as "json url" or "multipart raw"."""
    return f"{form[0] or 'unreadable'} {form[1]}"


def _verified(call: Call, accounts: Mapping[str, Account]) -> bool | None:
    """Whether the digest is that of the SecretId's account; None if there is no such account."""
    if isinstance(call.claims, Refused):
        return None
    account = accounts.get(call.claims.secret_id)
    return None if account is None else hmac_sha1.is_signed_with(call.claims, account.secret_key)


def entry_of(noted: Noted, masks: Masks) -> Entry:
    """The entry of a call and its answer."""
    call, answer, elapsed_ms, accounts, ran = noted
    raw = call.raw
    number, name = text_of(call, "idcard_number"), text_of(call, "idcard_name")
    open_ = masks.shows(number)
    secrets = () if open_ else secrets_of(call)
    picture = call.fields.get("image")
    scenario = answer.scenario
    claims = call.claims
    return Entry(
        id=answer.id,
        at=call.now,
        elapsed_ms=elapsed_ms,
        method=hidden_outside(raw.method, secrets, 20),
        path=hidden_outside(raw.path, secrets, _VALUE_LIMIT),
        headers=_shown_headers(call, secrets),
        size_bytes=raw.body.size_bytes,
        declared_bytes=raw.head.declared_bytes,
        kind=raw.body.kind,
        as_files=raw.body.as_files,
        unclosed=raw.body.unclosed,
        fields=_shown_fields(call, masks, secrets, open_),
        wrong_types={field: value.kind for field, value in call.fields.items() if isinstance(value, WrongType)},
        picture=_without_bytes(picture) if isinstance(picture, Picture) else None,
        number=masks.number(number),
        key=masks.key(number),
        name=masks.name(name, number),
        appid_in_query="appid" not in call.fields and call.appid is not None,
        claims=_without_digest(claims, secrets) if isinstance(claims, Claims) else claims,
        salvaged=_salvaged(call, secrets) if isinstance(claims, Refused) else NOTHING_SALVAGED,
        digest_start=claims.digest[:4].hex() if isinstance(claims, Claims) else "",
        verified=_verified(call, accounts),
        code=answer.code,
        status=answer.status,
        why=answer.why,
        refused_by=answer.refused_by,
        scenario=idcard.masked_key(scenario.number) if scenario else None,
        registered=_registered(answer, open_=open_),
        origin=scenario.origin if scenario else None,
        by_default=answer.by_default,
        nth=answer.nth,
        delay_s=answer.delay_s,
        fault=answer.fault.name if answer.fault else None,
        similarity=answer.similarity,
        answer=_shown_answer(call, answer, secrets, open_),
        answer_bytes=len(answer.body),
        form=form_text(form_of(call)),
        began=raw.began,
        http=raw.http,
        ran=ran,
    )


def _shown_answer(call: Call, answer: Answer, secrets: tuple[str, ...], open_: bool) -> bytes:
    """The body of the answer; nothing where it repeats a session_id that may not be shown."""
    session = text_of(call, "session_id")
    if session and (not open_ or hidden_outside(session, ()) != session):
        return b""
    return hidden(answer.body.decode("utf-8", "replace"), secrets, _ANSWER_LIMIT).encode()


def _shown_headers(call: Call, secrets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            hidden_outside(name.decode("latin-1"), secrets, 100),
            hidden_outside(value.decode("latin-1"), secrets, _VALUE_LIMIT)
            if name in _SHOWN_HEADERS
            else f"<{len(value)} bytes>",
        )
        for name, value in call.raw.headers[:_HEADERS_LIMIT]
    )


def _shown_fields(call: Call, masks: Masks, secrets: tuple[str, ...], open_: bool) -> dict[str, str]:
    shown: dict[str, str] = {}
    number = text_of(call, "idcard_number")
    for field, value in call.fields.items():
        if not isinstance(value, str):
            continue
        if field == "idcard_number":
            shown[field] = masks.number(value)
        elif field == "idcard_name":
            shown[field] = masks.name(value, number)
        elif open_ or (field == "appid" and _SHAPES["appid"](value)):
            shown[field] = hidden_outside(value, secrets, _VALUE_LIMIT)
        else:
            shown[field] = f"<{len(value)} characters>"
    return shown


def _without_bytes(picture: Picture) -> Picture:
    return Picture(picture.form, picture.format, picture.size_bytes, b"", picture.fault, picture.notes)


def _registered(answer: Answer, *, open_: bool) -> str | None:
    """The name of the scenario, if it refused another one."""
    if answer.scenario is None or answer.refused_by is None:
        return None
    return answer.scenario.name if open_ else "***"


def _salvaged(call: Call, secrets: tuple[str, ...]) -> Salvaged:
    found = salvaged(call.authorization)
    return Salvaged(hidden_outside(found.text, secrets, 512), found.mistakes)


def _without_digest(claims: Claims, secrets: tuple[str, ...]) -> Claims:
    return Claims(
        digest=b"",
        signed_text=hidden_outside(claims.signed_text.decode("ascii"), secrets, 512).encode("ascii", "replace"),
        appid=hidden_outside(claims.appid, secrets, 64),
        secret_id=hidden_outside(claims.secret_id, secrets, 64),
        expires_at=claims.expires_at,
        signed_at=claims.signed_at,
        bucket=hidden_outside(claims.bucket, secrets, 64),
        resource=hidden_outside(claims.resource, secrets, _VALUE_LIMIT),
    )
