"""The one place that knows the way from a request to its answer.

    RawRequest -> hear -> Call -> checks, in order -> the number's scenario -> Answer

It is told everything and touches nothing: no socket, no clock of its own, no file, no framework, no await.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from mockface import idcard
from mockface.checks import Check, Rules
from mockface.journal.entry import Noted
from mockface.journal.recorder import Recorder
from mockface.model import Answer, Call, Head, RawRequest, Scenario, Step
from mockface.operation import Operation
from mockface.operations.answering import OTHER_NAME, outcome, refusal
from mockface.scenarios.lookup import ScenarioSet
from mockface.scenarios.turns import Turn, turn_of
from mockface.state import LONGEST_NUMBER

REMEMBERED_CHOICES = 10_000
"""How many numbers' choices are remembered before they are worked out anew; it bounds memory to some 10 MiB."""


class Choice(NamedTuple):
    """A number's scenario and how that is called; its one turn if every call gets the same; a plain success's body."""

    scenario: Scenario
    key: str
    turn: Turn | None = None
    body: bytes | None = None


class Emulator:
    """Answers requests by its operations, rules and scenarios, and remembers what it was asked.

    `mode` is that of `--signature`; requests to paths that are no operation's meet the checks of the first. `clock`
    gives seconds since 1970, `timer` seconds of the shell's timer, `seed` repeats chance, `run` begins the ids of its
    calls.
    """

    def __init__(
        self,
        operations: tuple[Operation, ...],
        mode: str,
        rules: Rules,
        scenarios: ScenarioSet,
        clock: Callable[[], float],
        *,
        seed: int = 0,
        run: str = "call",
        timer: Callable[[], float] = lambda: 0.0,
        recorder: Recorder | None = None,
    ) -> None:
        self.operations = operations
        self.paths = frozenset(operation.path for operation in operations)
        self._by_place = {(operation.path, operation.action.encode()): operation for operation in reversed(operations)}
        for operation in reversed(operations):
            # Another action of this path is the first operation's, whose checks refuse it.
            self._by_place[operation.path, b""] = operation
        self.mode = mode
        self.rules = rules
        self.scenarios = scenarios
        self.recorder = recorder or Recorder(operations)
        self._clock = clock
        self._timer = timer
        self._seed = seed
        self._run = run
        self._numbers = count(1)
        self._first = operations[0]
        self._first_with_action = next((one for one in operations if one.action), self._first)
        self._choices: dict[tuple[str, str], Choice] = {}
        self._changes = scenarios.changes

    def answer(self, raw: RawRequest) -> Answer:
        """The answer to a request, whatever it is; it is in the journal when this returns."""
        operation = self.operation_of(raw.path, raw.head)
        dialect = operation.dialect
        if dialect.action_in is not None and not raw.head.action:
            operation = self._by_place.get((raw.path, dialect.action_in(raw))) or operation
        checks = operation.checks[self.mode]
        call = dialect.hear(
            raw, self._clock(), f"{self._run}-{next(self._numbers)}", operation.table, self._seed, self.rules
        )
        answer = self._decide(operation, checks, call)
        elapsed_ms = (self._timer() - raw.began) * 1000
        self.recorder.note(Noted(call, answer, elapsed_ms, self.rules.accounts, checks, operation))
        return answer

    def begin_run(self, run: str) -> None:
        """Begin the ids of calls with this from now on: a process that was forked has ids of its own."""
        self._run = run

    def operation_of(self, path: str, head: Head) -> Operation:
        """The operation of a path and an action.

        Another action meets the first operation of its path. Another path meets the first operation with an action if
        the request names one, else the first of all.
        """
        found = self._by_place
        elsewhere = self._first_with_action if head.action else self._first
        return found.get((path, head.action)) or found.get((path, b"")) or elsewhere

    def now(self) -> float:
        """The time that it goes by, in seconds since 1970."""
        return self._clock()

    def replace(self, rules: Rules, scenarios: ScenarioSet) -> None:
        """Go by other scenarios and accounts from the next call on; counters of numbers that answer as before stay."""
        counted = rules.store.counted()
        changed = [number for number in counted if scenarios.answering(number) != self.scenarios.answering(number)]
        self.rules, self.scenarios = rules, scenarios
        self._choices = {}
        rules.store.clear_counts(changed)

    def _decide(self, operation: Operation, checks: tuple[Check, ...], call: Call) -> Answer:
        for check in checks:
            refused = check.test(call, self.rules)
            if refused is not None:
                return refusal(operation, refused, call, self.rules, check.name)
        number = call.number.upper() if operation.table.number else operation.name
        choice = self._choose(operation, number)
        scenario = choice.scenario
        if scenario.name is not None and scenario.name != call.name:
            why = OTHER_NAME.of(key=choice.key, origin=scenario.origin)
            step = Step(code=operation.mismatch)
            return outcome(operation, step, call, self.rules, why=why, refused_by="name_registered", scenario=scenario)
        if choice.turn is None:
            return self._answer_of(operation, self._turn(scenario, number), call)
        if choice.body is not None and operation.echoes is not None and operation.echoes.isdisjoint(call.fields):
            success = operation.success
            return Answer(
                success.number, success.status, choice.body, scenario=scenario, similarity=choice.turn.step.similarity,
                by_default=choice.turn.by_default, id=call.id, head=operation.dialect.head,
            )  # fmt: skip
        return self._answer_of(operation, choice.turn, call)

    def _choose(self, operation: Operation, number: str) -> Choice:
        """The scenario of a number, and all that follows from it alone: worked out once, until scenarios change."""
        changes = self.scenarios.changes
        if changes != self._changes or len(self._choices) >= REMEMBERED_CHOICES:
            self._changes, self._choices = changes, {}
        choice = self._choices.get((operation.name, number))
        if choice is None:
            choice = self._choice(operation, number)
            if len(number) <= LONGEST_NUMBER:
                self._choices[operation.name, number] = choice
        return choice

    def _choice(self, operation: Operation, number: str) -> Choice:
        scenarios = self.scenarios
        scenario = scenarios.find(number) if operation.table.number else scenarios.of_operation(number)
        key = idcard.masked_key(scenario.number)
        if scenario.counted:
            return Choice(scenario, key)
        turn = self._turn(scenario, number)
        plain = not turn.why and operation.echoes is not None
        return Choice(scenario, key, turn, operation.body(turn.step, None) if plain else None)

    def _answer_of(self, operation: Operation, turn: Turn, call: Call) -> Answer:
        return outcome(
            operation, turn.step, call, self.rules, why=turn.why, delay_s=turn.delay_s, scenario=turn.scenario,
            nth=turn.nth, by_default=turn.by_default,
        )  # fmt: skip

    def _turn(self, scenario: Scenario, number: str) -> Turn:
        return turn_of(self.scenarios, scenario, number, self.rules.store, self._seed)
