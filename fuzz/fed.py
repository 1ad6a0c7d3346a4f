"""A fuzzer's bytes, dealt out as choices. Any bytes will do; once they are used up, every choice is the first one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Fed:
    """Deals from the front; the same bytes always make the same choices."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, below: int) -> int:
        """A number from 0, `below` at most 65536."""
        width = 1 if below <= 256 else 2
        return int.from_bytes(self.some(width), "little") % below

    def choice(self, things: Sequence[Thing]) -> Thing:
        """One of these."""
        return things[self.number(len(things))]

    def some(self, count: int) -> bytes:
        """So many bytes, or what is left of them."""
        taken = self._content[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def short(self, longest: int = 255) -> bytes:
        """A few bytes, as many as the next one says."""
        return self.some(self.number(longest + 1))

    def text(self, longest: int = 255) -> str:
        """A few bytes as text: UTF-8 where they are, lone surrogates where they are not."""
        return self.short(longest).decode("utf-8", "surrogateescape")

    def rest(self) -> bytes:
        """All that is left."""
        return self.some(len(self._content))

    def __bool__(self) -> bool:
        return self._at < len(self._content)


def chunks_of(content: bytes, fed: Fed) -> Iterator[bytes]:
    """The content in pieces whose sizes are fed."""
    longest = fed.choice((1, 2, 7, 64, 255, 4096, 65_536))
    at = 0
    while at < len(content):
        size = 1 + fed.number(longest)
        if not fed:
            size = max(size, longest // 2, len(content) // 200)
        yield content[at : at + size]
        at += size
