"""What travels from a request to its answer: frozen values without behaviour.

They are NamedTuples: one costs a third of a frozen dataclass to make, and its class a seventh (0.05 beside
0.36 ms of each start). Scenario alone is a dataclass, for what of it tells no two apart.

Nothing here knows of sockets, files, clocks or frameworks. `code` is always the API's code, `status` always the HTTP
status; sizes are bytes, times are seconds since 1970 unless the name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from mockface.codes import Code
from mockface.reasons import Reason, Said, words


class FieldTable(NamedTuple):
    """The fields that an operation knows: texts, and pictures and videos, which are looked at and not kept.

    `number` and `name` are the two that say whom a call is about: what a scenario is found by, and what may be
    registered with it ("" where the operation has no such field; a scenario is then found by the operation's name).
    `objects` are JSON objects; `required` are those that a call must give, in the order of the documentation, for
    operations whose gateway looks for them; `echoed` are texts that the answer repeats.
    """

    text: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    number: str = ""
    name: str = ""
    objects: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    echoed: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()

    def knows(self, field: str) -> bool:
        """Whether a field of this name is read."""
        return field in self.text or field in self.pictures or field in self.videos or field in self.objects


class Head(NamedTuple):
    """Content-Type and Authorization headers (all of them), the Content-Length, and the bytes of all values.

    `declared_bytes` is None without a Content-Length; `close` says that the client wants the connection closed;
    `origin` is of the page that calls, empty for clients other than browsers; `hosts` counts the Host headers, `host`
    is the last; `action` is the X-TC-Action of API 3.0; `coded` says that there is a Transfer-Encoding;
    `expects_continue` that the client waits for a 100.
    """

    content_types: Sequence[bytes] = ()
    authorizations: Sequence[bytes] = ()
    declared_bytes: int | None = None
    close: bool = False
    size_bytes: int = 0
    origin: bytes = b""
    hosts: int = 0
    host: bytes = b""
    action: bytes = b""
    coded: bool = False
    expects_continue: bool = False


NO_HEAD = Head()


class Refused(NamedTuple):
    """A check's verdict: the code for the wire, and for people why, in one line: what was wrong, came, and would work.

    The why is a Reason with its values. `message` replaces the code's own wire text where one code has several;
    `status` replaces its HTTP status.
    """

    code: Code
    why: Said
    message: str | None = None
    status: int | None = None


class WrongType(NamedTuple):
    """A JSON field that holds something other than a string: `kind` is JSON's word for it, such as "number"."""

    kind: str


_KINDS = {
    "number": words("number", "数字"), "boolean": words("boolean", "布尔值"), "array": words("array", "数组"),
    "object": words("object", "对象"),
}  # fmt: skip


def kind_in_words(kind: str) -> str:
    """JSON's word for a kind of value, which knows its Chinese."""
    return _KINDS.get(kind, kind)


class Picture(NamedTuple):
    """What is known of a picture that was uploaded; its bytes are not kept.

    `form` is "raw", "base64" or "data-url"; `format` is "JPEG", "PNG", "BMP", "WEBP", "GIF" or None when its first
    bytes are of none of these; `size_bytes` counts what was sent (base64 as text); `fault` says why it is no base64;
    `notes` say what is odd about how it was encoded, though it was let pass.
    """

    form: str
    format: str | None
    size_bytes: int
    head: bytes
    fault: Said | None = None
    notes: tuple[Said, ...] = ()


class Video(NamedTuple):
    """What is known of a video that was uploaded; it is not decoded, and its bytes are not kept.

    `form` is "raw", "base64" or "data-url"; `container` is one of "MP4", "MOV", "3GP", "FLV", "AVI", "WEBM",
    "MATROSKA", "ASF", "MPEG-TS", "MPEG-PS", or None when its first bytes are of none of these. `size_bytes` counts what
    was sent (base64 as text); `head` are the first 32 decoded bytes. `has_video` and `has_audio` say which tracks there
    are, None where that cannot be told. `width` and `height` are pixels as they are shown, 0 where unknown; `rotated`
    is by how many degrees a player turns them clockwise: 0, 90, 180 or 270. `duration_s` is in seconds, None where
    unknown. `truncated` says that it ends before its parts do. `codec` is the video's four characters, such as "avc1",
    or "". `fault` says why it is no base64.
    """

    form: str
    container: str | None
    size_bytes: int
    head: bytes
    has_video: bool | None = None
    has_audio: bool | None = None
    width: int = 0
    height: int = 0
    rotated: int = 0
    duration_s: float | None = None
    truncated: bool = False
    codec: str = ""
    fault: Said | None = None


class Structure(NamedTuple):
    """A field that is a JSON object: `members` are texts and lists of texts, whatever else came is left as it came."""

    members: Mapping[str, object]


Value = str | Picture | Video | WrongType | Structure
Fields = Mapping[str, Value]
NO_FIELDS: Fields = MappingProxyType({})


class ReadBody(NamedTuple):
    """A body after reading: its fields, or why it has none.

    `size_bytes` counts what was read; `over_limit` says that reading stopped at the limit. `kind` is "json",
    "multipart", "form" or "". `as_files` are text fields that came as file parts, as one vendor's SDK sends all of
    them; `unclosed` says that the final boundary has no `--` behind it. `unknown` are names of fields that the
    operation does not have, where that matters; `form` is a form as it came, `sha256` the body's in hexadecimal, where
    a signature covers it.
    """

    size_bytes: int
    over_limit: bool = False
    fields: Fields = NO_FIELDS
    fault: Refused | None = None
    kind: str = ""
    as_files: tuple[str, ...] = ()
    unclosed: bool = False
    unknown: tuple[str, ...] = ()
    form: bytes = b""
    sha256: str = ""


class RawRequest(NamedTuple):
    """A request as it came: names of headers in lower case, values as sent, the body read within its limit.

    `path` has no authority (the shell strips an absolute-form target); `query` is undecoded. `began` is when it began
    to come, in seconds of the shell's timer; `http` is the version of its protocol.
    """

    method: str
    path: str
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: ReadBody
    head: Head = NO_HEAD
    began: float = 0.0
    http: str = "1.1"


class Claims(NamedTuple):
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


class Common(NamedTuple):
    """The common parameters of API 3.0, each "" where it did not come.

    `scheme` is "v3" where they are headers (X-TC-Action), "v1" where they are parameters (Action). `secret_id`, `nonce`
    and `signature_method` are of v1. `request_id` is the RequestId of the answer. `unknown` are fields that the action
    does not have, `fault` is why the query or the form cannot be read. `pairs` are the parameters of v1, decoded;
    `sha256` is that of the body. `undecrypted` is why encrypted fields stayed as they came.
    """

    scheme: str
    action: str = ""
    version: str = ""
    timestamp: str = ""
    region: str = ""
    token: str = ""
    language: str = ""
    secret_id: str = ""
    nonce: str = ""
    signature_method: str = ""
    request_id: str = ""
    content_sha256: str = ""
    unknown: tuple[str, ...] = ()
    fault: Refused | None = None
    pairs: Sequence[tuple[str, str]] = ()
    sha256: str = ""
    undecrypted: Refused | None = None


class Call(NamedTuple):
    """A request with everything the checks look at: its appid (body before query), its signature, the time `now`.

    `table` are the fields of its operation; `number` and `name` say whom it is about, "" where no text came. `claims`
    are what its signature says, in the form of its API; `common` are the common parameters where its API has them;
    `seed` repeats what is dealt by chance.
    """

    raw: RawRequest
    fields: Fields
    appid: Value | None
    authorization: str
    claims: Any
    now: float
    id: str = ""
    table: FieldTable = FieldTable(())
    number: str = ""
    name: str = ""
    common: Common | None = None
    seed: int = 0


ACCOUNT_STATES = ("active", "arrears", "not_authorised", "auth_down", "auth_down_2")
"""In what state an account can be; each but the first refuses every call of its appid."""


_RATE = Reason("{calls} calls in {seconds} s", "{calls} 次 / {seconds} 秒")
_NO_RATE = words("no rate_limit", "没有 rate_limit")


class Account(NamedTuple):
    """An account of the vendor's cloud. Its key matters to `--signature verify`; its state and rate always do.

    `rate_calls` calls are let through in any `rate_seconds`; 0 is no limit. `token` belongs to temporary keys of
    API 3.0.
    """

    appid: str
    secret_id: str
    secret_key: str
    buckets: tuple[str, ...] = ()
    state: str = "active"
    rate_calls: int = 0
    rate_seconds: float = 1.0
    token: str = ""

    @property
    def rate(self) -> Said:
        """Its rate_limit in words."""
        return _RATE.of(calls=self.rate_calls, seconds=f"{self.rate_seconds:g}") if self.rate_calls else _NO_RATE


class Delay(NamedTuple):
    """How long an answer waits, in seconds.

    `kind` "fixed" waits `low_s`; "uniform" from `low_s` to `high_s`; "lognormal" has the median `low_s`, the spread
    `sigma` and never exceeds `high_s`; "digits" waits `low_s` times the number's `#` digits.
    """

    kind: str
    low_s: float
    high_s: float = 0.0
    sigma: float = 0.0


class Fault(NamedTuple):
    """How an answer goes wrong; `bytes_per_second` is for "slow" alone."""

    name: str
    bytes_per_second: float = 0.0


class Step(NamedTuple):
    """What one call gets: a success (`similarity`) or a refusal (`code`).

    `message`, `status` and `data` replace what the code's row says; `data_given` tells `data: null` from no `data`.
    `digits_times` multiplies the number's `#` digits into the similarity. With `rate`, the step is taken in that share
    of the calls and `otherwise` in the rest. `own` are codes that single operations answer in place of this outcome;
    `place` says where the answer of API 3.0 has the code, "result" or "error", "" for where it belongs. `live` is why
    the person fails in a video, for the operations that look at one.
    """

    similarity: float | None = None
    code: Code | None = None
    message: str | None = None
    status: int | None = None
    data: object = None
    data_given: bool = False
    digits_times: float | None = None
    delay: Delay | None = None
    fault: Fault | None = None
    rate: float | None = None
    otherwise: Step | None = None
    own: tuple[Code, ...] = ()
    place: str = ""
    live: Code | None = None

    @property
    def random(self) -> bool:
        """Whether chance has a part in it."""
        by_chance = self.rate is not None or (self.delay is not None and self.delay.kind in ("uniform", "lognormal"))
        return by_chance or (self.otherwise is not None and self.otherwise.random)

    def summary(self) -> str:
        """The step in a few words."""
        if self.digits_times is not None:
            told: str = _DIGITS_TIMES.of(factor=f"{self.digits_times:g}")
        else:
            told = self.code.shown if self.code else similarity_of(self)
        if self.live is not None:
            told = _WITH_LIVE.of(told=told, live=self.live.shown)
        if self.own:
            told = _WITH_OWN.of(told=told, own=", ".join(str(code.number) for code in self.own))
        if self.delay is not None:
            told = _WITH_DELAY[self.delay.kind].of(told=told, seconds=f"{self.delay.low_s:g}")
        if self.fault is not None:
            told = _WITH_FAULT.of(told=told, fault=self.fault.name)
        if self.rate is not None and self.otherwise is not None:
            told = _IN_SHARE.of(told=told, share=f"{self.rate:.0%}", otherwise=self.otherwise.summary())
        return told


_SIMILARITY = Reason("similarity {similarity}", "相似度 {similarity}")
_DIGITS_TIMES = Reason("similarity of the number's digits times {factor}", "相似度为 # 数字乘以 {factor}")
_WITH_DELAY = {
    "fixed": Reason("{told}, delay fixed {seconds} s", "{told}，延迟 {seconds} 秒"),
    "uniform": Reason("{told}, delay uniform {seconds} s", "{told}，均匀分布延迟 {seconds} 秒"),
    "lognormal": Reason("{told}, delay lognormal {seconds} s", "{told}，对数正态延迟 {seconds} 秒"),
    "digits": Reason("{told}, delay digits {seconds} s", "{told}，延迟为 # 数字乘以 {seconds} 秒"),
}
_WITH_OWN = Reason("{told}, in API 3.0 {own}", "{told}，API 3.0 中为 {own}")
_WITH_LIVE = Reason("{told}, in a video {live}", "{told}，视频中为 {live}")
_WITH_FAULT = Reason("{told}, fault {fault}", "{told}，故障 {fault}")
_IN_SHARE = Reason("{told}, in {share} of calls, otherwise {otherwise}", "{told}，占调用的 {share}，其余 {otherwise}")


def similarity_of(step: Step) -> Said:
    """The similarity of a step in words."""
    return _SIMILARITY.of(similarity=step.similarity)


THEN = ("repeat", "loop", "default")
"""What follows the last step of a sequence: the last one again, the first, or what a number without scenario gets."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a number gets, call by call, and where that is written.

    `number` is 15 or 18 characters, with `?` for any character and `#` for a digit that the outcome reads. `name` is
    the registered name, None for any. Two scenarios are equal when they answer alike, wherever they are written.
    """

    number: str
    steps: tuple[Step, ...]
    origin: str = field(default="", compare=False)
    name: str | None = None
    note: str | None = field(default=None, compare=False)
    then: str = "repeat"
    counted: bool = field(init=False, default=False, compare=False)

    def __post_init__(self) -> None:
        """`counted`: whether it matters how often the number was called."""
        object.__setattr__(self, "counted", len(self.steps) > 1 or self.then == "default" or self.steps[0].random)

    def step_at(self, nth: int) -> Step | None:
        """The step of the number's nth call, from 0; None once a default is to follow."""
        if nth < len(self.steps):
            return self.steps[nth]
        if self.then == "loop":
            return self.steps[nth % len(self.steps)]
        return self.steps[-1] if self.then == "repeat" else None


class AnswerHead(NamedTuple):
    """What the answers of an operation say in their head: the Content-Type, and headers behind Connection."""

    content_type: tuple[bytes, bytes] = (b"Content-Type", b"application/json; charset=utf-8")
    more: tuple[tuple[bytes, bytes], ...] = ()


USUAL_HEAD = AnswerHead()


class Answer(NamedTuple):
    """What goes back: an HTTP status and a body; `code` for the log, `why` for people, ASCII or None.

    `also` is a second code that the answer has, of the other of its two levels. `delay_s` passes before its first
    byte; `fault` is what the shell does to it. `refused_by` names the check that
    answered, `scenario` and `nth` the scenario and which call of its number it was (from 0; None where that does not
    matter); `by_default` says that this is a default, since no scenario has the number. `id` names the call.
    The why, a Said where people may read it in Chinese too, shows nothing of a person in either language.
    """

    code: int | str
    status: int
    body: bytes
    why: str | None = None
    delay_s: float = 0.0
    fault: Fault | None = None
    refused_by: str | None = None
    scenario: Scenario | None = None
    nth: int | None = None
    similarity: float | None = None
    by_default: bool = False
    id: str = ""
    head: AnswerHead = USUAL_HEAD
    also: int | str | None = None
