"""What mockface was asked: a bounded memory of calls.

A call is noted before its answer's first byte leaves. It becomes an Entry (masked, without token and picture) at once,
unless its number is of the reserved family, which nobody holds: such a call, the usual one, rests as it came until
somebody looks or `seal` is called. Whoever runs the emulator calls that for the calls of a second ago. So a usual call
costs little, no real number or name rests here, and a token rests for two seconds at most.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from threading import Lock

from mockface.idcard import is_of_family
from mockface.journal.entry import Entry, Masks, Noted, entry_of

LIMIT = 1000
LIMIT_BYTES = 8 * 1024 * 1024
DROPPED_NUMBERS = 20_000
"""For how many numbers it is known how many of their calls were dropped; the first are forgotten first."""
_SMALL_BYTES = 8 * 1024
"""A larger request becomes an Entry at once: what of it is kept is bounded only then."""
_SEALED_AT_ONCE = 64
"""How many calls become an Entry while the lock is held."""
_NOTED_WEIGHT = 2000
"""About how many bytes a small call holds besides its body."""

Listener = Callable[[Entry], None]


class Journal:
    """The last so many calls, in at most so many bytes; `dropped` counts those that had to go since `clear`.

    `noted` counts all since the start. Safe to ask from other threads than the one that notes.
    """

    def __init__(self, masks: Masks, limit: int = LIMIT, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._masks = masks
        self._calls: deque[Noted | Entry] = deque()
        self._weights: deque[int] = deque()
        self._lock = Lock()
        self._listeners: list[Listener] = []
        self._sealed = 0
        self.size_bytes = 0
        self.dropped = 0
        self.noted = 0
        self._dropped_of: dict[str, int] = {}

    def note(self, noted: Noted) -> None:
        """Remember a call and tell the listeners, in the thread of the caller."""
        raw = noted.call.raw
        size_bytes = raw.body.size_bytes + raw.head.size_bytes
        call: Noted | Entry = noted
        weight = _NOTED_WEIGHT + size_bytes
        if size_bytes > _SMALL_BYTES:
            # Of a picture nothing is held but what is known of it.
            size_bytes = raw.head.size_bytes + sum(
                len(text) for text in noted.call.fields.values() if isinstance(text, str)
            )
            weight = _NOTED_WEIGHT + size_bytes
        number = noted.call.fields.get("idcard_number")
        usual = type(number) is str and is_of_family(number) is not None
        if not usual or self._listeners or size_bytes > _SMALL_BYTES:
            call = entry_of(noted, self._masks)
            weight = call.weight()
        with self._lock:
            self._calls.append(call)
            self._weights.append(weight)
            self.size_bytes += weight
            self.noted += 1
            while self._calls and (len(self._calls) > self._limit or self.size_bytes > self._limit_bytes):
                self._drop(self._calls.popleft())
                self.size_bytes -= self._weights.popleft()
                self.dropped += 1
        if isinstance(call, Entry):
            for listener in list(self._listeners):
                listener(call)

    def _drop(self, call: Noted | Entry) -> None:
        if isinstance(call, Entry):
            key = call.key
        else:
            number = call.call.fields.get("idcard_number")
            key = self._masks.key(number if isinstance(number, str) else "")
        self._dropped_of[key] = self._dropped_of.get(key, 0) + 1
        if len(self._dropped_of) > DROPPED_NUMBERS:
            del self._dropped_of[next(iter(self._dropped_of))]

    def dropped_of(self, key: str) -> int:
        """How many calls of a number (by its key) had to go since `clear`: others' calls do not count."""
        return self._dropped_of.get(key, 0)

    def __len__(self) -> int:
        return len(self._calls)

    def seal(self, noted: int | None = None) -> None:
        """Make an Entry of every call that is none yet, or of those among the first so many."""
        while self.seal_some(noted):
            pass

    def seal_some(self, noted: int | None = None) -> bool:
        """The same of a few of them, in some milliseconds; whether there are more."""
        with self._lock:
            wanted = self.noted if noted is None else noted
            first = self.noted - len(self._calls)
            until = min(wanted, max(self._sealed, first) + _SEALED_AT_ONCE)
            self._seal(until)
            return until < wanted

    def _seal(self, noted: int) -> None:
        first = self.noted - len(self._calls)
        for at in range(max(self._sealed, first) - first, noted - first):
            call = self._calls[at]
            if isinstance(call, Noted):
                self._calls[at] = entry = entry_of(call, self._masks)
                self.size_bytes += entry.weight() - self._weights[at]
                self._weights[at] = entry.weight()
        self._sealed = max(self._sealed, noted)

    def entries(self) -> list[Entry]:
        """All that are remembered, the oldest first. Whoever notes meanwhile waits for a few of them, not for all."""
        self.seal(self.noted)
        with self._lock:
            self._seal(self.noted)
            return list(self._calls)  # type: ignore[arg-type]

    def after(self, noted: int, most: int) -> tuple[list[Entry], int]:
        """The entries behind the first so many, `most` at most; and how many of them are no longer remembered."""
        with self._lock:
            first = self.noted - len(self._calls)
            start = max(noted - first, 0)
            calls = list(islice(self._calls, start, start + most))
        lost = max(first - noted, 0)
        return [call if isinstance(call, Entry) else entry_of(call, self._masks) for call in calls], lost

    def matching(self, key: str | None = None, code: int | None = None, since: float | None = None) -> Iterator[Entry]:
        """Those of a number (by its key), with a code, from a time on."""
        for entry in self.entries():
            if key is not None and entry.key != key:
                continue
            if (code is None or entry.code == code) and (since is None or entry.at >= since):
                yield entry

    def get(self, call_id: str) -> Entry | None:
        """The entry of a call, if it is still remembered."""
        return next((entry for entry in self.entries() if entry.id == call_id), None)

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
