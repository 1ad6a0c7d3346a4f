"""Records a call in the journal, the coverage and the tally together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from mockface.journal.coverage import Coverage
from mockface.journal.entry import Masks, Noted
from mockface.journal.journal import Journal
from mockface.operation import Operation

LATENCY_BUCKETS_MS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 50.0, 250.0, 1000.0)
"""Upper bounds of the latency histogram's buckets, in milliseconds; a last bucket has no bound."""


class Tally:
    """Counters for metrics since the start: they only grow, also after a reset.

    `latencies` are the calls in each bucket of LATENCY_BUCKETS_MS; a latency is the time from the request's first byte
    to its answer, without the scenario's delay.
    """

    def __init__(self) -> None:
        self.by_code: dict[tuple[str, int | str], int] = {}
        """By operation and code."""
        self.latencies = [0] * (len(LATENCY_BUCKETS_MS) + 1)
        self.latency_sum_ms = 0.0

    def note(self, operation: str, code: int | str, elapsed_ms: float) -> None:
        """Count a call."""
        self.by_code[operation, code] = self.by_code.get((operation, code), 0) + 1
        self.latencies[bisect_left(LATENCY_BUCKETS_MS, elapsed_ms)] += 1
        self.latency_sum_ms += elapsed_ms

    def told(self) -> dict[str, Any]:
        """The counters as plain data."""
        by_code = [[operation, code, times] for (operation, code), times in list(self.by_code.items())]
        return {"by_code": by_code, "latencies": list(self.latencies), "latency_sum_ms": self.latency_sum_ms}

    def add(self, told: dict[str, Any]) -> None:
        """Add the counters of another server, as it told them."""
        for operation, code, times in told["by_code"]:
            self.by_code[operation, code] = self.by_code.get((operation, code), 0) + times
        self.latencies = [sum(pair) for pair in zip(self.latencies, told["latencies"], strict=True)]
        self.latency_sum_ms += told["latency_sum_ms"]


class Recorder:
    """Records each call once, before the first byte of its answer is sent."""

    def __init__(
        self,
        operations: Iterable[Operation],
        limit: int | None = None,
        *,
        limit_bytes: int | None = None,
        masks: Masks | None = None,
    ) -> None:
        self.masks = masks or Masks()
        bounds = {"limit": limit, "limit_bytes": limit_bytes}
        self.journal = Journal(self.masks, **{name: bound for name, bound in bounds.items() if bound is not None})
        self.coverage = Coverage(operations)
        self.tally = Tally()

    def note(self, noted: Noted) -> None:
        """Record a call and its answer."""
        self.tally.note(noted.operation.name, noted.answer.code, noted.elapsed_ms)
        self.coverage.note(noted)
        self.journal.note(noted)
