"""Limits the size of a YAML text with its aliases expanded, measured on its events before a tree is built.

The tree is built and read recursively: deep nesting would exhaust the stack, and a few lines of nested aliases would
fill the memory. Takes text, raises TooMuch; knows nothing of scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from mockface.reasons import Reason, Said

DEPTH_LIMIT = 64
"""The deepest nesting of values, with aliases expanded."""
REPEAT_LIMIT = 100_000
"""The most values that all aliases together may repeat."""

_START = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_END = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


TOO_DEEP = Reason("this is nested more than {limit} levels deep", "嵌套超过 {limit} 层").of(limit=DEPTH_LIMIT)
_ITSELF = Reason("*{alias} is inside the value that it repeats", "*{alias} 位于它所引用的值之内")
_MUCH_REPEATED = Reason("aliases repeat more than {limit} values", "别名重复的值超过 {limit} 个")


class TooMuch(Exception):
    """The text exceeds a limit at this line and column, which count from 0."""

    def __init__(self, event: yaml.NodeEvent, why: Said) -> None:
        super().__init__(why)
        self.why = why
        self.line, self.column = (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)


@dataclass(slots=True)
class _Size:
    """The size of a value: how many values it contains, itself included, and how many levels; `whole` at its end."""

    values: int = 1
    levels: int = 1
    whole: bool = False


class _Measure:
    """Measures the events of one document."""

    def __init__(self) -> None:
        self._open: list[_Size] = []
        self._named: dict[str, _Size] = {}
        self._repeated = 0

    def take(self, event: yaml.Event) -> None:
        """Process one event. Raises TooMuch."""
        if isinstance(event, _END):
            self._end(self._open.pop())
        elif isinstance(event, _START):
            size = _Size()
            self._open.append(size)
            self._name(event, size)
            if len(self._open) > DEPTH_LIMIT:
                raise TooMuch(event, TOO_DEEP)
        elif isinstance(event, yaml.AliasEvent):
            self._follow(event)
        elif isinstance(event, yaml.ScalarEvent):
            size = _Size(whole=True)
            self._name(event, size)
            self._end(size)

    def _name(self, event: yaml.NodeEvent, size: _Size) -> None:
        if event.anchor is not None:
            self._named[event.anchor] = size

    def _end(self, size: _Size) -> None:
        size.whole = True
        if self._open:
            around = self._open[-1]
            around.values += size.values
            around.levels = max(around.levels, size.levels + 1)

    def _follow(self, event: yaml.AliasEvent) -> None:
        size = self._named.get(event.anchor or "")
        if size is None:
            return  # The composer reports it, with its position.
        if not size.whole:
            raise TooMuch(event, _ITSELF.of(alias=event.anchor))
        self._repeated += size.values
        if self._repeated > REPEAT_LIMIT:
            raise TooMuch(event, _MUCH_REPEATED.of(limit=REPEAT_LIMIT))
        if len(self._open) + size.levels > DEPTH_LIMIT:
            raise TooMuch(event, TOO_DEEP)
        self._end(size)


def must_be_bounded(text: str, loader: type[yaml.SafeLoader]) -> None:
    """Raises TooMuch at the first place beyond a limit; the loader's errors for invalid YAML pass through."""
    measure = _Measure()
    for event in yaml.parse(text, Loader=loader):
        measure.take(event)
