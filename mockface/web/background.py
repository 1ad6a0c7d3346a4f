"""What runs beside the calls: the tasks and threads of a server, supervised, so that none ends unseen.

A part that fails is in the log, with its traceback, and in the health, and starts again after a pause that grows from
one failure to the next. What the parts do is not known here.
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
"""A part that has run for so long since its last failure is well again: only then is the status `ok`."""
_WHY_LIMIT = 300

RUNNING, RESTARTING, FAILING, ENDED = "running", "restarting", "failing", "ended"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part that failed: how often, when last (seconds since 1970), why, and how it is now.

    `state` is running (again), restarting (it waits for its next start), failing (it runs and gets nothing done), or
    ended (it does not start again).
    """

    part: str
    state: str
    failures: int
    failed_at: float
    why: str


class Background:
    """The parts of one server. Parts report from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._troubles: dict[str, Trouble] = {}
        self._failed: dict[str, float] = {}

    def troubles(self) -> list[Trouble]:
        """The parts that failed since the start, those that are well again too."""
        with self._lock:
            return list(self._troubles.values())

    def is_well(self) -> bool:
        """Whether every part runs, and has done so for a while."""
        with self._lock:
            now = passing.monotonic()
            return all(
                trouble.state == RUNNING and now - self._failed[part] > CALM_SECONDS
                for part, trouble in self._troubles.items()
            )

    def note(self, part: str, fault: BaseException | str, state: str) -> None:
        """Remember that a part failed, and how it is now; that is not written to the log."""
        why = fault if isinstance(fault, str) else _said(fault)
        with self._lock:
            before = self._troubles.get(part)
            failures = before.failures + 1 if before else 1
            shown = printable(masked_numbers(why))[:_WHY_LIMIT]
            self._troubles[part] = Trouble(part, state, failures, time.time(), shown)
            self._failed[part] = passing.monotonic()

    def runs(self, part: str) -> None:
        """A part that failed runs again."""
        with self._lock:
            if part in self._troubles:
                self._troubles[part] = replace(self._troubles[part], state=RUNNING)

    async def keep(self, part: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run what never ends, again whenever it does, until this is cancelled."""
        pauses = _Pauses()
        while True:
            pauses.begin()
            try:
                self.runs(part)
                await work()
                fault: BaseException = RuntimeError("it ended, which it never should")
            except asyncio.CancelledError as cancelled:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                fault = cancelled  # not of this task: something that it waited for was cancelled
            except Exception as failed:
                fault = failed
            pause = pauses.next()
            self.note(part, fault, RESTARTING)
            logger.error("%s failed, and starts again in %g s", part, pause, exc_info=fault)
            await asyncio.sleep(pause)

    def keep_in_thread(self, part: str, work: Callable[[], None], tell: Callable[[str, BaseException], None]) -> None:
        """Run what returns when it is meant to end, again whenever it fails; `tell` says so where the log cannot."""
        pauses = _Pauses()
        while True:
            pauses.begin()
            try:
                self.runs(part)
                work()
                return
            except BaseException as fault:
                # Whatever ends a thread ends it unseen, SystemExit too.
                pause = pauses.next()
                self.note(part, fault, RESTARTING)
                tell(f"{part} failed, and starts again in {pause:g} s", fault)
            time.sleep(pause)

    def of_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What an event loop tells of: an exception in a callback, or in a task that nobody waits for."""
        message, fault = context["message"], context.get("exception")
        if fault is None or isinstance(fault, OSError):
            # What becomes of sockets is no bug: out of files, a client that reset its connection.
            logger.warning("event loop: %s%s", message, f": {fault}" if fault else "")
            return
        self.note("event loop", f"{message}: {_said(fault)}", RUNNING)
        logger.error("mockface failed: %s; this is a bug in mockface, please report it", message, exc_info=fault)


class _Pauses:
    """How long a part waits before its next start: longer each time, from the first again once it ran for a while."""

    def __init__(self) -> None:
        self._pause = 0.0
        self._began = 0.0

    def begin(self) -> None:
        """It starts."""
        self._began = passing.monotonic()

    def next(self) -> float:
        """It failed: seconds to wait."""
        calm = passing.monotonic() - self._began > CALM_SECONDS
        self._pause = FIRST_PAUSE_SECONDS if calm or not self._pause else min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        return self._pause


def _said(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
