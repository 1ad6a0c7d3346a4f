"""What travels through the corridor: frozen values without behaviour.

Nothing here knows of sockets, files, clocks or frameworks. `code` is always the API's code, `status` always the HTTP
status; sizes are bytes, times are seconds since 1970 unless the name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockface.codes import Code

TEXT_FIELDS = ("appid", "idcard_number", "idcard_name", "url", "session_id", "bucket")
"""The fields of the operation that are text; `image` is the one that is a picture."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A check's verdict: the code for the wire, and for people why, in one line: what was wrong, came, and would work.

    `message` replaces the code's own wire text where one code has several; `status` replaces its HTTP status.
    """

    code: Code
    why: str
    message: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class WrongType:
    """A JSON field that holds something other than a string: `kind` is JSON's word for it, such as "number"."""

    kind: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of a picture that was uploaded; its bytes are not kept.

    `form` is "raw", "base64" or "data-url"; `format` is "JPEG", "PNG", "BMP", "WEBP", "GIF" or None when its first
    bytes are of none of these; `size_bytes` counts what was sent (base64 as text); `fault` says why it is no base64.
    """

    form: str
    format: str | None
    size_bytes: int
    head: bytes
    fault: str | None = None


Value = str | Picture | WrongType
Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ReadBody:
    """A body after reading: its fields, or why it has none.

    `size_bytes` counts what was read; `over_limit` says that reading stopped at the limit.
    """

    size_bytes: int
    over_limit: bool = False
    fields: Fields = field(default_factory=dict)
    fault: Refused | None = None


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request as it came: names of headers in lower case, values as sent, the body read within its limit.

    `path` has no authority (the shell strips an absolute-form target); `query` is undecoded.
    """

    method: str
    path: str
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: ReadBody
    declared_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """An Authorization value, decoded: 20 bytes of digest, the signed text, and what it says.

    The wire's names: a=appid, k=secret_id, e=expires_at, t=signed_at, b=bucket, f=resource. `expires_at` 0 means
    single use.
    """

    digest: bytes
    signed_text: bytes
    appid: str
    secret_id: str
    expires_at: int
    signed_at: int
    bucket: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A request with everything the checks look at: its appid (body before query), its signature, the time `now`."""

    raw: RawRequest
    fields: Fields
    appid: Value | None
    authorization: str
    claims: Claims | Refused
    now: float


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the vendor's cloud, as `--signature verify` knows it."""

    appid: str
    secret_id: str
    secret_key: str
    buckets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What one call gets: a success (`similarity`) or a refusal (`code`).

    `message`, `status` and `data` replace what the code's row says; `data_given` tells `data: null` from no `data`.
    """

    similarity: float | None = None
    code: Code | None = None
    message: str | None = None
    status: int | None = None
    data: object = None
    data_given: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a number gets, and where that is written.

    `number` is 15 or 18 characters, with `?` for any character and `#` for a digit that the outcome reads:
    `digits_times` multiplies those digits into the similarity. `name` is the registered name, None for any.
    """

    number: str
    step: Step
    origin: str
    name: str | None = None
    note: str | None = None
    digits_times: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: an HTTP status and a body of JSON bytes; `code` for the log, `why` for people, ASCII or None."""

    code: int
    status: int
    body: bytes
    why: str | None = None
