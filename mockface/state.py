"""What mockface remembers between calls, behind a few atomic verbs.

Each verb does its reading and writing in one go, so that calls side by side cannot see each other half done.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Protocol

REMEMBERED_SIGNATURES = 65_536
"""How many single-use signatures are remembered; the oldest are forgotten first. It bounds memory to some 10 MiB."""

COUNTED_NUMBERS = 100_000
"""How many ID numbers are counted; the first to be counted are forgotten first. It bounds memory to some 10 MiB."""


LONGEST_NUMBER = 64
"""How much of a number is looked at to count it: real ones have 18 characters, but 64 KiB may come."""


class Store(Protocol):
    """The verbs that the core needs of a memory."""

    def first_time(self, token: str) -> bool:
        """Whether this token was never shown before; from now on it was."""

    def count(self, number: str) -> int:
        """How often this number was counted before; from now on once more."""

    def within_rate(self, key: str, calls: int, seconds: float, now: float) -> bool:
        """Whether this call is among the first so many of the last so many seconds; if so, it counts."""

    def counted(self) -> dict[str, int]:
        """Every counted number with its count."""

    def clear_counts(self, numbers: Iterable[str] | None = None) -> None:
        """Forget the counts of these numbers; or all counts, those of rates too."""

    def clear_signatures(self) -> None:
        """Forget which single-use signatures were seen."""


class MemoryStore:
    """The Store in this process's memory."""

    def __init__(self, remembered: int = REMEMBERED_SIGNATURES) -> None:
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._remembered = remembered
        self._counts: dict[str, int] = {}
        self._recent: dict[str, deque[float]] = {}
        self._lock = Lock()

    def first_time(self, token: str) -> bool:
        """Whether this token was never shown before; from now on it was. Only its digest is kept."""
        key = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=16).digest()
        with self._lock:
            if key in self._seen:
                return False
            self._seen[key] = None
            if len(self._seen) > self._remembered:
                self._seen.popitem(last=False)
            return True

    def count(self, number: str) -> int:
        """How often this number was counted before; from now on once more. The oldest of very many are forgotten."""
        number = number[:LONGEST_NUMBER]
        with self._lock:
            before = self._counts.get(number, 0)
            self._counts[number] = before + 1
            if len(self._counts) > COUNTED_NUMBERS:
                del self._counts[next(iter(self._counts))]
            return before

    def within_rate(self, key: str, calls: int, seconds: float, now: float) -> bool:
        """Whether this call is among the first so many of the last so many seconds; if so, it counts."""
        with self._lock:
            recent = self._recent.setdefault(key, deque())
            # A clock that was set back leaves times to come: they are dropped as well.
            while recent and not 0 <= now - recent[0] < seconds:
                recent.popleft()
            if len(recent) >= calls:
                return False
            recent.append(now)
            return True

    def counted(self) -> dict[str, int]:
        """Every counted number with its count."""
        with self._lock:
            return dict(self._counts)

    def clear_counts(self, numbers: Iterable[str] | None = None) -> None:
        """Forget the counts of these numbers; or all counts, those of rates too."""
        with self._lock:
            if numbers is None:
                self._counts.clear()
                self._recent.clear()
            for number in numbers or ():
                self._counts.pop(number, None)

    def clear_signatures(self) -> None:
        """Forget which single-use signatures were seen."""
        with self._lock:
            self._seen.clear()


class Clock:
    """The time that mockface goes by: the machine's, moved by so many seconds. `now` is seconds since 1970."""

    def __init__(self, machine: Callable[[], float]) -> None:
        self._machine = machine
        self._moving = Lock()
        self.offset_s = 0.0

    def now(self) -> float:
        """The time."""
        return self._machine() + self.offset_s

    def set(self, now: float) -> None:
        """Make it this time; from then on it passes as ever."""
        self.offset_s = now - self._machine()

    def advance(self, seconds: float) -> None:
        """Move it by so many seconds, back if negative."""
        with self._moving:
            self.offset_s += seconds

    def reset(self) -> None:
        """Go by the machine's time again."""
        self.offset_s = 0.0
