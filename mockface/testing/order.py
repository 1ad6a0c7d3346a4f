"""Checks that calls came in an order: takes steps; returns the call of each, or says which step is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockface.control.amount import within_s
from mockface.control.passing import monotonic
from mockface.testing.calls import Call, CallFilters, Calls, number_of
from mockface.testing.people import Person
from mockface.testing.server.running import Running
from mockface.testing.verify import listed, said

Step = Person | str | tuple[Person | str, CallFilters]
"""A person, number or pattern; or a pair of one and expected values."""


@dataclass(frozen=True, slots=True)
class InOrder:
    """Calls expected in this order, all after the call `after`.

    `own` are the numbers of the handle, None if all calls of the server are its own.
    """

    running: Running
    after: str
    own: Sequence[str] | None
    steps: tuple[Step, ...]

    def within(self, within: str | float | None) -> Calls:
        """The call of each step, after waiting for the last. Raises AssertionError, BadValue."""
        __tracebackhide__ = True
        steps = [_read(step) for step in self.steps]
        numbers = None if self.own is None else [*{*self.own, *(number for number, _ in steps)}]
        ends = monotonic() + within_s(within)
        while True:
            found = self.running.find(numbers, self.after)
            seen = Calls(map(Call.of, found.calls))
            matched = _matched(seen, steps)
            left = ends - monotonic()
            if len(matched) == len(steps):
                return Calls(matched)
            if left <= 0:
                raise AssertionError(_failure(steps, matched, seen, found.dropped))
            self.running.wait(numbers, self.after, len(seen) + 1, left)


def _read(step: Step) -> tuple[str, CallFilters]:
    """The number and the values of a step. Raises TypeError, BadValue for unknown properties or codes."""
    who, wanted = step if isinstance(step, tuple) else (step, CallFilters())
    Calls().where(**wanted)
    return number_of(who) or "", wanted


def _matched(seen: Calls, steps: list[tuple[str, CallFilters]]) -> list[Call]:
    """The first call of each step that is after the call of the step before, until a step is missing."""
    matched: list[Call] = []
    for call in seen:
        if len(matched) == len(steps):
            break
        number, wanted = steps[len(matched)]
        if Calls([call]).where(number, **wanted):
            matched.append(call)
    return matched


def _failure(steps: list[tuple[str, CallFilters]], matched: list[Call], seen: Calls, dropped: int) -> str:
    number, wanted = steps[len(matched)]
    place = f"after {matched[-1].id}" if matched else "first"
    lines = [f"step {len(matched) + 1} of {len(steps)} is missing: expected a call {said(number, wanted)} {place}."]
    if dropped:
        lines.append(f"The journal has dropped {dropped} such calls; --journal keeps more.")
    return "\n".join([*lines, *listed(seen)])
