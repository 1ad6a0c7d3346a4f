"""Content-Type and bytes in, fields out: JSON, or multipart in every dialect that real clients speak (wire-facts 3).

`reader_for` picks the reader; chunks are fed to it as they come; `finish` gives a ReadBody. Reading refuses nothing:
it stops at the limit and says so, and what cannot be read becomes a fault that a check turns into an answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Protocol

from mockface import codes
from mockface.image import PictureReader
from mockface.model import TEXT_FIELDS, ReadBody, Refused, Value, WrongType
from mockface.multipart import MultipartFault, MultipartScan, PartSink
from mockface.why import quoted

BODY_LIMIT_BYTES = 6 * 1024 * 1024
"""The largest whole body, inclusive. Source: page (6MB); that it is binary megabytes is assumed."""

FIELD_LIMIT_BYTES = 64 * 1024
"""The longest text field that is kept; a longer one is an invalid parameter. Ours, to bound memory."""

TOO_LONG = WrongType(f"text of more than {FIELD_LIMIT_BYTES} bytes")

_REMEMBERED_BYTES = 256
"""The longest Content-Type that is remembered; real ones have some 70."""

_ENCODED = ("base64", "quoted-printable")

_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE)


def unreadable(why: str) -> Refused:
    """Code 3 for a request that does not parse."""
    return Refused(codes.BAD_REQUEST, why)


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


class BodyReader:
    """Feeds a Reader within the limit. `feed` says whether more may come."""

    __slots__ = ("_feed", "_limit_bytes", "_reader", "over_limit", "size_bytes")

    def __init__(self, content_types: Sequence[bytes], limit_bytes: int = BODY_LIMIT_BYTES) -> None:
        self._reader = reader_for(content_types)
        self._feed = self._reader.feed
        self._limit_bytes = limit_bytes
        self.size_bytes = 0
        self.over_limit = False

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk; False when the limit is passed, after which nothing more is taken."""
        self.size_bytes += len(chunk)
        if self.size_bytes > self._limit_bytes:
            self.over_limit = True
            return False
        self._feed(chunk)
        return True

    def finish(self) -> ReadBody:
        """What was read, once the body has ended or `feed` has said stop."""
        if self.over_limit:
            return ReadBody(self.size_bytes, over_limit=True, kind=self._reader.kind)
        fields = self._reader.fields()
        if isinstance(fields, Refused):
            return ReadBody(self.size_bytes, fault=fields, kind=self._reader.kind)
        return ReadBody(self.size_bytes, fields=fields, kind=self._reader.kind, as_files=self._reader.as_files)


def read(content_types: Sequence[bytes], body: bytes, limit_bytes: int = BODY_LIMIT_BYTES) -> ReadBody:
    """The whole body at once, for callers that have it."""
    reader = BodyReader(content_types, limit_bytes)
    reader.feed(body)
    return reader.finish()


def reader_for(content_types: Sequence[bytes]) -> Reader:
    """The reader for the request's Content-Type headers; one that faults if they name no kind the service takes."""
    if len(content_types) > 1 and len(set(content_types)) > 1:
        return Unreadable(f"{len(content_types)} Content-Type headers that differ; one is wanted")
    content_type = content_types[0] if content_types else b""
    return (_remembered_maker(content_type) if len(content_type) <= _REMEMBERED_BYTES else _maker(content_type))()


def _maker(content_type: bytes) -> Callable[[], Reader]:
    """What makes readers for this Content-Type; clients repeat theirs, so it is remembered if it is short."""
    declared = content_type.decode("latin-1")
    kind = declared.partition(";")[0].strip().lower()
    if kind == "application/json":
        return JsonReader
    if kind == "multipart/form-data":
        match = _BOUNDARY.search(declared)
        boundary = re.sub(r"\\(.)", r"\1", match[1]) if match and match[1] else match[2] if match else ""
        if boundary:
            return partial(MultipartReader, boundary.encode("latin-1"))
        return partial(
            Unreadable, "Content-Type multipart/form-data without a boundary; let the HTTP library set this header"
        )
    came = quoted(declared, 60) if declared else "absent"
    why = f"Content-Type is {came}; wanted is application/json, or multipart/form-data with a boundary"
    return partial(Unreadable, why)


_remembered_maker = lru_cache(maxsize=256)(_maker)


class Unreadable:
    """Reads a body that has no known kind: it only lets it go by."""

    kind = ""
    as_files = ()

    def __init__(self, why: str) -> None:
        self._fault = unreadable(why)

    def feed(self, chunk: bytes) -> None:
        """Let the chunk go."""

    def fields(self) -> Refused:
        """The fault that was known from the start."""
        return self._fault


