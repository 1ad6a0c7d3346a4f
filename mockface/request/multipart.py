"""Parses a `multipart/form-data` body in chunks: each part's bytes go to the sink for its name.

python-multipart's push parser finds boundaries, headers and content. Its form parser is not used: it stores every part,
and it confuses text and files in the forms that the vendor's SDKs send (text parts with a filename, a picture without
one). Limits, part names and error messages are mockface's own.

Knows no fields, body limits or codes. Stores one header of one part at a time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError

from mockface.privacy.masking import quoted
from mockface.reasons import Reason, Said, words

HEADER_LIMIT_BYTES = 16 * 1024
"""The longest header of one part."""
HEADERS_LIMIT = 50
"""The most headers of one part; SDKs send at most three."""
PART_LIMIT = 1000
"""The most parts of one body."""
BOUNDARY_LIMIT_BYTES = 256
"""The longest boundary that the parser accepts; RFC 2046 allows 70 characters."""
_REMEMBERED_BYTES = 256
"""The longest Content-Disposition that is cached: it bounds memory and excludes long filenames."""
PIECE_BYTES = 512 * 1024
"""The most bytes passed to the parser at once; servers pass fewer, and longer chunks are split."""
_BLANKS = 2 * BOUNDARY_LIMIT_BYTES
"""A chunk with more whitespace than this contains more than a boundary's padding."""
_PREAMBLE_BYTES = 1024
"""How much of the text before the first part is examined, to explain why no part was found."""

# The parser logs each error as a warning. Without a handler Python prints it to standard error.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())


UNPARSED = Reason("the multipart body does not parse: {why}", "multipart 请求体无法解析：{why}")
_NO_FINAL = Reason("it ends {where} without the final boundary {final}", "{where}结束，没有结尾的 boundary {final}")
_IN_HEAD = Reason("in the headers of part {part}", "在第 {part} 部分的头部中")
_IN_PART = Reason("in part {part}", "在第 {part} 部分中")
_BEFORE = words("before the first part", "在第一部分之前")
_TOO_MANY = Reason("it has more than {limit} parts", "超过 {limit} 个部分")
_NAMELESS = Reason(
    "part {part} has no name in a Content-Disposition header", "第 {part} 部分没有 Content-Disposition 头部中的 name"
)
_NO_HEADERS = Reason(
    "part {part} does not begin with headers: expected lines of 'Name: value' ended by CR LF, then a blank line, "
    "at most {headers} headers of {bytes} bytes each",
    "第 {part} 部分不以头部字段开始：应为以 CR LF 结尾的“名称: 值”各行，之后一个空行；最多 {headers} 个头部字段，每个 "
    "{bytes} 字节",
)
_BEHIND = Reason(
    "byte {at}, after a boundary, is {came}; expected CR LF or --",
    "第 {at} 个字节在 boundary 之后，为 {came}；应为 CR LF 或 --",
)


class MultipartFault(ValueError):
    """The body does not match its boundary; `why` says where."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why


class PartSink(Protocol):
    """Receives the content of one part."""

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Take `chunk[start:end]`."""


