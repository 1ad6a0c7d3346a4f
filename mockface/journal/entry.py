"""One call and its answer in a form that is safe to show.

An Entry has no picture bytes, no secret and no complete token; numbers and names are masked unless the number is in
the reserved family or masking is off. It is built on demand from the journal's stored data (`kept.py`); `verdict.py`
explains it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mockface import idcard
from mockface.checks import Check
from mockface.model import Account, Answer, Call, Common, Fields, Picture, Video
from mockface.operation import Operation
from mockface.privacy.masking import hidden, sendable
from mockface.reasons import Reason, Said, words
from mockface.signature.diagnosis import Recovered

VALUE_LIMIT = 256
MARKS = ("seq", "session_id")
"""The fields in which a client marks its request, to find it again."""


class Entry(NamedTuple):
    """One call, safe to show. `number` and `name` are masked unless reserved; `key` identifies a number's calls.

    Where the operation's requests have no number, the operation's name stands in its place.
    `at` is seconds since 1970 of mockface's clock, `began` seconds of the shell's timer, `elapsed_ms` from the
    request's first byte to its answer. `claims` has no digest; `verified` says whether the digest was the known
    account's, None if there was none to ask. `ran` is the checklist that it met, which may have been switched since.
    `answer` is the body that went back, empty where it would show what is masked; `answer_bytes` is its length.
    `nth` is which call of its number it was (from 0), None where its scenario does not count; `registered` is the name
    that another was given for. `recovered` is what could be read of an Authorization that is no signature.
    `also` is a second code that the answer has; `marks` are digests of the request's seq and session_id. `common` are
    the common parameters of API 3.0, without its secrets; the signature of such a call is in `claims` as its
    `SignatureView` keeps it.
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
    claims: Any
    recovered: Recovered
    digest_start: str
    verified: bool | None
    code: int | str
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
    operation: Operation
    common: Common | None = None
    also: int | str | None = None
    video: Video | None = None
    marks: tuple[str, ...] = ()

    def answered(self, code: int | str) -> bool:
        """Whether the answer has this code, at either of its levels."""
        return code in (self.code, self.also)


def place(call_id: str) -> tuple[str, int]:
    """The run that a call's id belongs to, and its position in it; ("", 0) for an invalid id."""
    run, _, number = call_id.rpartition("-")
    return (run, int(number)) if number.isascii() and number.isdigit() else ("", 0)


class Person(NamedTuple):
    """A number and a name, safe to show; `is_open` says that they are unchanged."""

    number: str
    name: str
    key: str
    is_open: bool


class Masks:
    """Decides what to show of a call's number and name; `names` are operations whose requests have neither."""

    def __init__(self, *, show_pii: bool = False, names: frozenset[str] = frozenset()) -> None:
        self._show_pii = show_pii
        self._names = names
        self._salt = os.urandom(16)

    def salted(self, salt: bytes) -> None:
        """Make the digests with this salt, as other servers do."""
        self._salt = salt

    def shows(self, number: str) -> bool:
        """Whether a call with this number is shown unmasked."""
        return self._show_pii or idcard.is_reserved(number)

    def key(self, number: str) -> str:
        """A key for the calls of a number: the number itself if it may be shown, else a salted digest."""
        if number in self._names:
            return number
        number = number.upper()
        return number if self.shows(number) else self._digest(number)

    def _digest(self, number: str) -> str:
        return hashlib.blake2b(number.encode("utf-8", "replace"), key=self._salt, digest_size=12).hexdigest()

    def mark(self, text: str) -> str:
        """The digest by which a seq or a session_id is found again: a client may put anything into them."""
        return self._digest(f"mark {text}")

    def marks_of(self, fields: Fields) -> tuple[str, ...]:
        """The digests of a call's seq and session_id."""
        given = (fields.get(name) for name in MARKS)
        return tuple(self.mark(text) for text in given if isinstance(text, str))

    def number(self, number: str) -> str:
        """The number, masked if necessary."""
        if number in self._names:
            return number
        return _open_number(number) if self.shows(number) else idcard.masked(number)

    def name(self, name: str, number: str) -> str:
        """The name, masked if necessary."""
        return self.person(number, name).name

    def person(self, number: str, name: str) -> Person:
        """A call's number and name, masked if necessary, and the key of the number."""
        if self.shows(number):
            return Person(_open_number(number), hidden(name, (), VALUE_LIMIT), number.upper(), is_open=True)
        return Person(idcard.ends_of(number), "*" * min(len(name), 8), self._digest(number.upper()), is_open=False)


def _open_number(number: str) -> str:
    return sendable(number[:VALUE_LIMIT])


# The form of each field's values: a client may have put a value into the wrong field.
is_appid = re.compile(r"[!-~]{0,63}[0-9][!-~]{0,63}").fullmatch
"""Needs a digit: a value without one may be a name in Latin letters."""
_is_bucket = re.compile(r"[a-z0-9-]*").fullmatch
_is_url = re.compile(r"https?://", re.IGNORECASE).match


def text_of(call: Call, field: str) -> str:
    """A text field's value; "" if it is missing or not text."""
    value = call.fields.get(field)
    return value if isinstance(value, str) else ""


def secrets_of(call: Call) -> tuple[str, ...]:
    """What must be hidden if the number is masked, in any spelling: number, name, values in wrong fields."""
    fields = call.fields
    appid, bucket, url = call.appid, fields.get("bucket"), fields.get("url")
    found = [call.number, call.name]
    if isinstance(appid, str) and not is_appid(appid):
        found.append(appid)
    if isinstance(bucket, str) and not _is_bucket(bucket):
        found.append(bucket)
    if isinstance(url, str) and not _is_url(url):
        found.append(url)
    # A single character is no secret.
    return tuple([value for value in found if isinstance(value, str) and len(value) > 1])


class Noted(NamedTuple):
    """A call and its answer, unmasked, with the accounts (by SecretId), checklist and operation of the time.

    It is never shown or stored; `kept` makes the form that is stored.
    """

    call: Call
    answer: Answer
    elapsed_ms: float
    accounts: Mapping[str, Account]
    ran: tuple[Check, ...]
    operation: Operation


def form_of(call: Call) -> tuple[str, str]:
    """How the picture, or the video, came: as what kind of body, "" for an unreadable one, and in which form.

    Of API 3.0, where pictures come in one form alone: how the fields came, and the scheme of the signature.
    """
    fields = call.fields
    kind = call.raw.body.kind
    if call.common is not None:
        return "query" if call.raw.method == "GET" else kind, call.common.scheme
    if "url" in fields:
        return kind, "url"
    seen = next((fields[field] for field in (*call.table.videos, *call.table.pictures) if field in fields), None)
    return kind, seen.form if isinstance(seen, Picture | Video) else "no picture"


_FORM = Reason("{kind} {picture}", "{kind}，{picture}")
_KINDS = {
    "json": words("json", "JSON"), "multipart": words("multipart", "表单"), "form": words("form", "URL 编码表单"),
    "query": words("query", "查询串"), "": words("unreadable", "无法解析"),
}  # fmt: skip
_PICTURES = {
    "url": words("url", "URL"), "raw": words("raw", "文件"), "base64": words("base64", "base64"),
    "data-url": words("data-url", "data URL"), "no picture": words("no picture", "无图片"),
    "v3": words("v3", "v3"), "v1": words("v1", "v1"),
}  # fmt: skip


def form_text(form: tuple[str, str]) -> Said:
    """`form_of` in words, such as "json url" or "multipart raw"."""
    return _FORM.of(kind=_KINDS[form[0]], picture=_PICTURES[form[1]])
