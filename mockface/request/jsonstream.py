"""Shortens JSON text that arrives in chunks: its long strings, such as a picture in base64, are not stored.

Takes chunks; returns the same JSON with each long string replaced by a placeholder, and the properties of each such
string; of whitespace between values only the first character is kept. Escapes, control characters and UTF-8 of long
strings are checked here, the rest by the JSON parser. `place` converts its positions to those of the original text.
Memory is limited to KEPT_LIMIT_BYTES, 20 bytes for each run of whitespace within it, and LONG_BYTES for each of a few
long strings.
"""

from __future__ import annotations

import codecs
import json
import os
import re
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

from mockface.model import Picture, Video
from mockface.reasons import Reason, Said
from mockface.request.base64text import BASE64_ALPHABET
from mockface.request.limits import FIELD_LIMIT_BYTES
from mockface.request.picture import PictureReader

if TYPE_CHECKING:
    from mockface.request.video import VideoReader

LONG_BYTES = FIELD_LIMIT_BYTES
"""A string with more raw bytes than this is long."""
LONG_STRINGS = 8
"""The most long strings in one body: only the picture needs to be long."""
KEPT_LIMIT_BYTES = 512 * 1024
"""The most that is stored of a body, besides its long strings and whitespace."""
STRINGS_LIMIT = 20_000
"""The most strings in one body; a call has about twelve."""
PLACEHOLDER = f"{os.urandom(16).hex()} "
"""The placeholder of a long string; it is random, so no client can send it."""

_ESCAPE_BYTES = 12
"""The longest escape: a pair of surrogates."""
_IN_LONG = Reason("{fault}, in a string of over {limit} bytes", "{fault}，在一个超过 {limit} 字节的字符串中")
_NOT_UTF8 = Reason("{found} is not UTF-8", "{found} 不是 UTF-8")
_MUCH_TEXT = Reason(
    "it has more than {limit} bytes besides its long strings and whitespace", "除长字符串和空白外超过 {limit} 字节"
)
_MANY_STRINGS = Reason("it has more than {limit} strings", "有超过 {limit} 个字符串")
_MANY_LONG = Reason(
    "it has more than {limit} strings of over {size} bytes", "有超过 {limit} 个大于 {size} 字节的字符串"
)
_BLANK = b" \t\n\r"
_BLANKS = re.compile(rb"[ \t\n\r]{2,}")
"""JSON whitespace."""

_UNESCAPED = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""The text before a quote that ends the string, or before a last backslash whose character is still to come."""


class BadJson(ValueError):
    """The text is not JSON; `why` gives the reason."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why


class TooMuch(BadJson):
    """The JSON exceeds a limit; `why` says which."""


_PARSER_SAYS = {
    "Expecting value": "此处应有值",
    "Expecting property name enclosed in double quotes": "此处应为双引号括起来的属性名",
    "Expecting ':' delimiter": "此处应有冒号",
    "Expecting ',' delimiter": "此处应有逗号",
    "Illegal trailing comma before end of object": "对象末尾有多余的逗号",
    "Illegal trailing comma before end of array": "数组末尾有多余的逗号",
    "Unterminated string starting": "字符串没有结束，起点",
    "Invalid control character": "字符串中有未转义的控制字符",
    "Invalid \\escape": "无效的 \\ 转义",
    "Invalid \\uXXXX escape": "无效的 \\uXXXX 转义",
    "Extra data": "JSON 结束后还有内容",
}
_WITH_VALUE = re.compile(r"(Invalid control character|Invalid \\escape)(:? )(.*)", re.DOTALL)
"""Messages of Python's pure parser, which quote the invalid text."""


def parser_says(fault: json.JSONDecodeError) -> str:
    """The message of Python's JSON parser without its position, with its Chinese."""
    message = fault.msg.removesuffix(" at")
    known = _WITH_VALUE.fullmatch(message)
    if known is None:
        return Reason(message.replace("{", "{{"), _PARSER_SAYS[message]).of() if message in _PARSER_SAYS else message
    return Reason(f"{known[1]}{known[2]}{{value}}", f"{_PARSER_SAYS[known[1]]} {{value}}").of(value=known[3])


