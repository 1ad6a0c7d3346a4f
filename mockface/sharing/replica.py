"""What all servers have answered: a journal, a coverage and counters, filled from the store before they are read."""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Collection
from typing import Any, NamedTuple

from mockface.journal.coverage import Coverage, Kind
from mockface.journal.entry import Entry, Masks, place
from mockface.journal.journal import Journal
from mockface.journal.kept import Kept, entry_of
from mockface.journal.recorder import Recorder, Tally
from mockface.operation import Operation


class _Placed(NamedTuple):
    """A call with the time when it was recorded (the store's clock), and its place among all calls, from 1."""

    at: float
    position: int
    entry: Entry


class Replica(Journal):
    """The latest calls of all servers, in the order in which they were recorded."""

    def __init__(self, masks: Masks, limit: int) -> None:
        super().__init__(masks, limit)
        self._placed: list[_Placed] = []
        self._position = 0
        self._lost: dict[str, int] = {}

    def take(self, call: Kept, at: float, position: int) -> None:
        """Take a call from the store, and notify the listeners."""
        entry = entry_of(call)
        placed = _Placed(at, position, entry)
        with self._lock:
            insort(self._placed, placed, key=lambda one: one.at)
            self.size_bytes += call.weight
            self._weights.append(call.weight)
            if len(self._placed) > self._limit:
                del self._placed[0]
                self.size_bytes -= self._weights.popleft()
            self._position = max(self._position, position)
            self.noted += 1
        for listener in list(self._listeners):
            listener(entry)

    def counted(self, position: int, first: int, dropped: int, dropped_of: dict[str, int]) -> None:
        """How many calls there were, the place of the first that the store has, how many it dropped, and by number."""
        with self._lock:
            self._position = max(self._position, position)
            self._lost = dropped_of
            left = [placed for placed in self._placed if placed.position >= first]
            for _ in range(len(self._placed) - len(left)):
                self.size_bytes -= self._weights.popleft()
            self._placed = left
            self.dropped = dropped

    def __len__(self) -> int:
        return len(self._placed)

    def entries(self) -> list[Entry]:
        """All stored calls, the oldest first."""
        with self._lock:
            return [placed.entry for placed in self._placed]

    def dropped_of(self, key: str) -> int:
        """How many calls of a number (by its key) were dropped since `clear`."""
        return self._lost.get(key, 0)

    def lost_since(self, entries: Collection[Entry], after: str) -> int:
        """How many calls since this one were dropped; of all calls, where it was dropped itself."""
        run, number = place(after)
        with self._lock:
            known = [one for one in self._placed if place(one.entry.id)[0] == run and place(one.entry.id)[1] <= number]
            if not known:
                return self.dropped
            last = known[-1].position
            behind = sum(one.position > last for one in self._placed)
            return max(0, self._position - last - behind)

    def clear(self) -> None:
        """Remove all calls."""
        with self._lock:
            self._placed.clear()
            self._weights.clear()
            self._lost = {}
            self._position = self.size_bytes = self.dropped = 0


class All(Recorder):
    """What all servers recorded, as of the last time that it was filled. It records nothing itself."""

    journal: Replica

    def __init__(self, operations: tuple[Operation, ...], limit: int, masks: Masks) -> None:
        super().__init__(operations, limit, masks=masks)
        self._operations = operations
        self.journal = Replica(masks, limit)
        self.by_server: dict[str, int] = {}
        """How many calls each server answered since its start."""

    def fill(self, kinds: dict[str, int], also: dict[str, int], tallies: dict[str, dict[str, Any]]) -> None:
        """Put these counts in place of those of before."""
        self.coverage = Coverage(self._operations)
        self.coverage.put(
            {_kind(kind): times for kind, times in kinds.items()},
            {
                (operation, code): times
                for (operation, code), times in ((json.loads(one), n) for one, n in also.items())
            },
        )
        self.tally = Tally()
        self.by_server = {}
        for server, told in tallies.items():
            self.by_server[server] = sum(times for _, _, times in told["by_code"])
            self.tally.add(told)


def _kind(text: str) -> Kind:
    operation, code, form, *rest = json.loads(text)
    return (operation, code, tuple(form), *rest)
