"""Detects the format of a picture from its first bytes, and the form in which it was sent.

A picture is sent as raw bytes, as base64 text (the page's table) or as a data URL. Takes chunks, returns a Picture;
memory is about 1 KiB for any size. Common encoding mistakes are named: for a refused picture in its fault or likeness,
for an accepted one in its notes.
"""

from __future__ import annotations

import base64

from mockface.model import Picture
from mockface.reasons import Reason, Said, words
from mockface.request.base64text import HEAD_BYTES, SPACE, Base64Check, form_of

ACCEPTED_FORMATS = ("JPEG", "PNG", "BMP", "WEBP")
_NOT_BASE64_URL = words("a data URL without ;base64", "没有 ;base64 的 data URL")
_BEGINNINGS = (b"/9j/", b"iVBORw0KG", b"UklGR", b"R0lGOD")
"""How base64 of a JPEG, PNG, WEBP and GIF begins."""
_REPLACED = "\ufffd".encode()
"""The replacement for a byte that is not UTF-8."""
_REPLACED_BY_CHANCE = 3
"""The first bytes of a picture do not contain it this often by chance."""


def sniff(head: bytes) -> str | None:
    """The image format that these first bytes (12 are enough) identify, or None."""
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


_LIKE_URL = words("a URL, which belongs in the field url", "URL，应放在 url 字段")
_TIFF = words("a TIFF", "TIFF")
_TWICE = Reason("a {format} encoded in base64 twice", "做了两次 base64 的 {format}")
_IN_HEX = Reason("a {format} in hexadecimal", "十六进制的 {format}")
_UTF8_AGAIN = Reason("a {format} encoded as UTF-8 again", "又做了一次 UTF-8 编码的 {format}")
_OTHERS = (
    (0, b"%PDF", words("a PDF", "PDF")), (4, b"ftyp", words("a HEIC, AVIF or MP4", "HEIC、AVIF 或 MP4")),
    (0, b"II*\0", _TIFF), (0, b"MM\0*", _TIFF), (0, b"PK", words("a ZIP", "ZIP")),
    (0, b"\x1f\x8b", words("gzip", "gzip")), (0, b"<", words("XML or HTML", "XML 或 HTML")),
    (0, b"{", words("JSON", "JSON")),
    (0, b"\0\0\1\0", words("an icon", "图标")), (0, b"data:", _NOT_BASE64_URL),
    (0, b"b'", words("Python's str() of bytes", "Python 的 bytes 经 str() 得到的文本")),
    (0, b"http:", _LIKE_URL), (0, b"https:", _LIKE_URL),
    (0, _REPLACED, words(
        "a picture whose bytes were read as text (EF BF BD replaces bytes that are not UTF-8)",
        "字节被当作文本读取的图片，不是 UTF-8 的字节变成了 EF BF BD",
    )),
    (0, "\xff\xd8\xff".encode(), _UTF8_AGAIN.of(format="JPEG")), (0, "\x89PNG".encode(), _UTF8_AGAIN.of(format="PNG")),
    (0, b"\x89PNG", words("a PNG whose line ends were converted", "换行符被转换过的 PNG")),
    (0, b"\xef\xbb\xbf", words("text with a byte order mark", "带字节顺序标记的文本")),
    (0, b"/9j/", _TWICE.of(format="JPEG")), (0, b"iVBORw0KG", _TWICE.of(format="PNG")),
    (0, b"UklGR", _TWICE.of(format="WEBP")), (0, b"R0lGOD", _TWICE.of(format="GIF")),
    *((0, base64.b64decode(text)[:4], _IN_HEX.of(format="JPEG")) for text in (b"ffd8ffe0", b"FFD8FFE0")),
    *((0, base64.b64decode(text), _IN_HEX.of(format="PNG")) for text in (b"89504e47", b"89504E47")),
)  # fmt: skip
_LIKE = Reason("looks like {name}", "看，像是 {name}")
_LIKE_TEXT = words("looks like text", "看，像是文本")
_UNKNOWN = words("is in an unknown format", "看，格式未知")


def likeness(head: bytes) -> Said:
    """What these first bytes look like instead, in words: picture bytes are never shown."""
    for at, mark, name in _OTHERS:
        if head.startswith(mark, at):
            return _LIKE.of(name=name)
    if head.isascii() and head.translate(None, SPACE).decode().isprintable():
        return _LIKE_TEXT
    return _UNKNOWN


_READ_AS_TEXT = words(
    "its bytes were read as text on the way: EF BF BD replaces bytes that are not UTF-8",
    "图片字节在途中被当作文本读取：不是 UTF-8 的字节变成了 EF BF BD",
)


class PictureReader:
    """Reads a picture in chunks; `picture()` describes it. `text_only` is for JSON, which cannot contain raw bytes."""

    __slots__ = ("_base64", "_decided", "_form", "_head", "_size_bytes", "_text_only")

    def __init__(self, *, text_only: bool = False) -> None:
        self._text_only = text_only
        self._head = b""
        self._size_bytes = 0
        self._form = "raw"
        self._decided = False
        self._base64: Base64Check | None = None

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Take `chunk[start:end]`."""
        self._size_bytes += end - start
        if self._decided:
            if self._base64 is not None:
                self._base64.feed(chunk[start:end])
            return
        taken = min(end, start + HEAD_BYTES - len(self._head))
        self._head += chunk[start:taken]
        if len(self._head) >= HEAD_BYTES:
            self._decide()
            if taken < end and self._base64 is not None:
                self._base64.feed(chunk[taken:end])

    def picture(self) -> Picture | None:
        """The Picture, or None without content: a browser's data URL of an empty file has none behind its comma."""
        if not self._size_bytes:
            return None
        if not self._decided:
            self._decide()
        if self._base64 is None:
            return Picture(self._form, sniff(self._head), self._size_bytes, self._head[:32], None, self._raw_notes())
        if self._form == "data-url" and self._base64.is_empty():
            return None
        decoded, fault = self._base64.first_bytes(), self._base64.fault()
        notes = () if fault else self._base64.notes()
        return Picture(self._form, sniff(decoded), self._size_bytes, decoded[:32], fault, notes)

    def _raw_notes(self) -> tuple[Said, ...]:
        if self._head.count(_REPLACED) < _REPLACED_BY_CHANCE:
            return ()
        return (_READ_AS_TEXT,)

    def _decide(self) -> None:
        """Decide once, from the first bytes, whether it is raw, base64 or a data URL."""
        self._decided = True
        begins_text = self._text_only or self._head.startswith(_BEGINNINGS)
        self._form, text, self._base64 = form_of(self._head, text=begins_text, raw=sniff(self._head) is not None)
        if self._base64 is not None:
            self._base64.feed(text)
