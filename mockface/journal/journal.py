"""What mockface was asked: a bounded memory of calls.

A call is noted before its answer's first byte leaves, without its token, its picture and what of it may be a person's:
nothing of these ever rests here. It becomes an Entry when somebody looks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from threading import Lock

from mockface.journal.entry import Entry, Masks, Noted
from mockface.journal.kept import Kept, entry_of, kept

LIMIT = 1000
LIMIT_BYTES = 8 * 1024 * 1024
DROPPED_NUMBERS = 20_000
"""For how many numbers it is known how many of their calls were dropped; the first are forgotten first."""
_MADE_AT_ONCE = 64
"""How many calls become an Entry while the lock is held."""

Listener = Callable[[Entry], None]


class Journal:
    """The last so many calls, in at most so many bytes; `dropped` counts those that had to go since `clear`.

    `noted` counts all since the start. Safe to ask from other threads than the one that notes.
    """

    def __init__(self, masks: Masks, limit: int = LIMIT, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._masks = masks
        self._calls: deque[Kept | Entry] = deque()
        self._weights: deque[int] = deque()
        self._lock = Lock()
        self._listeners: list[Listener] = []
        self._made = 0
        self.size_bytes = 0
        self.dropped = 0
        self.noted = 0
        self._dropped_of: dict[str, int] = {}

    def note(self, noted: Noted) -> None:
        """Remember a call and tell the listeners, in the thread of the caller."""
        call = kept(noted, self._masks)
        weight = call.weight
        with self._lock:
            self._calls.append(call)
            self._weights.append(weight)
            self.size_bytes += weight
            self.noted += 1
            while self._calls and (len(self._calls) > self._limit or self.size_bytes > self._limit_bytes):
                self._drop(self._calls.popleft().key)
                self.size_bytes -= self._weights.popleft()
                self.dropped += 1
        if self._listeners:
            entry = entry_of(call)
            for listener in list(self._listeners):
                listener(entry)

    def _drop(self, key: str) -> None:
        self._dropped_of[key] = self._dropped_of.get(key, 0) + 1
        if len(self._dropped_of) > DROPPED_NUMBERS:
            del self._dropped_of[next(iter(self._dropped_of))]

    def dropped_of(self, key: str) -> int:
        """How many calls of a number (by its key) had to go since `clear`: others' calls do not count."""
        return self._dropped_of.get(key, 0)

    def __len__(self) -> int:
        return len(self._calls)

    def entries(self) -> list[Entry]:
        """All that are remembered, the oldest first. Whoever notes meanwhile waits for a few of them, not for all."""
        wanted = self.noted
        while self._made < wanted:
            with self._lock:
                self._make(min(wanted, max(self._made, self.noted - len(self._calls)) + _MADE_AT_ONCE))
        with self._lock:
            self._make(self.noted)
            return list(self._calls)  # type: ignore[arg-type]

    def _make(self, noted: int) -> None:
        """Make an Entry of every call among the first so many."""
        first = self.noted - len(self._calls)
        for at in range(max(self._made, first) - first, noted - first):
            call = self._calls[at]
            if isinstance(call, Kept):
                self._calls[at] = entry_of(call)
        self._made = max(self._made, noted)

    def after(self, noted: int, most: int) -> tuple[Iterator[Entry], int]:
        """The entries behind the first so many that are still remembered, `most` at most; and how many they are.

        Each is made when its turn comes, even if it is dropped meanwhile.
        """
        with self._lock:
            first = self.noted - len(self._calls)
            start = max(noted - first, 0)
            calls = list(islice(self._calls, start, start + most))
        return (call if isinstance(call, Entry) else entry_of(call) for call in calls), len(calls)

    def matching(
        self, key: str | None = None, code: int | str | None = None, since: float | None = None
    ) -> Iterator[Entry]:
        """Those of a number (by its key), with a code, from a time on."""
        for entry in self.entries():
            if key is not None and entry.key != key:
                continue
            if (code is None or entry.code == code) and (since is None or entry.at >= since):
                yield entry

    def get(self, call_id: str) -> Entry | None:
        """The entry of a call, if it is still remembered."""
        return next((entry for entry in self.entries() if call_id in (entry.id, _request_id(entry))), None)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._calls.clear()
            self._weights.clear()
            self._dropped_of.clear()
            self.size_bytes = self.dropped = 0

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call this for every entry to come; what comes back ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def _request_id(entry: Entry) -> str | None:
    """The RequestId of an answer of API 3.0."""
    return entry.common.request_id if entry.common else None