class JsonReader:
    """An `application/json` body: one object in UTF-8. Unknown fields are ignored, an empty body has no fields."""

    kind = "json"
    as_files = ()

    def __init__(self) -> None:
        self._body: bytes | bytearray = b""

    def feed(self, chunk: bytes) -> None:
        """Keep the chunk; JSON is read when it is whole."""
        if not self._body:
            self._body = chunk
            return
        if isinstance(self._body, bytes):
            self._body = bytearray(self._body)
        self._body += chunk

    def fields(self) -> dict[str, Value] | Refused:
        """The operation's fields. `null` and "" mean that a field was not given (wire-facts 4)."""
        if not self._body:
            return {}
        document = _json_object(self._body)
        if isinstance(document, Refused):
            return document
        fields: dict[str, Value] = {}
        for name in TEXT_FIELDS:
            given = document.get(name)
            if given is not None and given != "":
                fields[name] = _text_value(given)
        image = document.get("image")
        if image is not None and image != "":
            fields["image"] = _json_picture(image)
        return fields


def _text_value(given: object) -> Value:
    if not isinstance(given, str):
        return WrongType(_json_kind(given))
    if len(given) > FIELD_LIMIT_BYTES:
        return TOO_LONG
    return given


def _json_picture(given: object) -> Value:
    if not isinstance(given, str):
        return WrongType(_json_kind(given))
    reader = PictureReader(text_only=True)
    text = given.encode("utf-8", "backslashreplace")
    reader.feed(text, 0, len(text))
    picture = reader.picture()
    assert picture is not None
    return picture


def _json_kind(given: object) -> str:
    if isinstance(given, bool):
        return "boolean"
    if isinstance(given, int | float):
        return "number"
    return "array" if isinstance(given, list) else "object"


class _Ambiguous(ValueError):
    """A known field stands twice in the object."""


_KNOWN = frozenset((*TEXT_FIELDS, "image"))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        for name in document:
            if name in _KNOWN and names.count(name) > 1:
                raise _Ambiguous(name)
    return document


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not JSON")


def _whole(digits: str) -> int:
    """An integer, however long: nothing here needs its value, and `int` refuses thousands of digits."""
    return int(digits[:20])


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole)


def _decode_json(text: str) -> object:
    """The value of a JSON text. Raises what json does; a text without blanks around it is scanned without detours."""
    try:
        value, end = _DECODER.scan_once(text, 0)  # type: ignore[attr-defined]
    except StopIteration:
        end = -1
    return value if end == len(text) else _DECODER.decode(text)


def _json_object(body: bytes | bytearray) -> dict[str, object] | Refused:
    """The JSON object in these bytes; every way in which they can fail to be one, with its place, is code 3."""
    if body.startswith(b"\xef\xbb\xbf"):
        return unreadable("the JSON starts with a UTF-8 byte order mark (EF BB BF); send it without one")
    try:
        document = _decode_json(body.decode("utf-8"))
    except UnicodeDecodeError as fault:
        return unreadable(f"the JSON is not UTF-8: byte {fault.start} is 0x{body[fault.start]:02x}")
    except json.JSONDecodeError as fault:
        return unreadable(f"the JSON does not parse: {fault.msg} at character {fault.pos} of {len(fault.doc)}")
    except _Ambiguous as fault:
        return unreadable(f"the JSON gives {fault} twice")
    except RecursionError:
        return unreadable("the JSON is nested too deeply; one flat object is wanted")
    except ValueError as fault:
        return unreadable(f"the JSON does not parse: {fault}")
    if not isinstance(document, dict):
        kind = "null" if document is None else "a string" if isinstance(document, str) else _json_kind(document)
        return unreadable(f"the JSON is {kind}; an object is wanted")
    return document


class MultipartReader:
    """A `multipart/form-data` body, read as it streams: text fields are kept, the picture only looked at."""

    kind = "multipart"

    def __init__(self, boundary: bytes) -> None:
        self._sinks: dict[str, _TextSink | PictureReader] = {}
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
                self._fault = unreadable(f"the multipart body does not parse: {fault}")

    def _sink_for(self, name: str, encoding: str, is_file: bool) -> PartSink | None:
        if name not in _KNOWN:
            return None
        if encoding in _ENCODED and (name, encoding) != ("image", "base64"):
            raise MultipartFault(f"field {name} has Content-Transfer-Encoding {encoding}; send it unencoded")
        if name in self._sinks:
            raise MultipartFault(f"field {name} is given twice")
        sink: _TextSink | PictureReader = PictureReader() if name == "image" else _TextSink()
        self._sinks[name] = sink
        if is_file and name != "image":
            self.as_files += (name,)
        return sink

    def fields(self) -> dict[str, Value] | Refused:
        """The operation's fields; an empty text means that a field was not given, an empty body has none."""
        if self._fault is not None or not self._size_bytes:
            return self._fault or {}
        try:
            self._scan.finish()
        except MultipartFault as fault:
            return unreadable(f"the multipart body does not parse: {fault}")
        fields: dict[str, Value] = {}
        for name, sink in self._sinks.items():
            value = sink.picture() if isinstance(sink, PictureReader) else sink.value(name)
            if isinstance(value, Refused):
                return value
            if value:
                fields[name] = value
        return fields


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
            return unreadable(f"field {name} is not UTF-8: its byte {fault.start} is 0x{found:02x} (GBK?)")
