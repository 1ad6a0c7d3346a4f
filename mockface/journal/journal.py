"""The journal: a bounded memory of calls.

A call is recorded before the first byte of its answer is sent, without its token, its picture and personal data: the
journal never stores them. An Entry is made on demand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from threading import Lock

from mockface.journal.entry import Entry, Masks, Noted, place
from mockface.journal.kept import Kept, entry_of, kept

LIMIT = 1000
LIMIT_BYTES = 8 * 1024 * 1024
DROPPED_NUMBERS = 20_000
"""The most numbers whose dropped calls are counted; the oldest are forgotten first."""
_MADE_AT_ONCE = 64
"""How many calls become an Entry under one hold of the lock."""

Listener = Callable[[Entry], None]


class Journal:
    """The last `limit` calls in at most `limit_bytes`; `dropped` counts those removed since `clear`.

    `noted` counts all calls since the start. Can be read from other threads than the one that records.
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
        """Record a call and notify the listeners, in the caller's thread."""
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
        """How many calls of a number (by its key) were dropped since `clear`."""
        return self._dropped_of.get(key, 0)

    def lost_since(self, entries: Collection[Entry], after: str) -> int:
        """How many calls since this one were dropped that are not among these entries."""
        run, number = place(after)
        first = next(iter(entries), None)
        if not self.dropped or first is None:
            return 0
        first_run, first_number = place(first.id)
        return max(0, first_number - 1 - (number if run == first_run else 0))

    def __len__(self) -> int:
        return len(self._calls)

    def entries(self) -> list[Entry]:
        """All stored calls, the oldest first. A thread that records meanwhile waits for a few of them, not for all."""
        wanted = self.noted
        while self._made < wanted:
            with self._lock:
                self._make(min(wanted, max(self._made, self.noted - len(self._calls)) + _MADE_AT_ONCE))
        with self._lock:
            self._make(self.noted)
            return list(self._calls)  # type: ignore[arg-type]

    def _make(self, noted: int) -> None:
        """Make an Entry of each of the first `noted` calls."""
        first = self.noted - len(self._calls)
        for at in range(max(self._made, first) - first, noted - first):
            call = self._calls[at]
            if isinstance(call, Kept):
                self._calls[at] = entry_of(call)
        self._made = max(self._made, noted)

    def after(self, noted: int, most: int) -> tuple[Iterator[Entry], int]:
        """The stored entries after the first `noted` calls, at most `most`; and their number.

        Each is made when it is reached, even if it was dropped meanwhile.
        """
        with self._lock:
            first = self.noted - len(self._calls)
            start = max(noted - first, 0)
            calls = list(islice(self._calls, start, start + most))
        return (call if isinstance(call, Entry) else entry_of(call) for call in calls), len(calls)

    def matching(
        self, key: str | None = None, code: int | str | None = None, since: float | None = None,
        mark: str | None = None,
    ) -> Iterator[Entry]:  # fmt: skip
        """The entries of a number (by its key), with a code, since a time, with a mark."""
        for entry in self.entries():
            if (key is not None and entry.key != key) or (mark is not None and mark not in entry.marks):
                continue
            if (code is None or entry.answered(code)) and (since is None or entry.at >= since):
                yield entry

    def get(self, call_id: str) -> Entry | None:
        """The entry of a call, if it is still remembered."""
        return next((entry for entry in self.entries() if call_id in (entry.id, _request_id(entry))), None)

    def clear(self) -> None:
        """Remove all calls."""
        with self._lock:
            self._calls.clear()
            self._weights.clear()
            self._dropped_of.clear()
            self.size_bytes = self.dropped = 0

    @property
    def is_listened_to(self) -> bool:
        """Whether anybody waits for calls."""
        return bool(self._listeners)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call this for every future entry; the function returned stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def _request_id(entry: Entry) -> str | None:
    """The RequestId of an answer of API 3.0."""
    return entry.common.request_id if entry.common else None
