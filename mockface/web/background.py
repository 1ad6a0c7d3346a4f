"""Supervises the background tasks and threads of a server, so that no failure goes unnoticed.

A failure is logged with its traceback and shown in the health report; the part restarts after a pause that grows with
each failure. Knows nothing about the work of the parts.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from mockface.control import passing
from mockface.privacy.masking import masked_numbers, printable

logger = logging.getLogger("mockface")

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
CALM_SECONDS = 60.0
"""A part that has run this long since its last failure counts as recovered; only then is the status `ok`."""
_WHY_LIMIT = 300

RUNNING, RESTARTING, FAILING, ENDED = "running", "restarting", "failing", "ended"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failed part: how often, when last (seconds since 1970), why, and its current state.

    `state` is running (again), restarting (waits for its next start), failing (runs without success), or ended (does
    not restart).
    """

    part: str
    state: str
    failures: int
    failed_at: float
    why: str


class Background:
    """The background parts of one server. Parts report from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._troubles: dict[str, Trouble] = {}
        self._failed: dict[str, float] = {}

    def troubles(self) -> list[Trouble]:
        """The parts that failed since the start, including those that have recovered."""
        with self._lock:
            return list(self._troubles.values())

    def is_well(self) -> bool:
        """Whether all parts run and have recovered from failures."""
        with self._lock:
            now = passing.monotonic()
            return all(
                trouble.state == RUNNING and now - self._failed[part] > CALM_SECONDS
                for part, trouble in self._troubles.items()
            )

    def note(self, part: str, fault: BaseException | str, state: str) -> None:
        """Record the failure of a part and its state; does not log it."""
        why = fault if isinstance(fault, str) else _said(fault)
        with self._lock:
            before = self._troubles.get(part)
            failures = before.failures + 1 if before else 1
            shown = printable(masked_numbers(why))[:_WHY_LIMIT]
            self._troubles[part] = Trouble(part, state, failures, time.time(), shown)
            self._failed[part] = passing.monotonic()

    def runs(self, part: str) -> None:
        """A failed part runs again."""
        with self._lock:
            if part in self._troubles:
                self._troubles[part] = replace(self._troubles[part], state=RUNNING)

    async def keep(self, part: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run endless work until cancelled, and restart it whenever it ends."""
        pauses = _Pauses()
        while True:
            pauses.begin()
            try:
                self.runs(part)
                await work()
                fault: BaseException = RuntimeError("it ended unexpectedly")
            except asyncio.CancelledError as cancelled:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                fault = cancelled  # not a cancellation of this task, but of something it waits for
            except Exception as failed:
                fault = failed
            pause = pauses.next()
            self.note(part, fault, RESTARTING)
            logger.error("%s failed; it restarts in %g s", part, pause, exc_info=fault)
            await asyncio.sleep(pause)

    def keep_in_thread(self, part: str, work: Callable[[], None], tell: Callable[[str, BaseException], None]) -> None:
        """Run work that returns when it should end; restart it after failures. `tell` reports what the log cannot."""
        pauses = _Pauses()
        while True:
            pauses.begin()
            try:
                self.runs(part)
                work()
                return
            except BaseException as fault:
                # Anything that ends a thread ends it silently, SystemExit too.
                pause = pauses.next()
                self.note(part, fault, RESTARTING)
                tell(f"{part} failed; it restarts in {pause:g} s", fault)
            time.sleep(pause)

    def of_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle an event loop's report: an exception in a callback, or in a task that nobody awaits."""
        message, fault = context["message"], context.get("exception")
        if fault is None or isinstance(fault, OSError):
            # Socket errors are no bugs: no free file descriptors, a connection reset by a client.
            logger.warning("event loop: %s%s", message, f": {fault}" if fault else "")
            return
        self.note("event loop", f"{message}: {_said(fault)}", RUNNING)
        logger.error("mockface failed: %s; this is a bug in mockface, please report it", message, exc_info=fault)


class _Pauses:
    """The pause before the next start: longer after each failure, and reset after a calm period."""

    def __init__(self) -> None:
        self._pause = 0.0
        self._began = 0.0

    def begin(self) -> None:
        """The part starts."""
        self._began = passing.monotonic()

    def next(self) -> float:
        """The part failed: seconds to wait."""
        calm = passing.monotonic() - self._began > CALM_SECONDS
        self._pause = FIRST_PAUSE_SECONDS if calm or not self._pause else min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        return self._pause


def _said(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
