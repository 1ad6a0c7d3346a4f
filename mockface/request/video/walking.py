"""Runs the parser of a container over bytes that come in chunks, and stores what it finds.

A parser is a generator: it yields how many bytes it wants, and is sent them once they have come. So it reads as if the
whole file lay before it, its answer cannot depend on the chunks, and what is held is the largest read it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

Parser = Generator[int, bytes, None]
"""Yields a number of bytes to read; as a negative number, to skip (it is sent b""); REST for nothing more."""
REST = 0
PARTS_LIMIT = 20_000
"""The most parts (boxes, tags, chunks) that are looked at; a video of 6 MB has a few hundred."""
_SIDE_LIMIT = 65_535
_DURATION_LIMIT_S = 1e9


class Found:
    """What a parser has found so far.

    `between` says that the parser stands between two parts, where a file may end. `incomplete` says that a part is
    missing without which there is nothing to play; `gave_up` that not all parts were looked at.
    """

    __slots__ = (
        "between", "codec", "duration_s", "gave_up", "has_audio", "has_video", "height", "incomplete", "parts",
        "rotated", "width",
    )  # fmt: skip

    def __init__(self) -> None:
        self.has_video: bool | None = None
        self.has_audio: bool | None = None
        self.width = 0
        self.height = 0
        self.rotated = 0
        self.duration_s: float | None = None
        self.codec = ""
        self.between = True
        self.incomplete = False
        self.gave_up = False
        self.parts = 0

    def one_more(self) -> bool:
        """Count a part; False once there are too many to go on."""
        self.parts += 1
        self.gave_up = self.parts > PARTS_LIMIT
        return not self.gave_up

    def lasts(self, seconds: float) -> None:
        """Note the duration, if it can be one: NaN, zero and less are unknown."""
        if 0 < seconds < _DURATION_LIMIT_S:
            self.duration_s = seconds

    def shows(self, width: float, height: float) -> None:
        """Note the size in pixels, if it can be one."""
        if 0 < width <= _SIDE_LIMIT and 0 < height <= _SIDE_LIMIT:
            self.width, self.height = int(width), int(height)


class Walk:
    """Feeds a parser, and says whether the bytes ended where it wanted more."""

    __slots__ = ("_got", "_parser", "_want", "found")

    def __init__(self, parser: Callable[[Found], Parser]) -> None:
        self.found = Found()
        self._parser = parser(self.found)
        self._got = b""
        self._want = REST
        self._advance(None)

    def feed(self, chunk: bytes, start: int, end: int) -> None:
        """Take `chunk[start:end]`."""
        while start < end and self._want:
            if self._want < 0:
                taken = min(-self._want, end - start)
                start += taken
                self._want += taken
                if not self._want:
                    self._advance(b"")
                continue
            taken = min(self._want - len(self._got), end - start)
            self._got += chunk[start : start + taken]
            start += taken
            if len(self._got) == self._want:
                got, self._got = self._got, b""
                self._advance(got)

    def _advance(self, got: bytes | None) -> None:
        try:
            self._want = next(self._parser) if got is None else self._parser.send(got)
        except StopIteration:
            self._want = REST

    def truncated(self) -> bool:
        """Whether the file ends within a part, or without one that it needs. Zeros behind the last part are nothing."""
        within = self._want != REST and (not self.found.between or bool(self._got.strip(b"\0")))
        return within or self.found.incomplete


def four_characters(name: bytes) -> str:
    """A name of four bytes as text, "" if it is none."""
    text = name.decode("latin-1")
    return text.strip() if len(name) == 4 and text.isascii() and text.isprintable() else ""


def skip(count: int) -> Parser:
    """Skip so many bytes, which may be none."""
    if count > 0:
        yield -count


def first(limit: int, count: int) -> Generator[int, bytes, bytes]:
    """Read the first `limit` of `count` bytes and skip the others."""
    wanted = min(limit, count)
    got = (yield wanted) if wanted > 0 else b""
    yield from skip(count - wanted)
    return got
