"""Monotonic time from a private copy of the `time` module, so that tests cannot freeze it.

A test may freeze or move time (freezegun, time-machine, a patch of `time.monotonic`) before or after this import.
Waits and measurements still use real time: a wait of 2 s takes 2 s. Does not know the time of day.
"""

from __future__ import annotations

from importlib.machinery import BuiltinImporter
from importlib.util import module_from_spec
from types import ModuleType


def _copy_of_time() -> ModuleType:
    """A second instance of the built-in module: freezers patch the functions of the first one only."""
    spec = BuiltinImporter.find_spec("time")
    if spec is None or spec.loader is None:  # not built in, on a Python other than CPython
        import time

        return time
    copy = module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


_time = _copy_of_time()
monotonic = _time.monotonic
perf_counter = _time.perf_counter
