"""Finds the scenario of a number: exact numbers before patterns, the team's own before shipped ones, then the default.

Patterns are grouped by the positions of their wildcards. Each group (a shape) costs one dictionary look-up, so the
cost depends on the number of shapes (a few), not on the number of scenarios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from mockface import idcard
from mockface.errors import BadValue
from mockface.model import Scenario, Step
from mockface.reasons import words

WILDCARDS = "?#"
SHAPE_LIMIT = 64
"""The most shapes in one layer: each costs one dictionary look-up per call."""


class Overlap(NamedTuple):
    """Two patterns that match a common number."""

    first: Scenario
    second: Scenario


_Probe = tuple[int, Callable[[str], object], set[object]]
"""A length, a reader of the fixed positions of a number, and the values that the patterns have there."""


def _key_of(fixed: tuple[int, ...]) -> Callable[[str], object]:
    """A function that reads the characters at these positions."""
    return itemgetter(*fixed) if len(fixed) > 1 else lambda number: tuple(number[at] for at in fixed)


class _Shape:
    """The patterns of one length with wildcards at the same positions."""

    def __init__(self, length: int, fixed: tuple[int, ...]) -> None:
        self.length = length
        self.fixed = fixed
        self.key = _key_of(fixed)
        self.by_key: dict[object, Scenario] = {}

    def find(self, number: str) -> Scenario | None:
        return self.by_key.get(self.key(number)) if len(number) == self.length else None


def as_key(number: str) -> str:
    """A number, a pattern or the name of an operation as the key of a scenario: a small x counts as X."""
    return number if idcard.is_operation(number) else number.upper()


def is_pattern(number: str) -> bool:
    """Whether it has wildcards."""
    return any(wildcard in number for wildcard in WILDCARDS)


def matches(pattern: str, number: str) -> bool:
    """Whether a number equals this number or matches this pattern."""
    return len(pattern) == len(number) and all(
        wanted in WILDCARDS or wanted == came for wanted, came in zip(pattern, number, strict=True)
    )


class Chosen:
    """The numbers and patterns that a request names. A look-up costs one probe per shape.

    Raises BadValue for more than SHAPE_LIMIT shapes.
    """

    def __init__(self, numbers: Iterable[str]) -> None:
        self.exact: set[str] = set()
        self._shapes: dict[tuple[int, tuple[int, ...]], _Probe] = {}
        for number in numbers:
            fixed = _fixed_places(number)
            if len(fixed) == len(number):
                self.exact.add(number)
                continue
            _, key, keys = self._shapes.setdefault((len(number), fixed), (len(number), _key_of(fixed), set()))
            keys.add(key(number))
            if len(self._shapes) > SHAPE_LIMIT:
                raise BadValue(
                    f"the patterns have their ? and # in more than {SHAPE_LIMIT} different places; "
                    "ask for fewer at once"
                )

    def __contains__(self, number: str) -> bool:
        if number in self.exact:
            return True
        long = len(number)
        return any(long == length and key(number) in keys for length, key, keys in self._shapes.values())

    @property
    def has_patterns(self) -> bool:
        """Whether any of them is a pattern."""
        return bool(self._shapes)


def _fixed_places(pattern: str) -> tuple[int, ...]:
    return tuple(at for at, character in enumerate(pattern) if character not in WILDCARDS)


class Layer:
    """The scenarios of one priority: the team's own, or the shipped ones."""

    def __init__(self, scenarios: Iterable[Scenario] = ()) -> None:
        self.exact: dict[str, Scenario] = {}
        self._shapes: dict[tuple[int, tuple[int, ...]], _Shape] = {}
        self.changes = 0
        for scenario in scenarios:
            self.add(scenario)

    def add(self, scenario: Scenario) -> None:
        """Add a scenario; it replaces one with the same number."""
        self.changes += 1
        fixed = _fixed_places(scenario.number)
        if len(fixed) == len(scenario.number):
            self.exact[scenario.number] = scenario
            return
        place = (len(scenario.number), fixed)
        shape = self._shapes.setdefault(place, _Shape(*place))
        shape.by_key[shape.key(scenario.number)] = scenario

    def remove(self, number: str) -> bool:
        """Remove the scenario with exactly this number or pattern; False if there is none."""
        self.changes += 1
        fixed = _fixed_places(number)
        if len(fixed) == len(number):
            return self.exact.pop(number, None) is not None
        shape = self._shapes.get((len(number), fixed))
        if shape is None or shape.by_key.pop(shape.key(number), None) is None:
            return False
        if not shape.by_key:
            del self._shapes[len(number), fixed]
        return True

    def clear(self) -> None:
        """Remove all scenarios."""
        self.changes += 1
        self.exact.clear()
        self._shapes.clear()

    def find(self, number: str) -> Scenario | None:
        """The scenario of this number (upper case X), or None."""
        found = self.exact.get(number)
        if found is None:
            for shape in tuple(self._shapes.values()):
                found = shape.find(number)
                if found is not None:
                    return found if _fits(found, number) else None
        return found

    @property
    def shapes(self) -> int:
        """How many different positions of wildcards its patterns have."""
        return len(self._shapes)

    def misfit(self, number: str) -> Scenario | None:
        """The pattern that matches this number except that the number's # digits are no valid similarity."""
        found = (shape.find(number) for shape in tuple(self._shapes.values()))
        return next((scenario for scenario in found if scenario is not None and not _fits(scenario, number)), None)

    def overlaps(self) -> Iterator[Overlap]:
        """Pairs of patterns that match a common number. Two patterns of the same shape cannot overlap."""
        shapes = list(self._shapes.values())
        for index, shape in enumerate(shapes):
            for other in shapes[index + 1 :]:
                if shape.length == other.length:
                    yield from _shared(shape, other)

    def clash(self, scenario: Scenario) -> Scenario | None:
        """A pattern of another shape that matches a common number, or None."""
        number, fixed = scenario.number, _fixed_places(scenario.number)
        for shape in self._shapes.values():
            if shape.length == len(number) and shape.fixed != fixed:
                common = set(fixed) & set(shape.fixed)
                for other in shape.by_key.values():
                    if all(other.number[at] == number[at] for at in common):
                        return other
        return None

    def is_full_for(self, number: str) -> bool:
        """Whether this pattern would exceed SHAPE_LIMIT."""
        return len(self._shapes) >= SHAPE_LIMIT and (len(number), _fixed_places(number)) not in self._shapes

    def __len__(self) -> int:
        return len(self.exact) + sum(len(shape.by_key) for shape in tuple(self._shapes.values()))

    def __iter__(self) -> Iterator[Scenario]:
        # Over copies: another thread may add a scenario during the iteration.
        yield from tuple(self.exact.values())
        for shape in tuple(self._shapes.values()):
            yield from tuple(shape.by_key.values())


