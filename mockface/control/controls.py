"""The operations on a running mockface that the API and the test handle share.

The API and the handle parse their input, call one method here and show the result. No method waits or uses sockets;
errors are MockfaceErrors with messages for people.
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
from mockface.journal.recorder import Recorder, Tally
from mockface.model import Scenario
from mockface.operation import Operation
from mockface.privacy.masking import masked_numbers, shown
from mockface.reasons import Reason, Said, masked
from mockface.scenarios.lookup import as_key
from mockface.scenarios.mint import Mint
from mockface.state import Clock

logger = logging.getLogger("mockface")

NOT_ADDED = Reason(
    "no added scenario has number {number}; scenarios of files cannot be removed",
    "没有为 {number} 添加过场景；文件中的场景不能删除",
)
NO_CALL = Reason("the journal has no call {call}; it keeps only the latest", "没有调用 {call} 的记录；只保留最近的调用")
BOTH = Reason(
    "both numbers and {parts} are given; numbers alone resets the counts and scenarios of these numbers",
    "同时给出了 numbers 和 {parts}；只给 numbers 时，重置这些号码的计数和场景",
)
PARTS = ("counters", "journal", "scenarios", "clock", "switches")
"""The parts that can be reset."""


class Explained(NamedTuple):
    """A call, and the explanation of its answer as plain data (see `journal.verdict`)."""

    entry: Entry
    verdict: dict[str, Any]


class ShownScenario(NamedTuple):
    """A scenario with its number and registered name masked if necessary.

    `added` says whether it was added at run time; `fields` are the fields it was added with, the name masked too.
    """

    scenario: Scenario
    number: str
    name: str | None
    added: bool
    fields: dict[str, Any] | None


class OfNumber(NamedTuple):
    """The scenario that answers a number; if that is the default, the nearest others as sentences."""

    shown: ShownScenario
    by_default: bool
    near_misses: Sequence[str]


class Measures(NamedTuple):
    """Counters of a server, for metrics. `scenario_errors` are mistakes that prevent a reload."""

    tally: Tally
    journal_calls: int
    journal_bytes: int
    scenarios: int
    scenario_errors: int
    reloads: int


@contextmanager
def _told_without_numbers() -> Iterator[None]:
    try:
        yield
    except BadScenario as fault:
        raise BadScenario(*map(_without_numbers, fault.mistakes)) from fault


def _without_numbers(mistake: str) -> str:
    """A message without ID numbers of real people, in both languages."""
    return masked(mistake, masked_numbers) if isinstance(mistake, Said) else masked_numbers(mistake)


class Controls:
    """The operations on one running mockface, for use from any thread.

    `before_reset` is called before a reset removes calls, for those who list them. `seen` is what is shown of calls,
    where that is more than this server recorded.
    """

    def __init__(
        self,
        emulator: Emulator,
        loading: Loading,
        clock: Clock,
        signature: str,
        before_reset: Callable[[], None] = lambda: None,
        seen: Recorder | None = None,
    ) -> None:
        self.clock = clock
        self.added = AddedScenarios(emulator, loading.added, Mint())
        self.switches = Switches(emulator, loading, clock, signature)
        self._emulator = emulator
        self._loading = loading
        self._before_reset = before_reset
        self._recorder = seen or emulator.recorder
        self._at_end: list[Callable[[], None]] = []
        self._ended = False

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The emulated operations."""
        return self._emulator.operations

    def add(self, fields: Mapping[str, Any]) -> Scenario:
        """Add a scenario, see AddedScenarios. Raises BadScenario, Exhausted."""
        with _told_without_numbers():
            return self.added.add(fields)

    def prepared(self, number: object, fields: dict[str, Any]) -> Scenario:
        """The scenario of these fields, if it can be added. Raises BadScenario, Exhausted."""
        with _told_without_numbers():
            return self.added.prepared(number, fields)

    def remove(self, number: str) -> None:
        """Remove an added scenario by its number or pattern, masked or not. Raises Unknown."""
        self.added.remove(self.added_as(number))

    def added_as(self, number: str) -> str:
        """The number or pattern of an added scenario, given masked or not. Raises Unknown."""
        alike = [given for given in tuple(self.added.given) if self._named(given) == number]
        key = as_key(alike[0] if len(alike) == 1 else number)
        if key not in self.added.given:
            raise Unknown(NOT_ADDED.of(number=shown(number, 20)))
        return key

    def scenarios(self, limit: int, offset: int) -> tuple[int, Iterator[ShownScenario]]:
        """How many scenarios are loaded, and a page of them, those added at run time first."""
        layers = self._emulator.scenarios.layers
        every = list(chain.from_iterable(layers))
        return len(every), map(self._shown, islice(every, offset, offset + limit))

    def scenario_of(self, number: str) -> OfNumber:
        """The scenario that answers a number."""
        scenarios = self._emulator.scenarios
        scenario = scenarios.answering(number)
        by_default = scenarios.is_default(scenario)
        # Imported late: a start does not need the verdicts.
        from mockface.journal.verdict import near_misses

        return OfNumber(self._shown(scenario), by_default, near_misses(number, scenarios) if by_default else [])

    def _shown(self, scenario: Scenario) -> ShownScenario:
        added = scenario.origin == ORIGIN
        name = scenario.name and self._recorder.masks.name(scenario.name, scenario.number)
        given = self.added.given.get(scenario.number) if added else None
        fields = None if given is None else {**given, "name": name} if "name" in given else dict(given)
        return ShownScenario(scenario, self._named(scenario.number), name, added, fields)

    def _named(self, number: str) -> str:
        return number if self._recorder.masks.shows(number) else idcard.masked_key(number)

    def forget(self, numbers: Collection[str]) -> None:
        """Remove the scenarios added for these numbers and patterns, reset their counts. Raises BadValue."""
        self.added.forget(numbers)

    def restart_counts(self) -> None:
        """Reset the counts of all numbers, including rates and single-use signatures."""
        store = self._emulator.rules.store
        store.clear_counts()
        store.clear_signatures()

    def reset(self, parts: Collection[str] = (), numbers: Collection[str] | None = None) -> tuple[str, ...]:
        """Reset these of PARTS, all if none is named; or what belongs to these numbers. Raises BadValue.

        Returns the parts that were reset.
        """
        chosen = self.parts(parts, numbers)
        if numbers is not None:
            self.forget(numbers)
            return chosen
        self.reset_parts(chosen)
        return chosen

    @staticmethod
    def parts(parts: Collection[str], numbers: Collection[str] | None) -> tuple[str, ...]:
        """The parts that a reset is about. Raises BadValue for numbers beside parts."""
        named = tuple(part for part in PARTS if part in parts)
        if numbers is not None:
            if named:
                raise BadValue(BOTH.of(parts=", ".join(named)))
            return ("counters", "scenarios")
        return named or PARTS

    def reset_parts(self, chosen: Collection[str]) -> None:
        """Reset these of PARTS."""
        self._before_reset()
        logger.info("reset %s", ", ".join(chosen))
        if "counters" in chosen:
            self.restart_counts()
        if "journal" in chosen:
            for recorder in {self._recorder, self._emulator.recorder}:
                recorder.journal.clear()
                recorder.coverage.clear()
        if "scenarios" in chosen:
            self.added.clear()
        if "clock" in chosen:
            self.clock.reset()
        if "switches" in chosen:
            self.switches.back()

    def now(self) -> float:
        """The time of mockface's clock, in seconds since 1970."""
        return self.clock.now()

    def offset_s(self) -> float:
        """How many seconds that is ahead of the machine's clock."""
        return self.clock.offset_s

    def set_clock(self, now: float) -> None:
        """Set the clock. Raises BadValue."""
        moving.set_to(self.clock, now)

    def advance(self, by: str | float) -> None:
        """Advance the clock. Raises BadValue."""
        moving.advance(self.clock, by)

    def calls(
        self, number: str | None, code: int | str | None, since: float | None, limit: int, seq: str | None = None
    ) -> Sequence[Entry]:
        """The latest calls, newest first; `since` is seconds since 1970, `seq` their seq or session_id."""
        recorder = self._recorder
        mark = None if seq is None else recorder.masks.mark(seq)
        chosen = list(recorder.journal.matching(self._key(number), code, since, mark))[-limit:]
        chosen.reverse()
        return chosen

    def shows(self, number: str) -> bool:
        """Whether what belongs to this number or pattern is shown as it is."""
        return self._recorder.masks.shows(number)

    def as_shown(self, number: str) -> str:
        """A number as shown in calls, masked if necessary."""
        return self._recorder.masks.number(number)

    def _key(self, number: str | None) -> str | None:
        return None if number is None else self._recorder.masks.key(number)

    def find(self, wanted: Wanted) -> Found[Entry]:
        """The calls that match. Raises BadValue for too many patterns, see Chosen."""
        recorder = self._recorder
        chosen = Filter(wanted, recorder.masks)
        entries = recorder.journal.entries()
        dropped = lost(recorder.journal, entries, wanted.numbers, recorder.masks, wanted.after)
        return Found(chosen.of(entries), dropped, entries[-1].id if entries else "")

    def newest(self) -> str:
        """The id of the newest call, "" if there is none."""
        entries = self._recorder.journal.entries()
        return entries[-1].id if entries else ""

    def count(self, wanted: Wanted, amount: Amount, settled: Callable[[], None] = lambda: None) -> Counting:
        """A counter of the matching calls, now and while its `tell` is subscribed. Raises BadValue, see find."""
        return Counting(self._recorder, wanted, amount, settled)

    def verify(self, wanted: Wanted, amount: Amount) -> Verified:
        """Whether the expected number of matching calls came. Raises BadValue, see find."""
        return self.count(wanted, amount).verified()

    @contextmanager
    def subscribed(self, tell: Callable[[Entry], None], at_end: Callable[[], None] = lambda: None) -> Iterator[None]:
        """While entered, `tell` is called for each new call, in the recording thread; `at_end` after the last."""
        unsubscribe = self._recorder.journal.listen(tell)
        self._at_end.append(at_end)
        try:
            if self._ended:
                at_end()
            yield
        finally:
            unsubscribe()
            self._at_end.remove(at_end)

    def of(self, number: str | None, code: int | str | None, seq: str | None = None) -> Callable[[Entry], bool]:
        """Whether a call has this number, this code and this seq or session_id; None matches any."""
        key = self._key(number)
        mark = None if seq is None else self._recorder.masks.mark(seq)
        return lambda entry: (
            (key is None or entry.key == key)
            and (code is None or entry.answered(code))
            and (mark is None or mark in entry.marks)
        )

    def begin(self) -> None:
        """Calls may arrive from now on."""
        self._ended = False

    def end(self) -> None:
        """No more calls will arrive; notify those who wait for them."""
        self._ended = True
        for tell in tuple(self._at_end):
            tell()

    def coverage(self) -> dict[str, Any]:
        """The codes, forms and faults covered so far (see `journal.coverage`)."""
        return self._recorder.coverage.report()

    def verdict(self, call_id: str) -> Explained:
        """A call with the explanation of its answer. Raises Unknown if it is no longer stored."""
        emulator = self._emulator
        entry = self._recorder.journal.get(call_id)
        if entry is None:
            raise Unknown(NO_CALL.of(call=shown(call_id, 40)))
        from mockface.journal.verdict import verdict

        return Explained(entry, verdict(entry, entry.ran, emulator.rules, emulator.scenarios))

    def measures(self) -> Measures:
        """The current counters."""
        recorder = self._recorder
        return Measures(
            recorder.tally, len(recorder.journal), recorder.journal.size_bytes, len(self._emulator.scenarios),
            len(self._loading.mistakes), self._loading.reloads,
        )  # fmt: skip
