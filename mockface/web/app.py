"""A running mockface: what answers calls, and what may be asked and changed while it runs.

It knows no server. FastAPI is imported when a path of its own is first asked for: most servers in tests never pay for
it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from mockface import checks
from mockface.entry import Entry
from mockface.mint import Mint
from mockface.settings import Settings
from mockface.web.cors import cors_of
from mockface.web.door import Door
from mockface.web.effects import Asgi, Headers, Receive, Scope, Send
from mockface.web.endpoint import Endpoint
from mockface.web.library import Library
from mockface.web.loading import build
from mockface.web.log import CallLog
from mockface.web.patience import Patience
from mockface.web.switches import Switches
from mockface.web.watch import Watch

logger = logging.getLogger("mockface")

_FRAMEWORK_PATHS = re.compile(r"/_mockface(/|$)|/docs$|/openapi\.json$")
Result = TypeVar("Result")
HOUSEKEEPING_SECONDS = 0.1
_SWEEP_EVERY = 5
_SEAL_EVERY = 10
SUBSCRIBER_LIMIT = 1000
"""How many calls wait for a reader of the event stream."""


class App:
    """A mockface with these settings, ready to answer. Raises ScenarioMistakes.

    `machine` is the machine's time, seconds since 1970.
    """

    def __init__(
        self, settings: Settings, watch: Watch | None = None, machine: Callable[[], float] = time.time
    ) -> None:
        self.settings = settings
        self.door = Door("asgi")
        """How it is served; whoever serves it says so."""
        self.watch = watch or Watch()
        self.ca: bytes | None = None
        """The certificate (PEM) that a client of HTTPS has to trust."""
        self.emulator, self.loading, self.clock = build(settings, machine)
        self.endpoint = Endpoint(
            self.emulator,
            hints=not settings.no_hints,
            drain_limit_bytes=settings.drain_limit,
            drain_seconds=settings.drain_seconds,
            cors=cors_of(settings),
        )
        self.patience = Patience(settings)
        self.call_log = CallLog(self.emulator.memory.journal)
        self.library = Library(self.emulator, self.loading.added, Mint())
        self.switches = Switches(self.emulator, self.loading, settings.signature)
        self._subscribers: set[Callable[[None], None]] = set()
        self._framework: Asgi | None = None
        self._building = asyncio.Lock()
        self._working = asyncio.Lock()
        self._ended = False
        self._tasks: list[asyncio.Task[None]] = []
        self.followers = self.waiting = 0

    def begin(self, sweep: Callable[[], None] = lambda: None) -> None:
        """Start what runs beside the calls, in the running loop, until `stop`: the log's lines, watching files.

        `sweep` is called twice a second: the server ends what takes too long.
        """
        self._ended = False
        self.endpoint.waits.begin()
        works = self.watch.works
        kept: dict[str, Callable[[], Awaitable[None]]] = {
            "housekeeping": lambda: self._keep_house(sweep, lambda: works("housekeeping"))
        }
        if self.settings.scenarios or self.settings.scenarios_mount:
            kept["reload"] = lambda: self.loading.watch(self.emulator, lambda: works("reload"))
        self._tasks = [asyncio.create_task(self.watch.keep(task, run)) for task, run in kept.items()]

    async def _keep_house(self, sweep: Callable[[], None], works: Callable[[], None]) -> None:
        """What is done now and then instead of on every call: the log's lines, time-outs, the journal's masks."""
        journal = self.emulator.memory.journal
        before = journal.noted
        for turn in count(1):
            await asyncio.sleep(HOUSEKEEPING_SECONDS)
            self.call_log.tick()
            if turn % _SWEEP_EVERY == 0:
                sweep()
            if turn % _SEAL_EVERY == 0:
                # Under load a call is gone before it is a second old: masking it would be for nothing.
                while journal.seal_some(before):
                    await asyncio.sleep(0)
                before = journal.noted
            works()

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The FastAPI app, for the connection's requests that are not for the emulated operation.

        FastAPI is imported when the first comes: it takes a fifth of a second, in which calls go on.
        """
        if self._framework is None:
            async with self._building:
                if self._framework is None:
                    self._framework = await asyncio.to_thread(self._build_framework)
        await self._framework(scope, receive, send)

    def _build_framework(self) -> Asgi:
        from mockface.web.admin import create_framework

        return create_framework(self)

    async def beside(self, work: Callable[[], Result]) -> Result:
        """What this work of the API returns, done in a thread beside the calls; one at a time, as all share a core."""
        async with self._working:
            return await asyncio.to_thread(work)

    def is_frameworks(self, method: str, path: str, headers: Headers) -> bool:
        """Whether a request is for the API or the console; all others are for the emulated operation."""
        if path == checks.PATH:
            return False
        return _FRAMEWORK_PATHS.match(path) is not None or self.wants_page(method, path, headers)

    def wants_page(self, method: str, path: str, headers: Headers) -> bool:
        """Whether a browser asks for the console. `/` of any other client is the emulated service's, as ever."""
        if path != "/" or self.settings.no_admin or method not in ("GET", "HEAD"):
            return False
        return any(name == b"accept" and b"text/html" in value for name, value in headers)

    def reset(self, *, counters: bool, journal: bool, scenarios: bool, clock: bool, switches: bool = False) -> None:
        """Forget what a test did, as far as it is named."""
        self.call_log.tick()
        what = {"counters": counters, "journal": journal, "scenarios": scenarios, "clock": clock}
        what["switches"] = switches
        logger.info("reset %s", ", ".join(name for name, chosen in what.items() if chosen))
        store, memory = self.emulator.rules.store, self.emulator.memory
        if counters:
            store.clear_counts()
            store.clear_signatures()
        if journal:
            memory.journal.clear()
            memory.coverage.clear()
        if scenarios:
            self.library.clear()
        if clock:
            self.clock.reset()
        if switches:
            self.switches.back()

    @contextmanager
    def subscription(self) -> Iterator[asyncio.Queue[Entry | None]]:
        """A queue of the calls to come; None says that the server stops. A reader who lags misses the oldest."""
        queue: asyncio.Queue[Entry | None] = asyncio.Queue(SUBSCRIBER_LIMIT)

        def tell(entry: Entry | None) -> None:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(entry)

        if self._ended:
            tell(None)
        self._subscribers.add(tell)
        unsubscribe = self.emulator.memory.journal.listen(tell)
        try:
            yield queue
        finally:
            unsubscribe()
            self._subscribers.discard(tell)

    def stop(self) -> None:
        """End what waits, for calls to come or to answer late: the server stops."""
        self._ended = True
        for task in self._tasks:
            task.cancel()
        self.endpoint.waits.end()
        for tell in self._subscribers:
            tell(None)
