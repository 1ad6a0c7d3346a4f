"""Reads a video in chunks, in the forms in which it comes: raw bytes, base64 text, a data URL.

Takes chunks, returns a Video. Memory is about 20 KiB for a video of any size: its pictures and sounds are skipped.
Libraries that parse containers (pymp4, pymp4parse, hachoir, mutagen, enzyme, tinytag; pymediainfo and av bring native
code) want a file that they can seek in or all of it at once; none reads a stream within bounds.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable

from mockface.model import Video
from mockface.request.base64text import BASE64_ALPHABET, Base64Check, form_of
from mockface.request.base64text import HEAD_BYTES as FORM_BYTES
from mockface.request.picture import sniff
from mockface.request.video import avi, flv, mp4
from mockface.request.video.containers import HEAD_BYTES, begins_as_base64, container_of
from mockface.request.video.walking import Found, Parser, Walk

_PARSERS: dict[str | None, Callable[[Found], Parser]] = {
    "MP4": mp4.read, "MOV": mp4.read, "3GP": mp4.read, "FLV": flv.read, "AVI": avi.read,
}  # fmt: skip
_NO_BASE64 = bytes(set(range(256)) - set(BASE64_ALPHABET))
_SHOWN_BYTES = 32


class VideoReader:
    """Reads a video in chunks; `video()` describes it. `text_only` is for JSON, which cannot contain raw bytes."""

    __slots__ = ("_base64", "_content", "_decided", "_form", "_head", "_size_bytes", "_text_only")

    def __init__(self, *, text_only: bool = False) -> None:
        self._text_only = text_only
        self._head = b""
        self._size_bytes = 0
        self._form = "raw"
        self._decided = False
        self._base64: Base64Check | None = None
        self._content: _Raw | _Decoded = _Raw()

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Take `chunk[start:end]`."""
        self._size_bytes += end - start
        if not self._decided:
            taken = min(end, start + FORM_BYTES - len(self._head))
            self._head += chunk[start:taken]
            if len(self._head) < FORM_BYTES:
                return
            self._decide()
            start = taken
        if start < end:
            self._take(chunk, start, end)

    def video(self) -> Video | None:
        """The Video, or None without content. Nothing may be fed after it was asked for."""
        if not self._size_bytes:
            return None
        if not self._decided:
            self._decide()
        head, container, walk = self._content.end()
        fault = None if self._base64 is None else self._base64.fault()
        if walk is None:
            return Video(self._form, container, self._size_bytes, head[:_SHOWN_BYTES], fault=fault)
        found, truncated = walk.found, walk.truncated()
        # A track that was not found may be in what is missing.
        has_video, has_audio = (has or None if truncated else has for has in (found.has_video, found.has_audio))
        return Video(
            self._form, container, self._size_bytes, head[:_SHOWN_BYTES], has_video, has_audio, found.width,
            found.height, found.rotated, found.duration_s, truncated, found.codec, fault,
        )  # fmt: skip

    def _decide(self) -> None:
        """Decide once, from the first bytes, whether it is raw, base64 or a data URL."""
        self._decided = True
        head, self._head = self._head, b""
        known = sniff(head) is not None or container_of(head) is not None
        self._form, text, self._base64 = form_of(head, text=self._text_only or begins_as_base64(head), raw=known)
        if self._base64 is not None:
            self._content = _Decoded()
        self._take(text, 0, len(text))

    def _take(self, chunk: bytes, start: int, end: int) -> None:
        if self._base64 is not None:
            chunk = chunk[start:end]
            self._base64.feed(chunk)
            start, end = 0, len(chunk)
        self._content.feed(chunk, start, end)


class _Raw:
    """The bytes of a file: names its container by the first of them, and runs its parser."""

    __slots__ = ("_container", "_decided", "_head", "_walk")

    def __init__(self) -> None:
        self._head = b""
        self._container: str | None = None
        self._decided = False
        self._walk: Walk | None = None

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        if not self._decided:
            taken = min(end, start + HEAD_BYTES - len(self._head))
            self._head += chunk[start:taken]
            if len(self._head) < HEAD_BYTES:
                return
            self._decide()
            start = taken
        if self._walk is not None and start < end:
            self._walk.feed(chunk, start, end)

    def _decide(self) -> None:
        self._decided = True
        self._container = container_of(self._head)
        parser = _PARSERS.get(self._container)
        if parser is not None:
            self._walk = Walk(parser)
            self._walk.feed(self._head, 0, len(self._head))

    def end(self) -> tuple[bytes, str | None, Walk | None]:
        """The first bytes, the container, and the walk through it if it was looked into."""
        if not self._decided:
            self._decide()
        return self._head, self._container, self._walk


class _Decoded:
    """Base64 text without its prefix: decodes what comes and passes it on. What is no base64 is left out."""

    __slots__ = ("_ended", "_left", "_raw")

    def __init__(self) -> None:
        self._raw = _Raw()
        self._left = b""
        self._ended = False

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        if self._ended:
            return
        padding = chunk.find(b"=", start, end)
        if padding >= 0:
            end, self._ended = padding, True
        text = self._left + chunk[start:end].translate(None, _NO_BASE64)
        whole = len(text) // 4 * 4
        self._left = text[whole:]
        self._pass_on(text[:whole])

    def _pass_on(self, text: bytes) -> None:
        content = binascii.a2b_base64(text)
        self._raw.feed(content, 0, len(content))

    def end(self) -> tuple[bytes, str | None, Walk | None]:
        """What came of the bytes, with those of a last group that is not whole."""
        left, self._left, self._ended = self._left, b"", True
        if len(left) > 1:
            self._pass_on(left + b"=" * (4 - len(left)))
        return self._raw.end()
