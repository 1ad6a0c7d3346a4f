"""What mockface was asked: a bounded memory of calls.

An entry is made while the answer is on its way and before its first byte leaves. It holds no picture bytes, no secret
and no whole token; numbers and names are masked as it is made, unless the number is of the reserved family (or masking
is switched off). Explanations are made of entries when somebody looks, see `verdict.py`.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from mockface import idcard
from mockface.model import Answer, Call, Claims, Picture, Refused, WrongType
from mockface.why import hidden

LIMIT = 1000
LIMIT_BYTES = 8 * 1024 * 1024
DROPPED_NUMBERS = 20_000
"""For how many numbers it is known how many of their calls were dropped; the first are forgotten first."""
_VALUE_LIMIT = 256
_HEADERS_LIMIT = 40
_SHOWN_HEADERS = frozenset(
    (
        b"host", b"content-type", b"content-length", b"transfer-encoding", b"expect", b"connection", b"upgrade",
        b"user-agent", b"accept", b"accept-encoding", b"content-encoding", b"proxy-connection", b"origin",
    )
)  # fmt: skip
"""Headers whose values are kept; of all others only the name and the length."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call as it may be shown. `number` and `name` are masked unless reserved; `key` finds a number's calls.

    `at` is seconds since 1970 of mockface's clock, `elapsed_ms` from the request's first byte to its answer. `claims`
    has no digest; `verified` says whether the digest was the known account's, None if there was none to ask.
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
    fields: Mapping[str, str]
    wrong_types: Mapping[str, str]
    picture: Picture | None
    number: str
    key: str
    name: str
    appid_in_query: bool
    claims: Claims | Refused
    digest_start: str
    verified: bool | None
    code: int
    status: int
    why: str | None
    refused_by: str | None
    scenario: str | None
    origin: str | None
    by_default: bool
    nth: int
    delay_s: float
    fault: str | None
    similarity: float | None
    answer: bytes

    @property
    def form(self) -> str:
        """How the picture came, such as "json url" or "multipart raw"."""
        how = "url" if "url" in self.fields else self.picture.form if self.picture else "no picture"
        return f"{self.kind or 'unreadable'} {how}"

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
        if self.shows(number):
            return number
        return hashlib.blake2b(number.encode("utf-8", "replace"), key=self._salt, digest_size=12).hexdigest()

    def number(self, number: str) -> str:
        """The number as it may be shown."""
        return number[:_VALUE_LIMIT] if self.shows(number) else idcard.masked(number)

    def name(self, name: str, number: str) -> str:
        """The name as it may be shown."""
        return name[:_VALUE_LIMIT] if self.shows(number) else "*" * min(len(name), 8)


def entry_of(
    call: Call, answer: Answer, masks: Masks, elapsed_ms: float, verified: bool | None, default: bool
) -> Entry:
    """The entry of a call and its answer."""
    raw = call.raw
    given = call.fields.get("idcard_number")
    number = given if isinstance(given, str) else ""
    given = call.fields.get("idcard_name")
    name = given if isinstance(given, str) else ""
    open_ = masks.shows(number)
    secrets = () if open_ else (number, name)
    picture = call.fields.get("image")
    scenario = answer.scenario
    claims = call.claims
    return Entry(
        id=answer.id,
        at=call.now,
        elapsed_ms=elapsed_ms,
        method=hidden(raw.method[:20], secrets),
        path=hidden(raw.path[:_VALUE_LIMIT], secrets),
        headers=_shown_headers(call, secrets),
        size_bytes=raw.body.size_bytes,
        declared_bytes=raw.declared_bytes,
        kind=raw.body.kind,
        as_files=raw.body.as_files,
        fields=_shown_fields(call, masks, number, name, open_),
        wrong_types={field: value.kind for field, value in call.fields.items() if isinstance(value, WrongType)},
        picture=_without_bytes(picture) if isinstance(picture, Picture) else None,
        number=masks.number(number),
        key=masks.key(number),
        name=masks.name(name, number),
        appid_in_query="appid" not in call.fields and call.appid is not None,
        claims=_without_digest(claims, secrets) if isinstance(claims, Claims) else claims,
        digest_start=claims.digest[:4].hex() if isinstance(claims, Claims) else "",
        verified=verified,
        code=answer.code,
        status=answer.status,
        why=answer.why,
        refused_by=answer.refused_by,
        scenario=hidden(scenario.number, ()) if scenario else None,
        origin=scenario.origin if scenario else None,
        by_default=default,
        nth=answer.nth,
        delay_s=answer.delay_s,
        fault=answer.fault.name if answer.fault else None,
        similarity=answer.similarity,
        answer=answer.body[:1024] if open_ else b"",
    )