def video_reader() -> VideoReader:
    """A reader of a video in base64."""
    # Few calls have a video: a start needs no reader of one.
    from mockface.request.video import VideoReader

    return VideoReader(text_only=True)


class LongString:
    """A long string read in chunks: its text up to the limit of a field, and its properties as a picture.

    With `videos` it is read as a video too: which of the two a string is, its field says when all of it has come.
    """

    def __init__(self, *, videos: bool = False) -> None:
        self._picture = PictureReader(text_only=True)
        self._video = video_reader() if videos else None
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._held = b""
        self._half = ""
        self._text = ""
        self.size_bytes = 0
        self.characters = 0

    def feed(self, raw: bytes) -> None:
        """Read raw bytes from between the quotes. Raises ValueError if they are not a JSON string."""
        self.size_bytes += len(raw)
        if not self._held and not self._half and not raw.translate(None, BASE64_ALPHABET):
            self.characters += len(raw)
            self._take(raw, raw.decode("ascii"))
            return
        raw = self._held + raw
        cut = _whole_escapes(raw)
        self._held = raw[cut:]
        self._unescape(raw[:cut])

    def end(self) -> None:
        """End at the closing quote. Raises ValueError if the string ends within an escape or a character."""
        self._unescape(self._held, final=True)

    def _unescape(self, raw: bytes, *, final: bool = False) -> None:
        try:
            text = self._utf8.decode(raw, final=final)
        except UnicodeDecodeError as fault:
            why = _NOT_UTF8.of(found=f"0x{fault.object[fault.start]:02x}")
            raise BadJson(_IN_LONG.of(fault=why, limit=LONG_BYTES)) from fault
        self.characters += len(text)
        text = self._half + text
        self._half = ""
        if "\\" in text or not text.isprintable():
            try:
                text = json.loads(f'"{text}"')
            except json.JSONDecodeError as fault:
                raise BadJson(_IN_LONG.of(fault=parser_says(fault), limit=LONG_BYTES)) from fault
            if not final and "\ud800" <= text[-1:] <= "\udbff":
                # A surrogate pair is two escapes: the second may follow.
                text, self._half = text[:-1], f"\\u{ord(text[-1]):04x}"
        self._take(text.encode("utf-8", "backslashreplace"), text)

    def _take(self, content: bytes, text: str) -> None:
        self._picture.feed(content, 0, len(content))
        if self._video is not None:
            self._video.feed(content, 0, len(content))
        if len(self._text) <= FIELD_LIMIT_BYTES:
            self._text += text[: FIELD_LIMIT_BYTES + 1 - len(self._text)]

    def text(self) -> str:
        """The text, or its first FIELD_LIMIT_BYTES + 1 characters."""
        return self._text

    def picture(self) -> Picture | None:
        """The string read as a picture; None for a data URL without data."""
        return self._picture.picture()

    def video(self) -> Video:
        """The string read as a video, which it was where the body has videos. To be asked for once."""
        video = None if self._video is None else self._video.video()
        assert video is not None
        return video


def _whole_escapes(raw: bytes) -> int:
    """Where to cut without splitting an escape: before the last backslash that may begin one."""
    at = raw.find(b"\\", max(len(raw) - _ESCAPE_BYTES, 0))
    if at < 0:
        return len(raw)
    run = at - len(raw[:at].rstrip(b"\\"))
    return at - run % 2


