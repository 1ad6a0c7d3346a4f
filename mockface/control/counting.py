"""Counts matching calls, in the journal and as they arrive.

Nothing waits here: a callback reports when the result is settled, for asyncio and for threads.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from mockface.control.amount import Amount
from mockface.control.wanted import Wanted
from mockface.journal.entry import Entry, Masks, place
from mockface.journal.queries import came_after, keys_of, lost
from mockface.journal.recorder import Recorder

SUBSCRIBER_LIMIT = 1000
"""The most calls queued for a reader of the event stream, or for a counter."""


class Verified(NamedTuple):
    """Whether the expected number of calls came, how many came, and how many such calls the journal has dropped.

    If calls were dropped, `came` is a lower bound.
    """

    verified: bool
    came: int
    dropped: int


class Filter:
    """Selects entries. Raises BadValue for too many patterns, see Chosen."""

    def __init__(self, wanted: Wanted, masks: Masks) -> None:
        self._wanted = wanted
        self._chosen = None if wanted.numbers is None else keys_of(wanted.numbers, masks)

    def takes(self, entry: Entry) -> bool:
        """Whether an entry matches, regardless of its position."""
        wanted = self._wanted
        return (
            (self._chosen is None or entry.key in self._chosen)
            and (wanted.code is None or entry.answered(wanted.code))
            and (wanted.since is None or entry.at >= wanted.since)
        )

    def of(self, entries: list[Entry]) -> list[Entry]:
        """The matching ones of these entries."""
        behind = came_after(entries, self._wanted.after) if self._wanted.after else entries
        return [entry for entry in behind if self.takes(entry)]


class Counting:
    """Counts the matching calls of a journal; `tell` takes new calls, in the recording thread.

    There `settled` is called once no further call can change the result. Raises BadValue, see Filter.
    """

    def __init__(self, recorder: Recorder, wanted: Wanted, amount: Amount, settled: Callable[[], None]) -> None:
        self._settled = settled
        self._recorder = recorder
        self._wanted = wanted
        self._amount = amount
        self._filter = Filter(wanted, recorder.masks)
        self._coming: deque[Entry] = deque(maxlen=SUBSCRIBER_LIMIT)
        self._looked = False
        self._counted: dict[str, int] = {}
        """By run, the position of the last counted call in it."""
        self._lock = Lock()
        self._count = self._dropped = 0

    def look(self) -> None:
        """Count all stored calls; linear in the size of the journal."""
        entries = self._recorder.journal.entries()
        count = len(self._filter.of(entries))
        dropped = lost(self._recorder.journal, entries, self._wanted.numbers, self._recorder.masks, self._wanted.after)
        with self._lock:
            self._count, self._dropped = count, dropped
            self._counted = dict(place(entry.id) for entry in entries)
            self._looked = True
            self._take_up()

    def tell(self, entry: Entry) -> None:
        """Count a new call, after the stored ones have been counted."""
        with self._lock:
            self._coming.append(entry)
            if self._looked:
                self._take_up()
        if self.is_settled:
            self._settled()

    def _take_up(self) -> None:
        while self._coming:
            entry = self._coming.popleft()
            run, at = place(entry.id)
            if at > self._counted.get(run, 0):
                self._counted[run] = at
                self._count += self._filter.takes(entry)

    @property
    def is_settled(self) -> bool:
        """Whether no further call can change the result."""
        return self._looked and self._amount.is_settled_by(self._count)

    def verified(self) -> Verified:
        """The result for all calls that are stored now."""
        self.look()
        return Verified(self._amount.is_met_by(self._count), self._count, self._dropped)
