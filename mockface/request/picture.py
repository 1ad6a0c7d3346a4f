"""Which picture this is, from its first bytes, and in which form it came. Its bytes are looked at and let go.

A picture comes as raw bytes, as base64 text (the page's table) or as a data URL. Chunks go in, a Picture comes out;
memory is some 1 KiB whatever the size. Usual mistakes of encoding are named: for what is refused in its fault or its
likeness, for what is taken in its notes.
"""

from __future__ import annotations

import base64
import re

from mockface.model import Picture

ACCEPTED_FORMATS = ("JPEG", "PNG", "BMP", "WEBP")

_HEAD_BYTES = 1024
"""So many first bytes are kept: they tell the form, and hold the prefix of a data URL with its parameters."""
BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(set(range(256)) - set(BASE64_ALPHABET))
_SPACE = b" \t\r\n"
_START_CHARACTERS = 64
"""How much of a base64 text is decoded: 48 bytes tell the format."""
_DATA_URL = re.compile(rb'\s*data:(?:[^,"]|"(?:[^"\\]|\\.)*+")*;\s*base64\s*,', re.IGNORECASE | re.DOTALL)
"""Any media type and parameters (RFC 2397); a comma may stand within quotes."""
_NOT_BASE64_URL = "a data URL that does not say ;base64"
_BEGINNINGS = (b"/9j/", b"iVBORw0KG", b"UklGR", b"R0lGOD")
"""How base64 of a JPEG, PNG, WEBP and GIF begins."""
_NEAR_BASE64 = b"-_%"
"""Characters that base64 has when it came by way of URLs."""
_HABITS = {
    "-": "URL-safe base64 does", "_": "URL-safe base64 does", "%": "percent-encoding does",
    "\\": "an escape that was escaped again does", "'": "Python's str() of bytes does",
    '"': "a string with its quotes does", ":": "a URL or a path does", ".": "a file name does",
}  # fmt: skip
"""What a character that base64 has not is usually from."""
_REPLACED = "\ufffd".encode()
"""What stands in a text for a byte that is not UTF-8."""
_REPLACED_BY_CHANCE = 3
"""So often the first bytes of a picture do not hold it by chance."""


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
    (0, b"\0\0\1\0", "an icon"), (0, b"data:", _NOT_BASE64_URL), (0, b"b'", "Python's str() of bytes"),
    (0, b"http:", "a URL, which the field url is for"), (0, b"https:", "a URL, which the field url is for"),
    (0, _REPLACED, "a picture whose bytes were read as text, so that EF BF BD stands for those that are not UTF-8"),
    (0, "\xff\xd8\xff".encode(), "a JPEG encoded as UTF-8 once more"),
    (0, "\x89PNG".encode(), "a PNG encoded as UTF-8 once more"),
    (0, b"\x89PNG", "a PNG whose line ends were converted"), (0, b"\xef\xbb\xbf", "text behind a byte order mark"),
    (0, b"/9j/", "a JPEG in base64 twice"), (0, b"iVBORw0KG", "a PNG in base64 twice"),
    (0, b"UklGR", "a WEBP in base64 twice"), (0, b"R0lGOD", "a GIF in base64 twice"),
    *((0, base64.b64decode(text)[:4], "a JPEG in hexadecimal") for text in (b"ffd8ffe0", b"FFD8FFE0")),
    *((0, base64.b64decode(text), "a PNG in hexadecimal") for text in (b"89504e47", b"89504E47")),
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
            return Picture(self._form, sniff(self._head), self._size_bytes, self._head[:32], None, self._raw_notes())
        decoded, fault = self._base64.first_bytes(), self._base64.fault()
        notes = () if fault else self._base64.notes()
        return Picture(self._form, sniff(decoded), self._size_bytes, decoded[:32], fault, notes)

    def _raw_notes(self) -> tuple[str, ...]:
        if self._head.count(_REPLACED) < _REPLACED_BY_CHANCE:
            return ()
        return ("its bytes were read as text on their way: EF BF BD stands for those that are not UTF-8",)

    def _decide(self) -> None:
        """Raw, base64 or data URL? Settled by the first bytes, then never again."""
        self._decided = True
        prefix = _DATA_URL.match(self._head)
        if prefix:
            self._form, text = "data-url", self._head[prefix.end() :]
        elif (
            self._text_only
            or self._head.startswith(_BEGINNINGS)
            or (
                sniff(self._head) is None
                and not self._head.translate(None, BASE64_ALPHABET + _SPACE + b"=" + _NEAR_BASE64)
            )
        ):
            self._form, text = "base64", self._head
        else:
            return
        begins_url = not prefix and self._head.lstrip()[:5].lower() == b"data:"
        self._base64 = _Base64Check(f"it is {_NOT_BASE64_URL} in its first {_HEAD_BYTES} bytes" if begins_url else None)
        self._base64.feed(text)


class _Base64Check:
    """Whether a text that goes by in chunks is base64, without decoding or keeping it."""

    __slots__ = ("_blanks", "_characters", "_fault", "_padding", "_plus", "_start")

    def __init__(self, fault: str | None = None) -> None:
        self._start = b""
        self._characters = 0
        self._padding = 0
        self._blanks = 0
        self._plus = False
        self._fault = fault

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
            self._blanks += foreign.count(b" ")
            if alien and self._fault is None:
                self._fault = _said_of(chr(alien[0]))
        if len(self._start) < _START_CHARACTERS:
            self._start += data.translate(None, _FOREIGN)[: _START_CHARACTERS - len(self._start)]
        self._characters += len(data) - len(foreign)
        self._plus = self._plus or b"+" in data

    def first_bytes(self) -> bytes:
        """What the first characters decode to."""
        return base64.b64decode(self._start[: len(self._start) // 4 * 4])

    def fault(self) -> str | None:
        """What is wrong with it as base64, or None. Missing padding is let pass."""
        if self._fault is None and (self._characters % 4 == 1 or self._padding > 2):
            came = f"{self._characters} characters with {self._padding} '=' cannot be whole base64"
            return "; ".join((came, *self._blank_notes()))
        return self._fault

    def notes(self) -> tuple[str, ...]:
        """What is odd about it as base64, though it is let pass."""
        missing = (self._characters + self._padding) % 4
        return (*self._blank_notes(), *(["its = padding is missing"] if missing else []))

    def _blank_notes(self) -> tuple[str, ...]:
        if self._plus or not self._blanks:
            return ()
        return (f"it holds {self._blanks} blanks and no '+': decoding of a form makes a blank of '+', send it as %2B",)


def _said_of(character: str) -> str:
    habit = f" ({_HABITS[character]})" if character in _HABITS else ""
    return f"it holds {ascii(character)}, which standard base64 does not{habit}"