class MultipartScan:
    """Call `feed` with chunks, then `finish`; both raise MultipartFault.

    `sink_for` is called once per part with its name, its Content-Transfer-Encoding, and whether it has a filename; if
    it returns None, the part is skipped.
    """

    __slots__ = (
        "_begun", "_disposition", "_encoding", "_ended", "_first_line", "_has_header", "_in_head", "_in_padding",
        "_last", "_name", "_offset", "_parser", "_parts", "_preamble", "_sink", "_sink_for", "_value", "unclosed",
    )  # fmt: skip

    def __init__(self, boundary: bytes, sink_for: Callable[[str, str, bool], PartSink | None]) -> None:
        self._first_line = b"--" + boundary + b"\r\n"
        self._sink_for = sink_for
        self._preamble = _Preamble()
        self._begun = False
        self._ended = False
        self._sink: PartSink | None = None
        self._in_padding = False
        self._parts = 0
        self._offset = 0
        self._last = b""
        self._in_head = False
        self._has_header = True
        self._name = b""
        self._value = b""
        self._disposition = b""
        self._encoding = ""
        self.unclosed = False
        """Whether the final boundary lacks its `--`; valid after `finish`."""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._take_name,
                "on_header_value": self._take_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_head,
                "on_end": self._end,
            },
            max_header_count=HEADERS_LIMIT,
            max_header_size=HEADER_LIMIT_BYTES,
        )

    def feed(self, chunk: bytes) -> None:
        """Process the next bytes of the body."""
        if not self._begun:
            self._begin(chunk)
        if len(chunk) > PIECE_BYTES:
            for at in range(0, len(chunk), PIECE_BYTES):
                self.feed(chunk[at : at + PIECE_BYTES])
            return
        if self._in_padding or (len(chunk) > _BLANKS and chunk[0] in b" \t"):
            chunk = self._without_padding(chunk)
        self._write(chunk)
        self._offset += len(chunk)
        self._last = chunk[-1:] or self._last

    def finish(self) -> None:
        """End the body. Its final boundary must be there; one or both dashes of its `--` may be missing."""
        at = self._preamble.looked_into(self._first_line[:-2])
        if at is not None:
            raise MultipartFault(_behind_boundary(*at))
        self.unclosed = not self._ended and self._ends_in_boundary()
        if not self._ended and not self.unclosed:
            where = (_IN_HEAD if self._in_head else _IN_PART).of(part=self._parts) if self._parts > 0 else _BEFORE
            raise MultipartFault(_NO_FINAL.of(where=where, final=quoted(self._first_line[:-2] + b"--", 80)))

    def _ends_in_boundary(self) -> bool:
        """Whether the last part ended in a boundary without `--`, followed by line ends only."""
        parts = self._parts
        if self._in_head or not self._has_header:
            return parts > 1 and not self._has_header and not self._name
        if parts > 0:
            # The body's end may be a boundary: if so, completing it makes the parser end the part.
            self._write(_MISSING.get(self._last, b"--"))
        return parts > 0 and (self._ended or self._parts > parts)

    def _begin(self, chunk: bytes) -> None:
        """RFC 2046 allows text before the first boundary, the parser does not: it gets it as content of a part 0."""
        self._begun = True
        if not chunk.startswith(self._first_line):
            self._parts = -1
            self._parser.write(self._first_line + b"\r\n\r\n")

    def _write(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except MultipartParseError as fault:
            raise MultipartFault(self._explained(fault, chunk)) from fault

    def _without_padding(self, chunk: bytes) -> bytes:
        """The chunk without long padding after a boundary: the parser takes 0.3 us for each space."""
        rest = chunk.lstrip(b" \t")
        if not self._in_padding and not rest:
            # Whitespace that is not content is between a boundary and its line end.
            content = _Counted(self._sink)
            self._parser.set_callback("part_data", content.feed)
            self._write(chunk)
            self._parser.set_callback("part_data", None if self._sink is None else self._sink.feed)
            self._in_padding = not (content.size_bytes or self._in_head or self._ended)
        elif not self._in_padding:
            return chunk
        self._in_padding = self._in_padding and not rest
        self._offset += len(chunk) - len(rest)
        return rest

    def _begin_part(self) -> None:
        if not self._has_header:
            raise self._nameless()
        self._parts += 1
        if self._parts > PART_LIMIT:
            raise MultipartFault(_TOO_MANY.of(limit=PART_LIMIT))
        self._in_head = True
        self._has_header = False
        self._disposition = b""
        self._encoding = ""

    def _take_name(self, chunk: bytes, start: int, end: int) -> None:
        self._name += chunk[start:end]

    def _take_value(self, chunk: bytes, start: int, end: int) -> None:
        self._value += chunk[start:end]

    def _end_header(self) -> None:
        self._has_header = True
        name = self._name.lower()
        if name == b"content-disposition" and not self._disposition:
            self._disposition = self._value
        elif name == b"content-transfer-encoding":
            self._encoding = self._value.strip().lower().decode("latin-1")
        self._name = self._value = b""

    def _end_head(self) -> None:
        self._in_head = False
        sink: PartSink | None = self._preamble
        if self._parts:
            # A head without headers may be the text after the last boundary, if that lacks its `--`.
            sink = self._sink_of_part() if self._has_header else _Blank(self._nameless())
        else:
            self._has_header = True
        if sink is not self._sink:
            self._sink = sink
            self._parser.set_callback("part_data", None if sink is None else sink.feed)

    def _sink_of_part(self) -> PartSink | None:
        given = self._disposition
        name, is_file = _remembered(given) if len(given) <= _REMEMBERED_BYTES else _disposition(given)
        if name is None:
            raise self._nameless()
        return self._sink_for(name, self._encoding, is_file)

    def _nameless(self) -> MultipartFault:
        return MultipartFault(_NAMELESS.of(part=self._parts))

    def _end(self) -> None:
        if not self._has_header:
            raise self._nameless()
        self._ended = True

    def _explained(self, fault: MultipartParseError, chunk: bytes) -> Said:
        if not self._in_head:
            return _behind_boundary(self._offset + fault.offset, chunk[fault.offset])
        # The text is not shown: if only the blank line is missing, it is a field's value or the picture.
        return _NO_HEADERS.of(part=self._parts, headers=HEADERS_LIMIT, bytes=HEADER_LIMIT_BYTES)


_MISSING = {b"\r": b"\n", b" ": b"\r\n", b"\t": b"\r\n"}
"""What completes a boundary at the body's end, by its last byte; `--` for all others."""


class _Blank:
    """A sink that accepts only whitespace and line ends."""

    def __init__(self, fault: MultipartFault) -> None:
        self._fault = fault

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Raise the fault for any other content."""
        if chunk[start:end].strip():
            raise self._fault


class _Counted:
    """A sink that counts the bytes for another sink."""

    def __init__(self, sink: PartSink | None) -> None:
        self._sink = sink
        self.size_bytes = 0

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Count the bytes and pass them on."""
        self.size_bytes += end - start
        if self._sink is not None:
            self._sink.feed(chunk, start, end)


class _Preamble:
    """Receives the text before the first part, with a line end before it that the body does not have."""

    def __init__(self) -> None:
        self._start = b""

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Store the first bytes."""
        self._start += chunk[start : min(end, start + _PREAMBLE_BYTES - len(self._start))]

    def looked_into(self, boundary: bytes) -> tuple[int, int] | None:
        """The first byte that makes a line with the boundary invalid: its position in the body, and its value."""
        at = self._start.find(b"\n" + boundary) + 1
        end = at + len(boundary)
        return (end - 2, self._start[end]) if at and end < len(self._start) else None


def _behind_boundary(place: int, came: int) -> Said:
    return _BEHIND.of(at=place, came=f"0x{came:02x}")


_PARAMETER = re.compile(
    r'"(?:[^"\\]|\\.)*+"|".*|;\s*+([^\s;="]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|".*|([^\s;"]*+))', re.DOTALL
)
"""A parameter of a header, or quoted text, which contains no parameters; an unclosed quote hides the rest."""


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, names in lower case; the first of a name wins.

    Whitespace around `=` and unquoted values are accepted; a value with an unclosed quote is not.
    """
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(value):
        name, text, bare = match.groups()
        if text is not None:
            found.setdefault(name.lower(), _ESCAPED.sub(r"\1", text))
        elif bare is not None:
            found.setdefault(name.lower(), bare)
    return found


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def _disposition(value: bytes) -> tuple[str | None, bool]:
    """The name in a Content-Disposition, and whether there is a filename."""
    found = parameters(value.decode("utf-8", "replace"))
    return found.get("name"), "filename" in found or "filename*" in found


_remembered = lru_cache(maxsize=256)(_disposition)
"""Cached for short values: a client sends the same ones every time."""
