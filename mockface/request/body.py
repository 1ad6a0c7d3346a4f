"""Content-Type and bytes in, fields out: JSON, or multipart in every dialect of real clients (docs/wire.md).

`reader_for` picks the reader; chunks are fed to it as they come; `finish` gives a ReadBody. Reading refuses nothing:
it stops at the limit and says so, and what cannot be read becomes a fault that a check turns into an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from hashlib import sha256
from typing import Protocol, final

from mockface.model import FieldTable, ReadBody, Refused, Value, WrongType
from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, words
from mockface.request.jsonbody import JsonReader
from mockface.request.limits import BODY_LIMIT_BYTES, FIELD_LIMIT_BYTES, TOO_LONG, unreadable
from mockface.request.multipart import (
    BOUNDARY_LIMIT_BYTES,
    UNPARSED,
    MultipartFault,
    MultipartScan,
    PartSink,
    parameters,
)
from mockface.request.picture import PictureReader
from mockface.request.video import VideoReader

_REMEMBERED_BYTES = 256
"""The longest Content-Type that is remembered; real ones have some 70."""

_ENCODED = ("base64", "quoted-printable")
_DIFFERING = Reason(
    "{count} Content-Type headers that differ; expected one", "有 {count} 个不同的 Content-Type 请求头；应只有一个"
)
_LONG_BOUNDARY = Reason(
    "the boundary of Content-Type has {count} characters; RFC 2046 allows 70, mockface takes {limit}",
    "Content-Type 中的 boundary 有 {count} 个字符；RFC 2046 允许 70 个，mockface 接受 {limit} 个",
)
_NO_BOUNDARY = words(
    "Content-Type multipart/form-data without a boundary; let the HTTP library set this header",
    "Content-Type 为 multipart/form-data，但没有 boundary；应由 HTTP 库设置该请求头",
)
_OTHER_TYPE = Reason(
    "Content-Type is {came}; expected application/json, or multipart/form-data with a boundary",
    "Content-Type 为 {came}；应为 application/json，或带 boundary 的 multipart/form-data",
)
_ENCODED_PART = Reason(
    "field {name} has Content-Transfer-Encoding {encoding}; send it unencoded",
    "字段 {name} 的 Content-Transfer-Encoding 为 {encoding}；应不编码发送",
)
_TWICE = Reason("field {name} is given twice", "字段 {name} 出现两次")
_NOT_UTF8 = Reason(
    "field {name} is not UTF-8: its byte {at} is {found} (GBK?)",
    "字段 {name} 不是 UTF-8：第 {at} 个字节为 {found}（GBK？）",
)


class Reader(Protocol):
    """Turns chunks into fields. `feed` never raises; a fault shows in `fields`."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""

    def fields(self) -> dict[str, Value] | Refused:
        """What the bytes held, at their end."""

    @property
    def kind(self) -> str:
        """What it reads: "json", "multipart" or ""."""

    @property
    def as_files(self) -> tuple[str, ...]:
        """Text fields that came as file parts."""

    @property
    def unclosed(self) -> bool:
        """Whether the final boundary lacks its `--`; known after `fields`."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of fields that the operation does not have, where that matters; known after `fields`."""

    @property
    def whole(self) -> bytes:
        """The body as it came, where fields are read of it later: a form."""


class BodyReader:
    """Feeds a Reader within the limit. `feed` says whether more may come; `hashed` says that a signature covers it."""

    __slots__ = ("_feed", "_hash", "_limit_bytes", "_reader", "over_limit", "size_bytes")

    def __init__(self, reader: Reader, limit_bytes: int = BODY_LIMIT_BYTES, *, hashed: bool = False) -> None:
        self._reader = reader
        self._feed = reader.feed
        self._limit_bytes = limit_bytes
        self._hash = sha256() if hashed else None
        self.size_bytes = 0
        self.over_limit = False

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk; False when the limit is passed, after which nothing more is taken."""
        self.size_bytes += len(chunk)
        if self.size_bytes > self._limit_bytes:
            self.over_limit = True
            return False
        if self._hash is not None:
            self._hash.update(chunk)
        self._feed(chunk)
        return True

    def finish(self) -> ReadBody:
        """What was read, once the body has ended or `feed` has said stop."""
        reader = self._reader
        if self.over_limit:
            return ReadBody(self.size_bytes, over_limit=True, kind=reader.kind)
        fields = reader.fields()
        if isinstance(fields, Refused):
            return ReadBody(self.size_bytes, fault=fields, kind=reader.kind, sha256=self._digest())
        return ReadBody(
            self.size_bytes, False, fields, None, reader.kind, reader.as_files, reader.unclosed, reader.unknown,
            reader.whole, self._digest(),
        )  # fmt: skip

    def _digest(self) -> str:
        return "" if self._hash is None else self._hash.hexdigest()


def reader_for(content_types: Sequence[bytes], table: FieldTable) -> Reader:
    """The reader for the request's Content-Type headers; one that faults if they name no kind the service takes."""
    if len(content_types) > 1 and len(set(content_types)) > 1:
        return Unreadable(_DIFFERING.of(count=len(content_types)))
    content_type = content_types[0] if content_types else b""
    return (_remembered_maker(content_type) if len(content_type) <= _REMEMBERED_BYTES else _maker(content_type))(table)


