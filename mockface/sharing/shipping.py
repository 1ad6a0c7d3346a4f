"""Ships what this server records to the store: calls, coverage and counters, beside the calls and many at once.

Few calls are shipped at once, many every two seconds: then the journal, which keeps the latest, has dropped most of
them already, and those are only counted. Whoever reads the journal has all servers ship first.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from itertools import islice
from typing import Any

from mockface.control import passing
from mockface.journal.entry import Masks
from mockface.journal.journal import DROPPED_NUMBERS, LIMIT_BYTES, Journal
from mockface.journal.kept import Kept
from mockface.journal.recorder import Recorder
from mockface.sharing import scripts
from mockface.sharing.codec import encoded
from mockface.sharing.link import Link, Once

LOOK_SECONDS = 0.05
MANY_SECONDS = 2.0
FEW = 50
"""So many calls in LOOK_SECONDS are shipped at once, more only every MANY_SECONDS."""
_ENCODED_AT_ONCE = 10
DOUBT_SECONDS = 1.0
"""How far the store's time is off at most, as a server knows it; what is more is a clock that was set."""


OTHER = "other"
"""For which key those dropped calls are counted whose number is one too many."""


def _miss(missed: Counter[str], key: str, times: int = 1) -> None:
    """Count dropped calls by number, within bounds: the store may be away for long."""
    missed[key if key in missed or len(missed) < DROPPED_NUMBERS else OTHER] += times


class Outbox(Journal):
    """The journal of this server's own calls, which knows what of it was shipped."""

    def __init__(self, masks: Masks, limit: int) -> None:
        super().__init__(masks, limit)
        self._shipped = 0
        self._missed: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        """How many calls were recorded since the last `take_out`."""
        return self.noted - self._shipped

    def _drop(self, key: str) -> None:
        if self.noted - len(self._calls) > self._shipped:
            _miss(self._missed, key)

    def take_out(self) -> tuple[list[Kept], Counter[str]]:
        """The calls since the last time, and how many of each number were dropped among them."""
        with self._lock:
            first = self.noted - len(self._calls)
            calls = list(islice(self._calls, max(self._shipped - first, 0), None))
            self._shipped = self.noted
            missed, self._missed = self._missed, Counter()
        return [call for call in calls if isinstance(call, Kept)], missed

    def clear(self) -> None:
        """Remove all calls; none of them is shipped."""
        super().clear()
        self._shipped = self.noted
        self._missed.clear()


class Shipping:
    """What ships; `ahead_s` is how far the store's clock is ahead of `passing.perf_counter`."""

    def __init__(self, link: Link, recorder: Recorder, outbox: Outbox, limit: int) -> None:
        self._script = Once(link, scripts.SHIP, "ship")
        self._recorder = recorder
        self._outbox = outbox
        self._limit = limit
        self._calls: list[tuple[str, str, str]] = []
        self._missed: Counter[str] = Counter()
        self._coverage: Counter[str] = Counter()
        self._also: Counter[str] = Counter()
        self._sent: tuple[Any, ...] | None = None
        """What was sent, and may have arrived although the store did not say so."""
        self._one = asyncio.Lock()
        self._last = 0.0
        self._recorded = 0.0
        self.epoch = "0"
        self.ahead_s = 0.0
        self._doubt_s = float("inf")

    async def run(self) -> None:
        """Ship whenever there is something, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            waiting = self._outbox.waiting
            if waiting and (waiting <= FEW or passing.monotonic() - self._last >= MANY_SECONDS):
                await self.ship()

    async def ship(self) -> None:
        """Ship all that was recorded until now. Raises StoreLost; then it is shipped the next time."""
        async with self._one:
            if self._sent is not None:
                await self._script.run(*self._sent, again=True)
                self.forget()
            await self._take()
            arguments = json.dumps({"coverage": self._coverage, "also": self._also, "missed": self._missed})
            tally = json.dumps(self._recorder.tally.told())
            parts = [part for call in self._calls for part in call]
            self._sent = (self.epoch, self._limit, LIMIT_BYTES, arguments, tally, *parts)
            await self._script.run(*self._sent)
            self.forget()
            self._last = passing.monotonic()

    async def _take(self) -> None:
        calls, missed = self._outbox.take_out()
        for key, times in missed.items():
            _miss(self._missed, key, times)
        kinds, also = self._recorder.coverage.counts()
        self._recorder.coverage.clear()
        self._coverage.update({json.dumps(kind): times for kind, times in kinds.items()})
        self._also.update({json.dumps(code): times for code, times in also.items()})
        epoch = self.epoch
        for at, call in enumerate(calls):
            if at % _ENCODED_AT_ONCE == _ENCODED_AT_ONCE - 1:
                await asyncio.sleep(0)
                if self.epoch != epoch:
                    return
            recorded = self.ahead_s + call.began + call.elapsed_ms / 1000
            if 0 < self._recorded - recorded < DOUBT_SECONDS:
                # The store's time is known better or worse from one beat to the next: calls keep their order.
                recorded = self._recorded
            self._recorded = recorded
            self._calls.append((call.key, f"{recorded:.6f}", encoded(call)))
        for key, _, _ in self._calls[: -self._limit]:
            _miss(self._missed, key)
        del self._calls[: -self._limit]

    def forget(self) -> None:
        """What was taken out is shipped, or is not wanted any more."""
        self._sent = None
        self._calls.clear()
        for counts in (self._missed, self._coverage, self._also):
            counts.clear()

    def heard(self, began: float, store_s: float, ended: float) -> None:
        """The store said its time, asked and answered at these times of `passing.perf_counter`.

        A slow answer says less than a quick one before: it counts only where that cannot be right any more.
        """
        ahead_s, doubt_s = store_s - (began + ended) / 2, (ended - began) / 2
        if doubt_s <= self._doubt_s or abs(ahead_s - self.ahead_s) > doubt_s:
            self.ahead_s, self._doubt_s = ahead_s, doubt_s

    def began_of(self, at: float, call: Kept) -> float:
        """When a call of any server began, on this server's `passing.perf_counter`."""
        return at - self.ahead_s - call.elapsed_ms / 1000


def read(fields: dict[Any, Any]) -> tuple[float, int, bytes]:
    """A call of the stream: when it was recorded, its place, and its text."""
    return float(fields[b"at"]), int(fields[b"position"]), fields[b"call"]