class Shortened:
    """Call `feed` with chunks, then `finish`; both raise ValueError (TooMuch, or of an invalid string).

    `videos` says that a long string may be a video.
    """

    def __init__(self, *, videos: bool = False) -> None:
        self._videos = videos
        self._kept = bytearray()
        self._inside = False
        self._odd_backslashes = False
        self._start = 0
        self._strings = 0
        self._long: LongString | None = None
        # The places where text was left out: after which stored byte, and how many bytes and characters.
        self._left_at, self._left_bytes, self._left_characters = array("I"), array("q"), array("q")
        self.strings: dict[str, LongString] = {}

    def feed(self, chunk: bytes) -> None:
        """Process the next bytes of the text."""
        at = 0
        while at < len(chunk):
            at = self._through_string(chunk, at) if self._inside else self._to_string(chunk, at)
            if len(self._kept) > KEPT_LIMIT_BYTES:
                raise TooMuch(_MUCH_TEXT.of(limit=KEPT_LIMIT_BYTES))
            if self._strings > STRINGS_LIMIT:
                raise TooMuch(_MANY_STRINGS.of(limit=STRINGS_LIMIT))

    def finish(self) -> bytes:
        """The JSON text with placeholders for its long strings."""
        return bytes(self._kept)

    def place(self, kept: int, *, characters: bool = True) -> int:
        """The position in the original text of a position in the shortened one, both in characters or both in bytes."""
        at = len(self._kept.decode("utf-8", "replace")[:kept].encode()) if characters else kept
        left_out = self._left_characters if characters else self._left_bytes
        return kept + sum(left_out[: bisect_right(self._left_at, at)])

    def _leave_out(self, size_bytes: int, characters: int) -> None:
        if self._left_at and self._left_at[-1] == len(self._kept):
            # A run of whitespace that arrives in pieces has one position.
            self._left_bytes[-1] += size_bytes
            self._left_characters[-1] += characters
            return
        self._left_at.append(len(self._kept))
        self._left_bytes.append(size_bytes)
        self._left_characters.append(characters)

    def _keep(self, text: bytes) -> None:
        """Store text between strings, with one character of each run of whitespace, so that tokens stay separate."""
        at = 0
        if self._kept[-1:].strip(_BLANK) == b"" and self._kept:
            at = len(text) - len(text.lstrip(_BLANK))
            if at:
                self._leave_out(at, at)
        for blanks in _BLANKS.finditer(text, at):
            self._kept += text[at : blanks.start() + 1]
            self._leave_out(blanks.end() - blanks.start() - 1, blanks.end() - blanks.start() - 1)
            at = blanks.end()
        self._kept += text[at:]

    def _to_string(self, chunk: bytes, at: int) -> int:
        quote = chunk.find(b'"', at)
        if quote < 0:
            self._keep(chunk[at:])
            return len(chunk)
        self._keep(chunk[at : quote + 1])
        self._inside, self._odd_backslashes, self._start = True, False, len(self._kept)
        return quote + 1

    def _through_string(self, chunk: bytes, at: int) -> int:
        self._strings += 1
        end = self._closing_quote(chunk, at)
        piece = chunk[at:] if end < 0 else chunk[at:end]
        if self._long is not None:
            self._long.feed(piece)
        elif len(self._kept) - self._start + len(piece) > LONG_BYTES:
            self._begin_long(piece)
        else:
            self._kept += piece
        if end < 0:
            return len(chunk)
        self._close()
        return end + 1

    def _closing_quote(self, chunk: bytes, at: int) -> int:
        """Where the string ends, or -1: at the first quote without a backslash, which may be in an earlier chunk."""
        if self._odd_backslashes:
            self._odd_backslashes = False
            at += 1
        quote = chunk.find(b'"', at)
        slash = chunk.find(b"\\", at, quote if quote >= 0 else len(chunk))
        if slash < 0:
            return quote
        unescaped = _UNESCAPED.match(chunk, slash)
        assert unescaped is not None, "the pattern matches the empty string too"
        end = unescaped.end()
        if end < len(chunk) and chunk[end] == 0x22:
            return end
        self._odd_backslashes = end < len(chunk)
        return -1

    def _begin_long(self, piece: bytes) -> None:
        if len(self.strings) == LONG_STRINGS:
            raise TooMuch(_MANY_LONG.of(limit=LONG_STRINGS, size=LONG_BYTES))
        self._long = LongString(videos=self._videos)
        self._long.feed(bytes(self._kept[self._start :]) + piece)
        del self._kept[self._start :]

    def _close(self) -> None:
        if self._long is not None:
            self._long.end()
            name = f"{PLACEHOLDER}{len(self.strings)}"
            self.strings[name] = self._long
            self._kept += name.encode()
            self._leave_out(self._long.size_bytes - len(name), self._long.characters - len(name))
        self._kept += b'"'
        self._inside, self._long = False, None
