"""Whether the calls are as wanted, and if not, a text that says what was wanted, what came, and how near it was."""

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
"""So many calls are listed in a failure; the last ones."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What is wanted: so many calls of a number (None: of the handle's own) with these values, behind the call `after`.

    `own` are the numbers of the handle, None where every call of the server is its own.
    """

    running: Running
    after: str
    own: Sequence[str] | None
    number: str | None
    amount: Amount
    wanted: CallFilters

    def within(self, within: str | float | None) -> Calls:
        """The calls that are as wanted, after waiting for the least of them. Raises AssertionError, BadValue."""
        __tracebackhide__ = True
        timeouts = within_s(within)
        matched, seen, dropped = self._wait(timeouts)
        if not self.amount.is_met_by(len(matched)):
            waited = "" if within is None else f" within {within}" + ("" if isinstance(within, str) else " s")
            raise AssertionError("\n".join([*self._failure(matched, waited), *self._notes(seen, dropped, timeouts)]))
        if dropped and self.amount.most is not None:
            raise AssertionError(
                f"{self._said()}; {len(matched)} of these are remembered, but the journal has dropped {dropped} calls "
                "since: so the count is not known. A larger journal (--journal) keeps them."
            )
        return matched

    def _numbers(self) -> Sequence[str] | None:
        return self.own if self.number is None else [self.number]

    def _matching(self) -> tuple[Calls, int, int]:
        """The calls as wanted; how many were looked at; how many had been dropped."""
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
        parts = [str(self.amount), "call" if one else "calls", said(self.number, self.wanted)]
        return " ".join([*filter(None, parts), "was" if one else "were", "wanted"])

    def _failure(self, matched: Calls, waited: str) -> list[str]:
        """What was wanted, what came, and in which values the nearest call differs."""
        lines = [f"{self._said()}{waited}; {len(matched)} came."]
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
        """What may have kept the calls from being found, below a failure."""
        notes = []
        if dropped:
            notes.append(f"The journal has dropped {dropped} such calls; --journal keeps more.")
        others = 0 if self.own is None or self.number else len(self.running.find(None, self.after).calls) - seen
        if others > 0:
            notes.append(
                f"{others} more came, of numbers that this handle did not add: others may use this server too. "
                "verify(number) looks at these."
            )
        if timeouts and _runs_a_loop():
            notes.append(
                "This thread's event loop stood still meanwhile: await asyncio.to_thread(m.verify, …) instead."
            )
        return notes


def said(number: str | None, wanted: CallFilters) -> str:
    """Whose calls with which values, in words; "" for any call."""
    parts = [] if number is None else [f"of {number}"]
    parts += [f"with {key} {value!r}" if key != "code" else f"with code {value}" for key, value in wanted.items()]
    return " ".join(parts)


def listed(seen: Calls) -> list[str]:
    """The calls for a failure's text, the last ones of many, and what each got its answer for."""
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
        if came != value_wanted:
            different.append(f"{key} is {came!r}, not {value_wanted!r}")
    return different


def _runs_a_loop() -> bool:
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
