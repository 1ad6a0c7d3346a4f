"""The quick run, `make test`: what it leaves for `make test-all`, and which of its tests are not quick.

Comes in: the tests that were chosen, and how long each took. Goes out: lines at the end of a run. Which tests are left is
said by their marks, see pyproject.toml; `tests/conftest.py` takes the functions of this module for hooks of pytest.
"""

from __future__ import annotations

import pytest

LEFT = ("long", "thorough")
"""The marks of the tests that the quick run leaves."""
SLOW_S = 3.0
"""What no test of the quick run should take alone, on a machine that does nothing else."""
TOLD = 10

_left = pytest.StashKey[int]()
_slow = pytest.StashKey[list[tuple[float, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_left] = 0
    config.stash[_slow] = []
    config.pluginmanager.register(_Watching(config), "mockface-quick")


class _Watching:
    """Counts; each process of a run has one. That of the workers tells that of the controller."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self.config.stash[_left] += sum(any(item.get_closest_marker(mark) for mark in LEFT) for item in items)

    def pytest_sessionfinish(self) -> None:
        told = getattr(self.config, "workeroutput", None)
        if told is not None:
            told["left"] = self.config.stash[_left]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        # Each worker has chosen among all tests: their numbers are the same.
        told = getattr(node, "workeroutput", {})
        self.config.stash[_left] = max(self.config.stash[_left], told.get("left", 0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.duration > SLOW_S and not any(mark in report.keywords for mark in LEFT):
            self.config.stash[_slow].append((report.duration, report.nodeid))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        slow = self.config.stash[_slow]
        slow.sort(reverse=True)
        if slow:
            terminalreporter.write_line(
                f"{len(slow)} test(s) of the quick run took over {SLOW_S:g} s each, the slowest "
                f"{min(len(slow), TOLD)} here: mark them, or make them faster, unless the machine was busy"
            )
        for seconds, nodeid in slow[:TOLD]:
            terminalreporter.write_line(f"  {seconds:5.1f} s {nodeid}")
        if left := self.config.stash[_left]:
            terminalreporter.write_line(
                f"{left} tests are left for `make test-all`: they wait, start programs of other languages or browsers, or "
                "ask once more what a quick test asks"
            )
