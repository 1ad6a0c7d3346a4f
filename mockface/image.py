"""Which picture this is, from its first bytes, and in which form it came. Its bytes are looked at and let go.

A picture comes as raw bytes, as base64 text (the page's table) or as a data URL. Chunks go in, a Picture comes out;
memory is a few hundred bytes whatever the size.
"""

from __future__ import annotations

import base64
import re

from mockface.model import Picture

ACCEPTED_FORMATS = ("JPEG", "PNG", "BMP", "WEBP")

_HEAD_BYTES = 256
BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(set(range(256)) - set(BASE64_ALPHABET))
_SPACE = b" \t\r\n"
_START_CHARACTERS = 64
"""How much of a base64 text is decoded: 48 bytes tell the format."""
_DATA_URL = re.compile(rb"data:[\w.+-]*/?[\w.+-]*(?:;[\w.+=-]+)*;base64,", re.IGNORECASE)


def sniff(head: bytes) -> str | None:
    """The format that these first bytes (12 are enough) announce, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"BM"):
        return "BMP"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    return None


_OTHERS = (
    (0, b"%PDF", "a PDF"), (4, b"ftyp", "a HEIC, AVIF or MP4"), (0, b"II*\0", "a TIFF"), (0, b"MM\0*", "a TIFF"),
    (0, b"PK", "a ZIP"), (0, b"\x1f\x8b", "gzip"), (0, b"<", "XML or HTML"), (0, b"{", "JSON"),
    (0, b"\0\0\1\0", "an icon"), (0, b"data:", "a data URL that is not one of base64"),
)  # fmt: skip


def likeness(head: bytes) -> str:
    """What else these first bytes look like, in words: none of a picture's bytes is shown to anybody."""
    for at, mark, name in _OTHERS:
        if head.startswith(mark, at):
            return f"looks like {name}"
    if head.isascii() and head.translate(None, _SPACE).decode().isprintable():
        return "looks like text"
    return "is in an unknown format"


class PictureReader:
    """Takes a picture in chunks; `picture()` says what it was. `text_only` is for JSON, where raw bytes cannot be."""

    __slots__ = ("_base64", "_decided", "_form", "_head", "_size_bytes", "_text_only")

    def __init__(self, *, text_only: bool = False) -> None:
        self._text_only = text_only
        self._head = b""
        self._size_bytes = 0
        self._form = "raw"
        self._decided = False
        self._base64: _Base64Check | None = None

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Take `chunk[start:end]`."""
        self._size_bytes += end - start
        if self._decided:
            if self._base64 is not None:
                self._base64.feed(chunk[start:end])
            return
        taken = min(end, start + _HEAD_BYTES - len(self._head))
        self._head += chunk[start:taken]
        if len(self._head) >= _HEAD_BYTES:
            self._decide()
            if taken < end and self._base64 is not None:
                self._base64.feed(chunk[taken:end])

    def picture(self) -> Picture | None:
        """The Picture, or None if nothing came."""
        if not self._size_bytes:
            return None
        if not self._decided:
            self._decide()
        if self._base64 is None:
            return Picture(self._form, sniff(self._head), self._size_bytes, self._head[:32])
        decoded = self._base64.first_bytes()
        return Picture(self._form, sniff(decoded), self._size_bytes, decoded[:32], self._base64.fault())

    def _decide(self) -> None:
        """Raw, base64 or data URL? Settled by the first bytes, then never again."""
        self._decided = True
        prefix = _DATA_URL.match(self._head)
        if prefix:
            self._form, text = "data-url", self._head[prefix.end() :]
        elif self._text_only or (
            sniff(self._head) is None and not self._head.translate(None, BASE64_ALPHABET + _SPACE + b"=")
        ):
            self._form, text = "base64", self._head
        else:
            return
        self._base64 = _Base64Check()
        self._base64.feed(text)


class _Base64Check:
    """Whether a text that goes by in chunks is base64, without decoding or keeping it."""

    __slots__ = ("_characters", "_fault", "_padding", "_start")

    def __init__(self) -> None:
        self._start = b""
        self._characters = 0
        self._padding = 0
        self._fault: str | None = None

    def feed(self, chunk: bytes) -> None:
        if self._padding:
            self._take_padding(chunk)
            return
        at = chunk.find(b"=")
        if at < 0:
            self._take(chunk)
        else:
            self._take(chunk[:at])
            self._take_padding(chunk[at:])

    def _take_padding(self, chunk: bytes) -> None:
        self._padding += chunk.count(b"=")
        if self._fault is None and chunk.translate(None, b"=" + _SPACE):
            self._fault = "there is text after its '=' padding"

    def _take(self, data: bytes) -> None:
        foreign = data.translate(None, BASE64_ALPHABET)
        if foreign:
            alien = foreign.translate(None, _SPACE)
            if alien and self._fault is None:
                self._fault = f"it holds {ascii(chr(alien[0]))}, which standard base64 does not"
        if len(self._start) < _START_CHARACTERS:
            self._start += data.translate(None, _FOREIGN)[: _START_CHARACTERS - len(self._start)]
        self._characters += len(data) - len(foreign)

    def first_bytes(self) -> bytes:
        """What the first characters decode to."""
        return base64.b64decode(self._start[: len(self._start) // 4 * 4])

    def fault(self) -> str | None:
        """What is wrong with it as base64, or None. Missing padding is let pass."""
        if self._fault is None and (self._characters % 4 == 1 or self._padding > 2):
            return f"{self._characters} characters with {self._padding} '=' cannot be whole base64"
        return self._fault
