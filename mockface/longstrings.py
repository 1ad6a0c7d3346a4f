"""JSON text that goes by in chunks, kept but for its long strings: a picture in base64 need not be held.

Chunks go in; what comes out is the same JSON with each long string shortened to a placeholder, and for each placeholder
what is known of the string. Its escapes, control characters and UTF-8 are judged as it passes; all else is left to the
JSON parser. Memory is bounded by KEPT_LIMIT_BYTES and, for each of a few long strings, by LONG_BYTES.
"""

from __future__ import annotations

import codecs
import json
import os
import re

from mockface.bodyfields import FIELD_LIMIT_BYTES
from mockface.image import BASE64_ALPHABET, PictureReader
from mockface.model import Picture

LONG_BYTES = FIELD_LIMIT_BYTES
"""A string of more raw bytes is long."""
LONG_STRINGS = 8
"""So many strings of one body may be long: there is one picture, and no other field is."""
KEPT_LIMIT_BYTES = 512 * 1024
"""The most that is kept of a body besides its long strings."""
STRINGS_LIMIT = 20_000
"""The most strings of one body; a call has some twelve."""
PLACEHOLDER = f"{os.urandom(16).hex()} "
"""What stands for a long string; no client knows it, so none can send it as a string of its own."""

_ESCAPE_BYTES = 12
"""The longest escape: a pair of surrogates."""


_UNESCAPED = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""What goes on until a quote that ends the string, or a last backslash that escapes what is still to come."""


class TooMuch(ValueError):
    """The JSON holds more than may be kept, or a long string is none; the text says which."""


class LongString:
    """A string that goes by: its text as long as it may be a field, and what it is as a picture."""

    def __init__(self) -> None:
        self._picture = PictureReader(text_only=True)
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._held = b""
        self._half = ""
        self._text = ""
        self.characters = 0

    def feed(self, raw: bytes) -> None:
        """Take raw bytes from between the quotes. Raises ValueError where they are no JSON string."""
        if not self._held and not self._half and not raw.translate(None, BASE64_ALPHABET):
            self._take(raw, raw.decode("ascii"))
            return
        raw = self._held + raw
        cut = _whole_escapes(raw)
        self._held = raw[cut:]
        self._unescape(self._utf8.decode(raw[:cut]))

    def end(self) -> None:
        """The closing quote came. Raises ValueError where the string ends within an escape or a character."""
        self._unescape(self._utf8.decode(self._held, final=True), final=True)

    def _unescape(self, text: str, *, final: bool = False) -> None:
        text = self._half + text
        self._half = ""
        if "\\" in text or not text.isprintable():
            text = json.loads(f'"{text}"')
            if not final and "\ud800" <= text[-1:] <= "\udbff":
                # Half a character by two escapes: the other half may come.
                text, self._half = text[:-1], f"\\u{ord(text[-1]):04x}"
        self._take(text.encode("utf-8", "backslashreplace"), text)

    def _take(self, content: bytes, text: str) -> None:
        self._picture.feed(content, 0, len(content))
        self.characters += len(text)
        if len(self._text) <= FIELD_LIMIT_BYTES:
            self._text += text[: FIELD_LIMIT_BYTES + 1 - len(self._text)]

    def text(self) -> str:
        """The text, or its first FIELD_LIMIT_BYTES + 1 characters."""
        return self._text

    def picture(self) -> Picture:
        """What it is as a picture."""
        picture = self._picture.picture()
        assert picture is not None
        return picture


def _whole_escapes(raw: bytes) -> int:
    """Where to cut, so that no escape is cut in two: before the last backslash that may begin one."""
    at = raw.find(b"\\", max(len(raw) - _ESCAPE_BYTES, 0))
    if at < 0:
        return len(raw)
    run = at - len(raw[:at].rstrip(b"\\"))
    return at - run % 2


class Shortened:
    """Feed it chunks, then `finish`; both raise ValueError (TooMuch, or of a bad string)."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._inside = False
        self._odd_backslashes = False
        self._start = 0
        self._strings = 0
        self._long: LongString | None = None
        self.strings: dict[str, LongString] = {}

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the text."""
        at = 0
        while at < len(chunk):
            at = self._through_string(chunk, at) if self._inside else self._to_string(chunk, at)
            if len(self._kept) > KEPT_LIMIT_BYTES:
                raise TooMuch(f"it holds more than {KEPT_LIMIT_BYTES} bytes besides its long strings")
            if self._strings > STRINGS_LIMIT:
                raise TooMuch(f"it holds more than {STRINGS_LIMIT} strings")

    def finish(self) -> bytes:
        """The JSON text with placeholders for its long strings."""
        return bytes(self._kept)

    def _to_string(self, chunk: bytes, at: int) -> int:
        quote = chunk.find(b'"', at)
        if quote < 0:
            self._kept += chunk[at:]
            return len(chunk)
        self._kept += chunk[at : quote + 1]
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
        """Where the string ends, or -1: at the first quote that no backslash escapes, be it of an earlier chunk."""
        if self._odd_backslashes:
            self._odd_backslashes = False
            at += 1
        quote = chunk.find(b'"', at)
        slash = chunk.find(b"\\", at, quote if quote >= 0 else len(chunk))
        if slash < 0:
            return quote
        unescaped = _UNESCAPED.match(chunk, slash)
        assert unescaped is not None, "it matches the empty string too"
        end = unescaped.end()
        if end < len(chunk) and chunk[end] == 0x22:
            return end
        self._odd_backslashes = end < len(chunk)
        return -1

    def _begin_long(self, piece: bytes) -> None:
        if len(self.strings) == LONG_STRINGS:
            raise TooMuch(f"it holds more than {LONG_STRINGS} strings of over {LONG_BYTES} bytes")
        self._long = LongString()
        self._long.feed(bytes(self._kept[self._start :]) + piece)
        del self._kept[self._start :]

    def _close(self) -> None:
        if self._long is not None:
            self._long.end()
            name = f"{PLACEHOLDER}{len(self.strings)}"
            self.strings[name] = self._long
            self._kept += json.dumps(name)[1:-1].encode()
        self._kept += b'"'
        self._inside, self._long = False, None
