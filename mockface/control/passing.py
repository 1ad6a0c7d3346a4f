"""The time that passes, in seconds from an arbitrary start: from a copy of `time` that nothing else refers to.

A test suite may freeze or move time (freezegun, time-machine, a patch of `time.monotonic`), before this is imported or
after. Waiting and measuring go on meanwhile: who waits for 2 s waits for 2 s. Knows no time of day.
"""

from __future__ import annotations

from importlib.machinery import BuiltinImporter
from importlib.util import module_from_spec
from types import ModuleType


def _copy_of_time() -> ModuleType:
    """The built-in module made again: its functions are other objects than those that a freezer looks for."""
    spec = BuiltinImporter.find_spec("time")
    if spec is None or spec.loader is None:  # not built in: another Python than CPython
        import time

        return time
    copy = module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


_time = _copy_of_time()
monotonic = _time.monotonic
perf_counter = _time.perf_counter