def _shown_headers(call: Call, secrets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            hidden(name[:100].decode("latin-1"), secrets),
            hidden(value[:_VALUE_LIMIT].decode("latin-1"), secrets)
            if name in _SHOWN_HEADERS
            else f"<{len(value)} bytes>",
        )
        for name, value in call.raw.headers[:_HEADERS_LIMIT]
    )


def _shown_fields(call: Call, masks: Masks, number: str, name: str, open_: bool) -> dict[str, str]:
    shown: dict[str, str] = {}
    for field, value in call.fields.items():
        if not isinstance(value, str):
            continue
        if open_ or field == "appid":
            shown[field] = hidden(value[:_VALUE_LIMIT], () if open_ else (number, name))
        else:
            shown[field] = f"<{len(value)} characters>"
    if "idcard_number" in shown:
        shown["idcard_number"] = masks.number(number)
    if "idcard_name" in shown:
        shown["idcard_name"] = masks.name(name, number)
    return shown


def _without_bytes(picture: Picture) -> Picture:
    return Picture(picture.form, picture.format, picture.size_bytes, b"", picture.fault)


def _without_digest(claims: Claims, secrets: tuple[str, ...]) -> Claims:
    return Claims(
        digest=b"",
        signed_text=hidden(claims.signed_text[:512].decode("ascii"), secrets).encode("ascii", "replace"),
        appid=hidden(claims.appid[:64], secrets),
        secret_id=hidden(claims.secret_id[:64], secrets),
        expires_at=claims.expires_at,
        signed_at=claims.signed_at,
        bucket=hidden(claims.bucket[:64], secrets),
        resource=hidden(claims.resource[:_VALUE_LIMIT], secrets),
    )


Listener = Callable[[Entry], None]


class Journal:
    """The last so many entries, in at most so many bytes; `dropped` counts those that had to go since `clear`."""

    def __init__(self, limit: int = LIMIT, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._entries: deque[Entry] = deque()
        self._lock = Lock()
        self._listeners: list[Listener] = []
        self.size_bytes = 0
        self.dropped = 0
        self._dropped_of: dict[str, int] = {}

    def note(self, entry: Entry) -> None:
        """Remember an entry and tell the listeners, in the thread of the caller."""
        with self._lock:
            self._entries.append(entry)
            self.size_bytes += entry.weight()
            while len(self._entries) > self._limit or self.size_bytes > self._limit_bytes:
                self._drop(self._entries.popleft())
                if not self._entries:
                    break
        for listener in list(self._listeners):
            listener(entry)

    def _drop(self, entry: Entry) -> None:
        self.size_bytes -= entry.weight()
        self.dropped += 1
        self._dropped_of[entry.key] = self._dropped_of.get(entry.key, 0) + 1
        if len(self._dropped_of) > DROPPED_NUMBERS:
            del self._dropped_of[next(iter(self._dropped_of))]

    def dropped_of(self, key: str) -> int:
        """How many calls of a number (by its key) had to go since `clear`: others' calls do not count."""
        return self._dropped_of.get(key, 0)

    def entries(self) -> list[Entry]:
        """All that are remembered, the oldest first."""
        with self._lock:
            return list(self._entries)

    def matching(self, key: str | None = None, code: int | None = None, since: float | None = None) -> Iterator[Entry]:
        """Those of a number (by its key), with a code, from a time on."""
        for entry in self.entries():
            if key is not None and entry.key != key:
                continue
            if (code is None or entry.code == code) and (since is None or entry.at >= since):
                yield entry

    def get(self, call_id: str) -> Entry | None:
        """The entry of a call, if it is still remembered."""
        return next((entry for entry in self.entries() if entry.id == call_id), None)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()
            self.size_bytes = 0
            self.dropped = 0
            self._dropped_of.clear()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call this for every entry to come; what comes back ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
