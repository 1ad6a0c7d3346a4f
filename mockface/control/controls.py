"""The one control of a running mockface: what the API and the handle of tests ask of it and change, in the same words.

Each is a face of this: it parses, calls one verb, and shows what came. No verb waits or knows a socket; all raise
MockfaceErrors, whose texts are for people.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, NamedTuple

from mockface import idcard
from mockface.control import clock as moving
from mockface.control.added import ORIGIN, AddedScenarios
from mockface.control.amount import Amount
from mockface.control.counting import Counting, Filter, Verified
from mockface.control.loading import Loading
from mockface.control.switches import Switches
from mockface.control.wanted import Found, Wanted
from mockface.emulator import Emulator
from mockface.errors import BadScenario, BadValue, Unknown
from mockface.journal.entry import Entry
from mockface.journal.queries import lost
from mockface.journal.recorder import Tally
from mockface.model import Scenario
from mockface.operation import Operation
from mockface.privacy.masking import masked_numbers, shown
from mockface.reasons import Reason, Said, masked
from mockface.scenarios.mint import Mint
from mockface.state import Clock

logger = logging.getLogger("mockface")

NOT_ADDED = Reason(
    "no scenario was added for {number}; those of files stay", "没有为 {number} 添加过场景；文件中的场景保留"
)
NO_CALL = Reason(
    "no call {call} is remembered; the journal keeps the last ones", "没有调用 {call} 的记录；只保留最近的调用"
)
BOTH = Reason(
    "numbers and {parts}; numbers alone resets counts and scenarios of these",
    "同时给出了 numbers 和 {parts}；只给 numbers 时，重置这些号码的计数和场景",
)
PARTS = ("counters", "journal", "scenarios", "clock", "switches")
"""What can be reset."""


class Explained(NamedTuple):
    """A call, and why it got its answer, as plain data (see `journal.verdict`)."""

    entry: Entry
    verdict: dict[str, Any]


class ShownScenario(NamedTuple):
    """A scenario with its number and its registered name as they may be shown.

    `added` says whether it was added at run time, `fields` are those that it was added with, the name masked as well.
    """

    scenario: Scenario
    number: str
    name: str | None
    added: bool
    fields: dict[str, Any] | None


class OfNumber(NamedTuple):
    """The scenario that a number would get; if that is the default, the nearest others, in words."""

    shown: ShownScenario
    by_default: bool
    near_misses: Sequence[str]


class Measures(NamedTuple):
    """What is counted of a server, for metrics. `scenario_errors` keep changed files out."""

    tally: Tally
    journal_calls: int
    journal_bytes: int
    scenarios: int
    scenario_errors: int
    reloads: int


def _without_numbers(mistake: str) -> str:
    """A mistake without the ID numbers of people, in both languages."""
    return masked(mistake, masked_numbers) if isinstance(mistake, Said) else masked_numbers(mistake)


class Controls:
    """The verbs of one running mockface, for any thread; `operations` are those that it emulates.

    `before_reset` is called before a reset forgets calls: for who lists them.
    """

    def __init__(
        self,
        emulator: Emulator,
        loading: Loading,
        clock: Clock,
        signature: str,
        before_reset: Callable[[], None] = lambda: None,
    ) -> None:
        self.clock = clock
        self.added = AddedScenarios(emulator, loading.added, Mint())
        self.switches = Switches(emulator, loading, clock, signature)
        self._emulator = emulator
        self._loading = loading
        self._before_reset = before_reset
        self._at_end: list[Callable[[], None]] = []
        self._ended = False

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What is emulated."""
        return self._emulator.operations

    def add(self, fields: Mapping[str, Any]) -> Scenario:
        """Add a scenario, see AddedScenarios. Raises BadScenario, Exhausted."""
        try:
            return self.added.add(fields)
        except BadScenario as fault:
            raise BadScenario(*map(_without_numbers, fault.mistakes)) from fault

    def remove(self, number: str) -> None:
        """Remove a scenario that was added, by its number or pattern, or as it is shown. Raises Unknown."""
        alike = [given for given in tuple(self.added.given) if self._named(given) == number]
        if not self.added.remove(alike[0] if len(alike) == 1 else number):
            raise Unknown(NOT_ADDED.of(number=shown(number, 20)))

    def scenarios(self, limit: int, offset: int) -> tuple[int, Iterator[ShownScenario]]:
        """How many scenarios are loaded, and a page of them, those of run time first."""
        layers = self._emulator.scenarios.layers
        every = list(chain.from_iterable(layers))
        return len(every), map(self._shown, islice(every, offset, offset + limit))

    def scenario_of(self, number: str) -> OfNumber:
        """What a number would get."""
        scenarios = self._emulator.scenarios
        scenario = scenarios.find(number)
        by_default = scenarios.is_default(scenario)
        # What judges finished calls is no part of a start.
        from mockface.journal.verdict import near_misses

        return OfNumber(self._shown(scenario), by_default, near_misses(number, scenarios) if by_default else [])

    def _shown(self, scenario: Scenario) -> ShownScenario:
        added = scenario.origin == ORIGIN
        name = scenario.name and self._emulator.recorder.masks.name(scenario.name, scenario.number)
        given = self.added.given.get(scenario.number) if added else None
        fields = None if given is None else {**given, "name": name} if "name" in given else dict(given)
        return ShownScenario(scenario, self._named(scenario.number), name, added, fields)

    def _named(self, number: str) -> str:
        return number if self._emulator.recorder.masks.shows(number) else idcard.masked_key(number)

    def forget(self, numbers: Collection[str]) -> None:
        """Remove what was added for these numbers and patterns, start their counts over. Raises BadValue."""
        self.added.forget(numbers)

    def restart_counts(self) -> None:
        """Start the counts of all numbers over, those of rates and single-use signatures too."""
        store = self._emulator.rules.store
        store.clear_counts()
        store.clear_signatures()

    def reset(self, parts: Collection[str] = (), numbers: Collection[str] | None = None) -> tuple[str, ...]:
        """Forget these of PARTS, all if none is named; or what belongs to these numbers. Raises BadValue.

        Returns the parts that were reset.
        """
        named = tuple(part for part in PARTS if part in parts)
        if numbers is not None:
            if named:
                raise BadValue(BOTH.of(parts=", ".join(named)))
            self.forget(numbers)
            return ("counters", "scenarios")
        self._before_reset()
        chosen = named or PARTS
        logger.info("reset %s", ", ".join(chosen))
        recorder = self._emulator.recorder
        if "counters" in chosen:
            self.restart_counts()
        if "journal" in chosen:
            recorder.journal.clear()
            recorder.coverage.clear()
        if "scenarios" in chosen:
            self.added.clear()
        if "clock" in chosen:
            self.clock.reset()
        if "switches" in chosen:
            self.switches.back()
        return chosen

    def now(self) -> float:
        """The time that it goes by, seconds since 1970."""
        return self.clock.now()

    def offset_s(self) -> float:
        """How far that is ahead of the machine's time."""
        return self.clock.offset_s

    def set_clock(self, now: float) -> None:
        """Set the clock. Raises BadValue."""
        moving.set_to(self.clock, now)

    def advance(self, by: str | float) -> None:
        """Advance the clock. Raises BadValue."""
        moving.advance(self.clock, by)

    def calls(self, number: str | None, code: int | str | None, since: float | None, limit: int) -> Sequence[Entry]:
        """The last calls, the newest first; `since` is seconds since 1970."""
        recorder = self._emulator.recorder
        chosen = list(recorder.journal.matching(self._key(number), code, since))[-limit:]
        chosen.reverse()
        return chosen

    def as_shown(self, number: str) -> str:
        """A number as calls of it show it."""
        return self._emulator.recorder.masks.number(number)

    def _key(self, number: str | None) -> str | None:
        return None if number is None else self._emulator.recorder.masks.key(number)

    def find(self, wanted: Wanted) -> Found[Entry]:
        """The wanted calls. Raises BadValue for numbers that take long to look for."""
        recorder = self._emulator.recorder
        chosen = Filter(wanted, recorder.masks)
        entries = recorder.journal.entries()
        dropped = lost(recorder.journal, entries, wanted.numbers, recorder.masks, wanted.after)
        return Found(chosen.of(entries), dropped, entries[-1].id if entries else "")

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""
        entries = self._emulator.recorder.journal.entries()
        return entries[-1].id if entries else ""

    def count(self, wanted: Wanted, amount: Amount, settled: Callable[[], None] = lambda: None) -> Counting:
        """What counts the wanted calls, and those to come while its `tell` is subscribed. Raises BadValue, see find."""
        return Counting(self._emulator.recorder, wanted, amount, settled)

    def verify(self, wanted: Wanted, amount: Amount) -> Verified:
        """Whether so many of the wanted calls came. Raises BadValue, see find."""
        return self.count(wanted, amount).verified()

    @contextmanager
    def subscribed(self, tell: Callable[[Entry], None], at_end: Callable[[], None] = lambda: None) -> Iterator[None]:
        """While entered, tell of every call as it comes, in the thread that notes it; `at_end`: that no more come."""
        unsubscribe = self._emulator.recorder.journal.listen(tell)
        self._at_end.append(at_end)
        try:
            if self._ended:
                at_end()
            yield
        finally:
            unsubscribe()
            self._at_end.remove(at_end)

    def of(self, number: str | None, code: int | str | None) -> Callable[[Entry], bool]:
        """Whether a call is of this number, with this code; None for any."""
        key = self._key(number)
        return lambda entry: (key is None or entry.key == key) and (code is None or entry.code == code)

    def begin(self) -> None:
        """Calls come from now on."""
        self._ended = False

    def end(self) -> None:
        """No more calls come: who waits for them is told."""
        self._ended = True
        for tell in tuple(self._at_end):
            tell()

    def coverage(self) -> dict[str, Any]:
        """Which codes, forms and faults were asked for (see `journal.coverage`)."""
        return self._emulator.recorder.coverage.report()

    def verdict(self, call_id: str) -> Explained:
        """A call with why it got its answer. Raises Unknown if it is not remembered."""
        emulator = self._emulator
        entry = emulator.recorder.journal.get(call_id)
        if entry is None:
            raise Unknown(NO_CALL.of(call=shown(call_id, 40)))
        from mockface.journal.verdict import verdict

        return Explained(entry, verdict(entry, entry.ran, emulator.rules, emulator.scenarios))

    def measures(self) -> Measures:
        """What is counted."""
        recorder = self._emulator.recorder
        return Measures(
            recorder.tally, len(recorder.journal), recorder.journal.size_bytes, len(self._emulator.scenarios),
            len(self._loading.mistakes), self._loading.reloads,
        )  # fmt: skip
