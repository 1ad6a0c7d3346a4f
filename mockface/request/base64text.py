"""Tells in which form a file was sent, raw, as base64 or as a data URL, and checks base64 text in chunks.

Takes the first bytes, then the text; memory is 64 characters for any size. Common encoding mistakes are named. Knows
nothing of what the text contains.
"""

from __future__ import annotations

import base64
import re

from mockface.reasons import Reason, Said, joined, words

HEAD_BYTES = 1024
"""How many first bytes are stored: enough for the form, and for the prefix of a data URL with its parameters."""
BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS = bytes(set(range(256)) - set(BASE64_ALPHABET))
SPACE = b" \t\r\n"
_START_CHARACTERS = 64
"""How many base64 characters are decoded: the 48 bytes show the format."""
_DATA_URL = re.compile(rb'\s*data:(?:[^,"]|"(?:[^"\\]|\\.)*+")*;\s*base64\s*,', re.IGNORECASE | re.DOTALL)
"""Any media type and parameters (RFC 2397); a comma may be inside quotes."""
_UNSAID = Reason(
    "it is a data URL without ;base64 in its first {limit} bytes",
    "是 data URL，但前 {limit} 字节中没有 ;base64",
)
_NEAR_BASE64 = b"-_%"
"""Characters of base64 that was encoded for URLs."""
_HABITS = {
    "-": words("used by URL-safe base64", "URL 安全的 base64 才有"),
    "_": words("used by URL-safe base64", "URL 安全的 base64 才有"),
    "%": words("used by percent-encoding", "百分号编码才有"),
    "\\": words("from an escape that was escaped again", "转义符被再次转义"),
    "'": words("from Python's str() of bytes", "对 Python 的 bytes 用了 str()"),
    '"': words("from a string sent with its quotes", "字符串连同引号"),
    ":": words("from a URL or a path", "URL 或文件路径"),
    ".": words("from a file name", "文件名"),
}
"""The usual origin of a character that base64 does not have."""

_BEHIND_PADDING = words("there is text after its '=' padding", "填充字符“=”之后还有文本")
_NOT_WHOLE = Reason(
    "{count} characters with {padding} '=' are not complete base64", "{count} 个字符加 {padding} 个“=”不是完整的 base64"
)
_NO_PADDING = words("its = padding is missing", "缺少末尾的 = 填充")
_BLANKS = Reason(
    "it has {count} spaces and no '+': form decoding turns '+' into a space, so send it as %2B",
    "含有 {count} 个空格而没有“+”：表单解码会把“+”变成空格，应以 %2B 发送",
)
_FOREIGN_OF = Reason(
    "it has {found}, which is not in standard base64 ({habit})", "含有 {found}，标准 base64 中没有这个字符（{habit}）"
)
_FOREIGN_ONE = Reason("it has {found}, which is not in standard base64", "含有 {found}，标准 base64 中没有这个字符")


def form_of(head: bytes, *, text: bool, raw: bool) -> tuple[str, bytes, Base64Check | None]:
    """The form of a file from its first HEAD_BYTES, or all of them: "raw", "base64" or "data-url".

    With the form come the text in `head`, without the prefix of a data URL, and the check that it is to be fed to;
    None for raw bytes. `text` says that it must be base64, `raw` that the first bytes are those of a known format.
    """
    if raw and not text:
        return "raw", head, None
    prefix = _DATA_URL.match(head)
    if prefix:
        return "data-url", head[prefix.end() :], Base64Check()
    if text or not head.translate(None, BASE64_ALPHABET + SPACE + b"=" + _NEAR_BASE64):
        begins_url = head.lstrip()[:5].lower() == b"data:"
        return "base64", head, Base64Check(_UNSAID.of(limit=HEAD_BYTES) if begins_url else None)
    return "raw", head, None


class Base64Check:
    """Checks whether a text in chunks is base64, without decoding or storing it."""

    __slots__ = ("_blanks", "_characters", "_fault", "_padding", "_plus", "_start")

    def __init__(self, fault: Said | None = None) -> None:
        self._start = b""
        self._characters = 0
        self._padding = 0
        self._blanks = 0
        self._plus = False
        self._fault = fault

    def feed(self, chunk: bytes) -> None:
        """Take the next characters, without the prefix of a data URL."""
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
        if self._fault is None and chunk.translate(None, b"=" + SPACE):
            self._fault = _BEHIND_PADDING

    def _take(self, data: bytes) -> None:
        foreign = data.translate(None, BASE64_ALPHABET)
        if foreign:
            alien = foreign.translate(None, SPACE)
            self._blanks += foreign.count(b" ")
            if alien and self._fault is None:
                self._fault = _said_of(chr(alien[0]))
        if len(self._start) < _START_CHARACTERS:
            self._start += data.translate(None, _OTHERS)[: _START_CHARACTERS - len(self._start)]
        self._characters += len(data) - len(foreign)
        self._plus = self._plus or b"+" in data

    def is_empty(self) -> bool:
        """Whether nothing but blanks came."""
        return not self._characters and not self._padding and self._fault is None

    def first_bytes(self) -> bytes:
        """The decoded first characters."""
        return base64.b64decode(self._start[: len(self._start) // 4 * 4])

    def fault(self) -> Said | None:
        """What is wrong with it as base64, or None. Missing padding is accepted."""
        if self._fault is None and (self._characters % 4 == 1 or self._padding > 2):
            came = _NOT_WHOLE.of(count=self._characters, padding=self._padding)
            return joined((came, *self._blank_notes()), "; ", "；")
        return self._fault

    def notes(self) -> tuple[Said, ...]:
        """What is unusual about it as base64, though it is accepted."""
        missing = (self._characters + self._padding) % 4
        return (*self._blank_notes(), *([_NO_PADDING] if missing else []))

    def _blank_notes(self) -> tuple[Said, ...]:
        if self._plus or not self._blanks:
            return ()
        return (_BLANKS.of(count=self._blanks),)


def _said_of(character: str) -> Said:
    if character in _HABITS:
        return _FOREIGN_OF.of(found=ascii(character), habit=_HABITS[character])
    return _FOREIGN_ONE.of(found=ascii(character))
