"""The state that mockface keeps between calls, with atomic operations.

Each operation reads and writes in one step, so that concurrent calls never see partial changes.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, Protocol

REMEMBERED_SIGNATURES = 65_536
"""The most single-use signatures that are stored; the oldest are removed first. Bounds memory to about 10 MiB."""

COUNTED_NUMBERS = 100_000
"""The most ID numbers that are counted; the oldest are removed first. Bounds memory to about 10 MiB."""


REMEMBERED_DEALS = 100
"""How many times that the same four digits were dealt are remembered; of 10,000 digits some 10 MiB at most."""


LONGEST_NUMBER = 64
"""How many characters of a number are used to count it: real ones have 18, but a request can have 64 KiB."""


Verb = tuple[Any, ...]
"""A verb of a Store and its arguments: texts and whole numbers."""


class Asks(Exception):
    """What a store that is shared has to be asked before a call can be answered.

    A store that waits for nothing raises it; the call is answered once more when the result is known.
    """

    def __init__(self, verb: Verb) -> None:
        super().__init__(verb[0])
        self.verb = verb


class Store(Protocol):
    """The operations that the core needs."""

    def first_time(self, token: str) -> bool:
        """Whether this token is new; records it."""

    def count(self, number: str) -> int:
        """How often this number was counted before; counts it."""

    def within_rate(self, key: str, calls: int, seconds: float, now: float) -> bool:
        """Whether at most `calls` calls of this key came in the last `seconds`, this one included; if so, counts it."""

    def deal(self, digits: str, now: float) -> None:
        """Remember that these digits were dealt."""

    def spend(self, digits: str, now: float, life_s: float) -> str:
        """Use dealt digits once: "" if they were fresh, else "never", "spent" or "stale"."""

    def counted(self) -> dict[str, int]:
        """All counted numbers with their counts."""

    def clear_counts(self, numbers: Iterable[str] | None = None) -> None:
        """Remove the counts of these numbers; by default all counts, including those of rates."""

    def clear_signatures(self) -> None:
        """Forget all used single-use signatures."""


class MemoryStore:
    """The Store in the memory of this process."""

    def __init__(self, remembered: int = REMEMBERED_SIGNATURES) -> None:
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._remembered = remembered
        self._counts: dict[str, int] = {}
        self._recent: dict[str, deque[float]] = {}
        self._dealt: dict[str, deque[float]] = {}
        self._lock = Lock()

    def first_time(self, token: str) -> bool:
        """Whether this token is new; records its digest."""
        key = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=16).digest()
        with self._lock:
            if key in self._seen:
                return False
            self._seen[key] = None
            if len(self._seen) > self._remembered:
                self._seen.popitem(last=False)
            return True

    def count(self, number: str) -> int:
        """How often this number was counted before; counts it. Beyond the limit the oldest numbers are removed."""
        number = number[:LONGEST_NUMBER]
        with self._lock:
            before = self._counts.get(number, 0)
            self._counts[number] = before + 1
            if len(self._counts) > COUNTED_NUMBERS:
                del self._counts[next(iter(self._counts))]
            return before

    def within_rate(self, key: str, calls: int, seconds: float, now: float) -> bool:
        """Whether at most `calls` calls of this key came in the last `seconds`, this one included; if so, counts it."""
        with self._lock:
            recent = self._recent.setdefault(key, deque())
            # A clock that was set back leaves times in the future: they are removed too.
            while recent and not 0 <= now - recent[0] < seconds:
                recent.popleft()
            if len(recent) >= calls:
                return False
            recent.append(now)
            return True

    def deal(self, digits: str, now: float) -> None:
        """Remember that these digits were dealt; of the same digits the latest REMEMBERED_DEALS times."""
        with self._lock:
            self._dealt.setdefault(digits, deque(maxlen=REMEMBERED_DEALS)).append(now)

    def spend(self, digits: str, now: float, life_s: float) -> str:
        """Use dealt digits once: "" if they were fresh, else "never", "spent" or "stale"."""
        with self._lock:
            times = self._dealt.get(digits)
            if times is None:
                return "never"
            if not times:
                return "spent"
            while times:
                # A clock that was set back makes the digits fresh: they were dealt "later" than now.
                if now - times.popleft() <= life_s:
                    return ""
            return "stale"

    def counted(self) -> dict[str, int]:
        """All counted numbers with their counts."""
        with self._lock:
            return dict(self._counts)

    def clear_counts(self, numbers: Iterable[str] | None = None) -> None:
        """Remove the counts of these numbers; by default all counts, including those of rates."""
        with self._lock:
            if numbers is None:
                self._counts.clear()
                self._recent.clear()
                self._dealt.clear()
            for number in numbers or ():
                self._counts.pop(number, None)

    def clear_signatures(self) -> None:
        """Forget all used single-use signatures."""
        with self._lock:
            self._seen.clear()


class Clock:
    """mockface's clock: the machine's, with an offset in seconds. `now` is seconds since 1970."""

    def __init__(self, machine: Callable[[], float]) -> None:
        self._machine = machine
        self._moving = Lock()
        self.offset_s = 0.0

    def now(self) -> float:
        """The current time, in seconds since 1970."""
        return self._machine() + self.offset_s

    def set(self, now: float) -> None:
        """Set the clock to this time; it then runs on."""
        self.offset_s = now - self._machine()

    def advance(self, seconds: float) -> None:
        """Advance the clock by this many seconds; negative moves it back."""
        with self._moving:
            self.offset_s += seconds

    def copy(self) -> Clock:
        """Another clock that shows the same."""
        copy = Clock(self._machine)
        copy.offset_s = self.offset_s
        return copy

    def reset(self) -> None:
        """Return to the machine's time."""
        self.offset_s = 0.0