def _maker(content_type: bytes) -> Callable[[FieldTable], Reader]:
    """What makes readers for this Content-Type; clients repeat theirs, so it is remembered if it is short."""
    declared = content_type.decode("latin-1")
    kind = declared.partition(";")[0].strip().lower()
    if kind == "application/json":
        return JsonReader
    if kind == "multipart/form-data":
        boundary = parameters(declared).get("boundary", "")
        if len(boundary) > BOUNDARY_LIMIT_BYTES:
            return partial(Unreadable, _LONG_BOUNDARY.of(count=len(boundary), limit=BOUNDARY_LIMIT_BYTES))
        if boundary:
            return partial(MultipartReader, boundary.encode("latin-1"))
        return partial(Unreadable, _NO_BOUNDARY)
    came = quoted(declared, 60) if declared else words("absent", "缺失")
    return partial(Unreadable, _OTHER_TYPE.of(came=came))


_remembered_maker = lru_cache(maxsize=256)(_maker)


class Unreadable:
    """Reads a body that has no known kind: it only lets it go by."""

    kind = ""
    as_files = ()
    unclosed = False
    unknown = ()
    whole = b""

    def __init__(self, why: Said, table: FieldTable | None = None) -> None:
        self._fault = unreadable(why)

    def feed(self, chunk: bytes) -> None:
        """Let the chunk go."""

    def fields(self) -> Refused:
        """The fault that was known from the start."""
        return self._fault


class MultipartReader:
    """A `multipart/form-data` body, read as it streams: text fields are kept, pictures and videos only looked at."""

    kind = "multipart"
    unknown = ()
    whole = b""

    def __init__(self, boundary: bytes, table: FieldTable) -> None:
        self._table = table
        self._sinks: dict[str, _TextSink | PictureReader | VideoReader] = {}
        self._fault: Refused | None = None
        self._size_bytes = 0
        self.as_files: tuple[str, ...] = ()
        self._scan = MultipartScan(boundary, self._sink_for)

    def feed(self, chunk: bytes) -> None:
        """Scan the chunk; after a fault the rest is let go."""
        if self._fault is None:
            self._size_bytes += len(chunk)
            try:
                self._scan.feed(chunk)
            except MultipartFault as fault:
                self._fault = unreadable(UNPARSED.of(why=fault.why))

    @property
    def unclosed(self) -> bool:
        """Whether the final boundary lacks its `--`; known after `fields`."""
        return self._scan.unclosed

    def _sink_for(self, name: str, encoding: str, is_file: bool) -> PartSink | None:
        if not self._table.knows(name):
            return None
        is_text = name in self._table.text
        if encoding in _ENCODED and (is_text or encoding != "base64"):
            raise MultipartFault(_ENCODED_PART.of(name=name, encoding=encoding))
        if name in self._sinks:
            raise MultipartFault(_TWICE.of(name=name))
        sink = self._sinks[name] = _TextSink() if is_text else self._file_sink(name)
        if is_file and is_text:
            self.as_files += (name,)
        return sink

    def _file_sink(self, name: str) -> PictureReader | VideoReader:
        return PictureReader() if name in self._table.pictures else VideoReader()

    def fields(self) -> dict[str, Value] | Refused:
        """The operation's fields; an empty text means that a field was not given, an empty body has none."""
        if self._fault is not None or not self._size_bytes:
            return self._fault or {}
        try:
            self._scan.finish()
        except MultipartFault as fault:
            return unreadable(UNPARSED.of(why=fault.why))
        fields: dict[str, Value] = {}
        for name, sink in self._sinks.items():
            if type(sink) is _TextSink:
                value: Value | Refused | None = sink.value(name)
            else:
                value = sink.picture() if isinstance(sink, PictureReader) else sink.video()
            if isinstance(value, Refused):
                return value
            if value:
                fields[name] = value
        return fields


@final
class _TextSink:
    """Collects a text part, whether or not it came with a filename."""

    __slots__ = ("_bytes", "_size_bytes")

    def __init__(self) -> None:
        self._bytes = b""
        self._size_bytes = 0

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        self._size_bytes += end - start
        if self._size_bytes <= FIELD_LIMIT_BYTES:
            self._bytes += chunk[start:end]

    def value(self, name: str) -> str | WrongType | Refused:
        if self._size_bytes > FIELD_LIMIT_BYTES:
            return TOO_LONG
        try:
            return self._bytes.decode("utf-8")
        except UnicodeDecodeError as fault:
            found = self._bytes[fault.start]
            return unreadable(_NOT_UTF8.of(name=name, at=fault.start, found=f"0x{found:02x}"))
