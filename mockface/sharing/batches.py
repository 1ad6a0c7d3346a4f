"""Carries the verbs of many calls to the store together: one round trip for all that came while the last one ran."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from mockface.control import passing
from mockface.errors import StoreLost
from mockface.sharing import scripts
from mockface.sharing.link import ANSWER_SECONDS, Link, Once
from mockface.state import Verb

logger = logging.getLogger("mockface")

MOST_AT_ONCE = 256
MOST_WAITING = 10_000
"""More calls than this do not wait for a slow store."""


class _Waiting(NamedTuple):
    verb: Verb
    done: Callable[[Any], None]
    until: float


class Batches:
    """The verbs that wait. `run` carries them, until it is cancelled."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._script = Once(link, scripts.VERBS, "verbs")
        self._waiting: deque[_Waiting] = deque()
        self._came = asyncio.Event()

    def ask(self, verb: Verb, done: Callable[[Any], None]) -> None:
        """Have the store asked; `done` gets the result, or a StoreLost."""
        if self._link.is_lost_for_long():
            done(StoreLost(self._link.why))
        elif len(self._waiting) >= MOST_WAITING:
            done(StoreLost(f"{MOST_WAITING} calls wait for the store already"))
        else:
            self._waiting.append(_Waiting(verb, done, passing.monotonic() + ANSWER_SECONDS))
            self._came.set()

    async def asked(self, *verb: Any) -> Any:
        """The result of a verb. Raises StoreLost."""
        coming = asyncio.get_running_loop().create_future()
        self.ask(verb, lambda result: None if coming.done() else coming.set_result(result))
        result = await coming
        if isinstance(result, StoreLost):
            raise result
        return result

    async def run(self) -> None:
        """Carry what waits."""
        while True:
            await self._came.wait()
            self._came.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(self._waiting)))]
                for waiting, result in zip(batch, await self._results(batch), strict=True):
                    _tell(waiting, result)

    async def _results(self, batch: list[_Waiting]) -> list[Any]:
        verbs = json.dumps([waiting.verb for waiting in batch])
        try:
            results: list[Any] = json.loads(await self._script.run(verbs, until=batch[0].until))
        except StoreLost as lost:
            return [lost] * len(batch)
        except asyncio.CancelledError:
            for waiting in (*batch, *self._waiting):
                _tell(waiting, StoreLost("this server stops"))
            self._waiting.clear()
            raise
        except Exception as fault:
            logger.exception("the store was not asked; this is a bug in mockface, please report it")
            return [StoreLost(type(fault).__name__)] * len(batch)
        return results


def _tell(waiting: _Waiting, result: Any) -> None:
    """Give a call its result: what goes wrong with one keeps no other waiting."""
    try:
        waiting.done(result)
    except Exception:
        logger.exception("mockface failed to answer; this is a bug in mockface, please report it")
