"""Adds scenarios at run time, for a given number or a new one; removes them and looks them up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any

from mockface.emulator import Emulator
from mockface.errors import BadScenario, Exhausted
from mockface.model import Scenario
from mockface.operation import every_code, nameless
from mockface.reasons import Reason, words
from mockface.scenariofiles.merged import Loaded
from mockface.scenarios.lookup import SHAPE_LIMIT, WILDCARDS, Chosen, Layer, as_key
from mockface.scenarios.mint import Mint

ORIGIN = words("added at run time", "运行时添加")
_NO_JSON = Reason(
    "a number is NaN or infinite, which JSON cannot represent ({fault})",
    "有数字为 NaN 或无穷大，JSON 无法表示（{fault}）",
)
_HEAVY = Reason(
    "the added scenarios take about {size} MiB, which is the limit; remove some, or reset the scenarios",
    "添加的场景已占约 {size} MiB，已达上限；应删除一些，或重置场景",
)
_FULL = Reason(
    "patterns have their ? and # in {limit} different places already, which is the limit",
    "各模式中 ? 和 # 的位置已有 {limit} 种，达到上限",
)
_OVERLAP = Reason(
    "{number} and {other}, also added at run time, match a common number",
    "{number} 与同样在运行时添加的 {other} 会匹配同一号码",
)
SIMILARITY = 100.0
"""What is answered for whoever is added without an outcome."""
_OUTCOMES = {"similarity", "code", "result", "error", "live", "fault", "sequence"}


LIMIT_BYTES = 64 * 1024 * 1024
"""The approximate memory limit for added scenarios, in bytes."""
_WEIGHT, _STEP_WEIGHT = 1500, 400
"""The approximate size in bytes of a scenario and of each step, without the fields as given."""


@dataclass
class AddedScenarios:
    """The scenarios added to an emulator at run time; they take precedence over those of files.

    One thread writes at a time: the API adds in the server's thread, a test's handle in the test's. Look-ups need no
    lock, see `Layer`.
    """

    emulator: Emulator
    added: Layer
    mint: Mint
    given: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The fields of each scenario as given, for later changes."""
    size_bytes: int = 0
    """Their approximate size in bytes."""
    _weights: dict[str, int] = field(default_factory=dict)
    _writing: RLock = field(default_factory=RLock)

    def add(self, given: Mapping[str, Any]) -> Scenario:
        """Add a scenario from its fields; without a `number` a new one is issued.

        Raises BadScenario, Exhausted.

        Without an outcome it is a success, which is what most tests need.
        """
        number, fields = self.asked(given)
        with self._writing:
            if number is None:
                number = self.mint.fresh(self.in_use)
            scenario = self.prepared(number, fields)
            self.put(scenario, fields)
        return scenario

    @staticmethod
    def asked(given: Mapping[str, Any]) -> tuple[object, dict[str, Any]]:
        """The number that is asked for, None for a new one, and the scenario's fields."""
        fields = dict(given)
        if not _OUTCOMES & set(fields):
            fields["similarity"] = SIMILARITY
        return fields.pop("number", None), fields

    def prepared(self, number: object, fields: dict[str, Any]) -> Scenario:
        """The scenario of these fields, if it can be added. Raises BadScenario, Exhausted."""
        scenario = self._read(number, fields)
        self._must_not_overlap(scenario)
        self._must_have_room(scenario, fields)
        return scenario

    def put(self, scenario: Scenario, fields: dict[str, Any]) -> None:
        """Answer by a prepared scenario, in place of one with its number."""
        with self._writing:
            weight = _weight(scenario, fields)
            self.size_bytes += weight - self._weights.get(scenario.number, 0)
            self._weights[scenario.number] = weight
            self.added.add(scenario)
            self.given[scenario.number] = fields
            self._begin_anew([scenario.number])

    def remove(self, number: str) -> bool:
        """Remove an added scenario; False if none has exactly this number or pattern."""
        with self._writing:
            key = as_key(number)
            removed = self.added.remove(key)
            if removed:
                self._drop(key)
                self._begin_anew([key])
        return removed

    def forget(self, numbers: Iterable[str]) -> None:
        """Remove the scenarios added for these numbers or patterns, and reset the call counts of the numbers.

        Raises BadValue, see Chosen.
        """
        named = [as_key(number) for number in numbers]
        chosen = Chosen(named)
        with self._writing:
            for number in named:
                if self.added.remove(number):
                    self._drop(number)
            self._begin_anew(named, chosen)

    def clear(self) -> None:
        """Remove all added scenarios."""
        with self._writing:
            numbers = [scenario.number for scenario in self.added]
            self.added.clear()
            self.given.clear()
            self._weights.clear()
            self.size_bytes = 0
            self._begin_anew(numbers)

    def in_use(self, number: str) -> bool:
        """Whether a number has a scenario."""
        scenarios = self.emulator.scenarios
        return not scenarios.is_default(scenarios.find(number))

    def _read(self, number: object, fields: dict[str, Any]) -> Scenario:
        """Read it like a file: the same format and the same diagnostics."""
        # Imported late: most servers never add a scenario, so they need not import YAML.
        from mockface.scenariofiles import reader
        from mockface.scenariofiles.yaml.limits import TOO_DEEP

        deny = self.emulator.rules.deny_real_ids
        loaded = Loaded(
            self.emulator.now() if deny else None,
            deny,
            every_code(self.emulator.operations),
            nameless(self.emulator.operations),
        )
        try:
            text = json.dumps({"scenarios": {str(number): fields}}, ensure_ascii=False, allow_nan=False)
        except RecursionError:
            raise BadScenario(TOO_DEEP) from None
        except ValueError as fault:
            raise BadScenario(_NO_JSON.of(fault=fault)) from None
        # YAML has no surrogate pairs, and reads some characters as line breaks that JSON does not.
        escaped = re.sub(r"[^ -~]", lambda found: f"\\U{ord(found[0]):08x}", text)
        reader.read_text(loaded, ORIGIN, escaped)
        if loaded.diagnostics:
            raise BadScenario(*(diagnostic.text for diagnostic in loaded.diagnostics))
        (scenario,) = loaded.scenarios.values()
        return replace(scenario, origin=ORIGIN)

    def _must_not_overlap(self, scenario: Scenario) -> None:
        if not set(WILDCARDS) & set(scenario.number):
            return
        if self.added.is_full_for(scenario.number):
            raise BadScenario(_FULL.of(limit=SHAPE_LIMIT))
        other = self.added.clash(scenario)
        if other is not None:
            raise BadScenario(_OVERLAP.of(number=scenario.number, other=other.number))

    def _must_have_room(self, scenario: Scenario, fields: Mapping[str, Any]) -> None:
        """Raises Exhausted."""
        if self.size_bytes + _weight(scenario, fields) - self._weights.get(scenario.number, 0) > LIMIT_BYTES:
            raise Exhausted(_HEAVY.of(size=LIMIT_BYTES >> 20))

    def _drop(self, number: str) -> None:
        self.given.pop(number, None)
        self.size_bytes -= self._weights.pop(number, 0)

    def _begin_anew(self, numbers: list[str], chosen: Chosen | None = None) -> None:
        """Reset the call counts of the numbers whose scenario has changed; looks at each counted number once."""
        store = self.emulator.rules.store
        chosen = chosen or Chosen(numbers)
        store.clear_counts([one for one in store.counted() if one in chosen] if chosen.has_patterns else numbers)


def _weight(scenario: Scenario, fields: Mapping[str, Any]) -> int:
    """The approximate size of a scenario in bytes."""
    return _WEIGHT + _STEP_WEIGHT * len(scenario.steps) + len(str(fields))