def _shared(shape: _Shape, other: _Shape) -> Iterator[Overlap]:
    """Patterns of two shapes overlap if they agree at all positions that are fixed in both."""
    common = [at for at in shape.fixed if at in set(other.fixed)]
    index: dict[tuple[str, ...], Scenario] = {}
    for scenario in shape.by_key.values():
        index.setdefault(tuple(scenario.number[at] for at in common), scenario)
    for scenario in other.by_key.values():
        first = index.get(tuple(scenario.number[at] for at in common))
        if first is not None:
            yield Overlap(first, scenario)


def digits_of(scenario: Scenario, number: str) -> int:
    """The value of the number's `#` digits; 0 if the pattern has none, -1 if they are not digits."""
    digits = "".join(came for came, wanted in zip(number, scenario.number, strict=False) if wanted == "#")
    if not digits:
        return 0
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def _fits(scenario: Scenario, number: str) -> bool:
    """Whether the number's # digits are a valid outcome: a similarity of at most 100."""
    if "#" not in scenario.number:
        return True
    digits = digits_of(scenario, number)
    return digits >= 0 and all((step.digits_times or 0) * digits <= 100 for step in scenario.steps)


@dataclass(frozen=True, slots=True)
class ScenarioSet:
    """All loaded scenarios: layers in the order of look-up, and the two defaults."""

    layers: tuple[Layer, ...]
    well_formed: Scenario
    malformed: Scenario

    def find(self, number: str) -> Scenario:
        """The scenario that answers this number, or a default."""
        number = number.upper()
        for layer in self.layers:
            found = layer.find(number)
            if found is not None:
                return found
        return self.default_of(number)

    def answering(self, key: str) -> Scenario:
        """The scenario that answers this number, or the operation of this name."""
        return self.of_operation(key) if idcard.is_operation(key) else self.find(key)

    def of_operation(self, name: str) -> Scenario:
        """The scenario of an operation whose requests name no person, or the default of well-formed numbers."""
        return next((found for layer in self.layers if (found := layer.exact.get(name))), self.well_formed)

    def default_of(self, number: str) -> Scenario:
        """The default for a number, or for the name of an operation, without a scenario."""
        return self.well_formed if idcard.is_well_formed(number) or idcard.is_operation(number) else self.malformed

    def misfit(self, number: str) -> Scenario | None:
        """The pattern that matches this number except that the number's # digits are no valid similarity."""
        return next((found for layer in self.layers if (found := layer.misfit(number)) is not None), None)

    @property
    def changes(self) -> int:
        """How often the first layer changed, the only one that changes: a new value invalidates earlier results."""
        return self.layers[0].changes

    def is_default(self, scenario: Scenario) -> bool:
        """Whether this is one of the defaults."""
        return scenario is self.well_formed or scenario is self.malformed

    def __len__(self) -> int:
        return sum(map(len, self.layers))


DEFAULTS = {
    "well_formed": words("default: well_formed", "默认：格式正确的号码"),
    "malformed": words("default: malformed", "默认：格式不正确的号码"),
}
"""Shown in place of the number of a default."""
_BUILT_IN = words("built in", "内置")


def built_in_defaults(success: Step, refusal: Step) -> tuple[Scenario, Scenario]:
    """The defaults if no file defines any."""
    return (
        Scenario(DEFAULTS["well_formed"], (success,), _BUILT_IN),
        Scenario(DEFAULTS["malformed"], (refusal,), _BUILT_IN),
    )
