"""Compares calls with an expectation; a failure says what was expected, what came, and what differs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockface.control.amount import Amount, within_s
from mockface.control.passing import monotonic
from mockface.control.wanted import code_number
from mockface.testing.calls import Call, CallFilters, Calls
from mockface.testing.server.running import Running

_SHOWN = 20
"""The most calls listed in a failure; the last ones."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The expectation: a number of calls of an ID number (None: the handle's own) with these values, after `after`.

    `own` are the numbers of the handle, None if all calls of the server are its own.
    """

    running: Running
    after: str
    own: Sequence[str] | None
    number: str | None
    amount: Amount
    wanted: CallFilters

    def within(self, within: str | float | None) -> Calls:
        """The matching calls, after waiting for the lowest expected number. Raises AssertionError, BadValue."""
        __tracebackhide__ = True
        timeouts = within_s(within)
        matched, seen, dropped = self._wait(timeouts)
        if not self.amount.is_met_by(len(matched)):
            waited = "" if within is None else f" within {within}" + ("" if isinstance(within, str) else " s")
            raise AssertionError("\n".join([*self._failure(matched, waited), *self._notes(seen, dropped, timeouts)]))
        if dropped and self.amount.most is not None:
            raise AssertionError(
                f"{self._said()}; {len(matched)} of these are in the journal, but it has dropped {dropped} calls "
                "since, so the count is not known. A larger journal (--journal) keeps them."
            )
        return matched

    def _numbers(self) -> Sequence[str] | None:
        return self.own if self.number is None else [self.number]

    def _matching(self) -> tuple[Calls, int, int]:
        """The matching calls; how many calls were examined; how many were dropped."""
        found = self.running.find(self._numbers(), self.after)
        calls = Calls(map(Call.of, found.calls))
        return calls.where(**self.wanted), len(calls), found.dropped

    def _wait(self, timeouts: float) -> tuple[Calls, int, int]:
        ends = monotonic() + timeouts
        while True:
            matched, seen, dropped = self._matching()
            missing, left = self.amount.least - len(matched), ends - monotonic()
            if missing <= 0 or left <= 0:
                return matched, seen, dropped
            self.running.wait(self._numbers(), self.after, seen + missing, left)

    def _said(self) -> str:
        one = self.amount.is_one
        parts = ["expected", str(self.amount), "call" if one else "calls", said(self.number, self.wanted)]
        return " ".join(filter(None, parts))

    def _failure(self, matched: Calls, waited: str) -> list[str]:
        """The expectation, the calls, and in which values the nearest call differs."""
        lines = [f"{self._said()}{waited}, got {len(matched)}."]
        shared = self.own if self.number is None else None
        seen = Calls(map(Call.of, self.running.find(shared, self.after).calls))
        if not seen:
            return [*lines, f"No call came at all: does the client under test call {self.running.url}?"]
        if not matched:
            lines.append(self._nearest(seen))
        return [*lines, *listed(seen)]

    def _nearest(self, seen: Calls) -> str:
        of_number = seen.where(self.number)
        call = min(reversed(of_number or seen), key=lambda one: len(_differences(one, self.wanted)))
        different = _differences(call, self.wanted)
        if not of_number:
            different.insert(0, f"number is {call.number}")
        return f"The nearest, {call.id}: {'; '.join(different)}."

    def _notes(self, seen: int, dropped: int, timeouts: float) -> list[str]:
        """Possible reasons why calls were not found, for the end of a failure."""
        notes = []
        if dropped:
            notes.append(f"The journal has dropped {dropped} such calls; --journal keeps more.")
        others = 0 if self.own is None or self.number else len(self.running.find(None, self.after).calls) - seen
        if others > 0:
            notes.append(
                f"{others} calls of other numbers came, which this handle did not add: others may use this server too. "
                "verify(number) includes such calls."
            )
        if timeouts and _runs_a_loop():
            notes.append("This thread's event loop was blocked meanwhile; use await asyncio.to_thread(m.verify, …).")
        return notes


def said(number: str | None, wanted: CallFilters) -> str:
    """The expected calls in words; "" for any call."""
    parts = [] if number is None else [f"of {number}"]
    parts += [f"with {key} {value!r}" if key != "code" else f"with code {value}" for key, value in wanted.items()]
    return " ".join(parts)


def listed(seen: Calls) -> list[str]:
    """The calls for a failure's text, the last ones if there are many, with the reason of each answer."""
    if not seen:
        return ["No call came."]
    shown = f", the last {_SHOWN}" if len(seen) > _SHOWN else ""
    return [
        f"Calls that came ({len(seen)}{shown}):",
        *(f"  {line}" for call in seen[-_SHOWN:] for line in call.lines()),
    ]


def _differences(call: Call, wanted: Mapping[str, Any]) -> list[str]:
    different = []
    for key, value in wanted.items():
        value_wanted = code_number(value) if key == "code" else value
        came = getattr(call, key)
        if not call.has(key, value_wanted):
            different.append(f"{key} is {came!r}, not {value_wanted!r}")
    return different


def _runs_a_loop() -> bool:
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
