"""The background tasks and threads of a server: none ends without being told in health and log.

A task is run again after it failed, later each time, until it works again; what failed and when stays in `troubles` as
long as it does not work.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from mockface import passing

logger = logging.getLogger("mockface")

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
"""How long a task that failed rests before it is run again: twice as long each time, up to the longest."""


class Trouble(NamedTuple):
    """A task or thread that failed: `why` and when (`at`, seconds since 1970), how often, and whether it runs again."""

    task: str
    why: str
    at: float
    times: int
    running: bool


class Watch:
    """What became of the tasks and threads of a server."""

    def __init__(self) -> None:
        self._troubles: dict[str, Trouble] = {}

    @property
    def troubles(self) -> list[Trouble]:
        """What does not work now."""
        return list(self._troubles.values())

    def works(self, task: str) -> None:
        """It did what it is for: an earlier failure is over."""
        if task in self._troubles:
            del self._troubles[task]
            logger.warning("%s works again", task)

    def failed(self, task: str, fault: BaseException, *, running: bool = False, log: bool = True) -> None:
        """It failed; `running` says that it goes on all the same, `log` that the log is told."""
        before = self._troubles.get(task)
        why = f"{type(fault).__name__}: {fault}"
        self._troubles[task] = Trouble(task, why, time.time(), before.times + 1 if before else 1, running)
        if log and (before is None or before.why != why):
            logger.error("%s failed%s", task, "" if running else " and is started again", exc_info=fault)

    async def keep(self, task: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a task until it is cancelled. It calls `works` whenever it did what it is for."""
        pause_s = FIRST_PAUSE_S
        while True:
            began = passing.monotonic()
            try:
                await run()
            except Exception as fault:
                self.failed(task, fault)
            else:
                return
            pause_s = (
                FIRST_PAUSE_S if passing.monotonic() - began > LONGEST_PAUSE_S else min(pause_s * 2, LONGEST_PAUSE_S)
            )
            await asyncio.sleep(pause_s)

    def caught(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """The event loop's handler of exceptions: what a callback raised, which nobody awaits."""
        fault = context.get("exception")
        message = str(context.get("message"))
        if isinstance(fault, Exception):
            self.failed("event loop", fault, running=True)
        else:
            logger.error("event loop: %s", message)
