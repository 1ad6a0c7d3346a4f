"""A running mockface: what answers calls and runs beside them; what may be asked and changed are its `controls`.

It knows no server. FastAPI is imported when a path of its own is first asked for: most servers in tests never pay for
it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, TypeVar

from mockface import __version__
from mockface.control.acting import Acting, Alone
from mockface.control.controls import Controls
from mockface.control.loading import build, new_run
from mockface.network.storeurl import store_address
from mockface.settings import Settings
from mockface.web.admin import guard
from mockface.web.background import RESTARTING, Background
from mockface.web.cors import cors_of
from mockface.web.effects import Asgi, Headers, Receive, Scope, Send
from mockface.web.endpoint import Endpoint
from mockface.web.log import CallLog
from mockface.web.serving.door import Door
from mockface.web.serving.timeouts import Timeouts

logger = logging.getLogger("mockface")

_FRAMEWORK_PATHS = re.compile(r"/_mockface(/|$)|/docs$|/openapi\.json$")
Result = TypeVar("Result")


HEALTH_PATH = "/_mockface/health"
LIST_SECONDS, SWEEP_SECONDS = 0.1, 0.5
"""How often the log lists the calls that came, and connections are looked at."""


class App:
    """A mockface with these settings, ready to answer. Raises ScenarioMistakes, CannotUseKeys.

    `machine` is the machine's time, seconds since 1970.
    """

    def __init__(
        self, settings: Settings, background: Background | None = None, machine: Callable[[], float] = time.time
    ) -> None:
        self.settings = settings
        self.door = Door("asgi")
        """How it is served; whoever serves it says so."""
        self.background = background or Background()
        self.ca: bytes | None = None
        """The certificate (PEM) that a client of HTTPS has to trust."""
        self.emulator, self.loading, clock = build(settings, machine)
        self.member = None
        if settings.store:
            # Without a store nothing of it is imported.
            from mockface.sharing.member import Member

            self.member = Member(
                store_address(settings.store), self.emulator, self.loading, settings.journal, server_name()
            )
        self.endpoint = Endpoint(
            self.emulator,
            hints=not settings.no_hints,
            drain_limit_bytes=settings.drain_limit,
            drain_seconds=settings.drain_seconds,
            cors=cors_of(settings),
        )
        self.timeouts = Timeouts(settings)
        self.call_log = CallLog(self.emulator.recorder.journal)
        seen = None if self.member is None else self.member.seen
        self.controls = Controls(self.emulator, self.loading, clock, settings.signature, self.call_log.tick, seen)
        self.acting: Acting = Alone(self.controls, self.beside)
        if self.member is not None:
            from mockface.sharing.together import Together

            self.member.controls = self.controls
            self.acting = Together(self.member, self.controls, self.beside)
        self._framework: Asgi | None = None
        self._building = asyncio.Lock()
        self._working = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._sharing: list[asyncio.Task[None]] = []

    def forked(self) -> None:
        """Be a server of its own in a process that was forked: with its own name, and its own ids of calls."""
        self.emulator.begin_run(new_run())
        if self.member is not None:
            self.member.renamed(server_name())

    async def join(self) -> None:
        """Take part in the store, if there is one, before the first call. Raises CannotShare, StoreLost."""
        if self.member is not None:
            await self.member.join()
            self.endpoint.asking = self.member

    async def leave(self) -> None:
        """Take no part any more, after the last call."""
        for task in self._sharing:
            task.cancel()
        if self.member is not None:
            await self.member.leave()

    def begin(
        self,
        sweep: Callable[[], None] = lambda: None,
        more: Mapping[str, Callable[[], Awaitable[None]]] = MappingProxyType({}),
    ) -> None:
        """Start what runs beside the calls, in the running loop, until `stop`: the log's lines, watching files.

        `sweep` is called twice a second: the server ends what takes too long. `more` are parts of the server's own.
        """
        self.controls.begin()
        self.endpoint.waits.begin()
        parts: dict[str, Callable[[], Awaitable[None]]] = {
            "lines of calls": self._list_calls,
            "time-outs": lambda: self._sweep(sweep),
            **more,
        }
        if self.settings.scenarios or self.settings.scenarios_mount:
            parts["watching of scenario files"] = lambda: self.loading.watch(self.emulator)
        self._tasks = [asyncio.create_task(self.background.keep(part, work)) for part, work in parts.items()]
        sharing = {} if self.member is None else self.member.parts()
        self._sharing = [asyncio.create_task(self.background.keep(part, work)) for part, work in sharing.items()]

    async def _list_calls(self) -> None:
        """List the calls that came, in the log; between two lines others' calls are answered."""
        while True:
            await asyncio.sleep(LIST_SECONDS)
            for _ in self.call_log.steps():
                await asyncio.sleep(0)

    async def _sweep(self, sweep: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            sweep()

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The FastAPI app, for the connection's requests that are not for the emulated operation.

        FastAPI is imported when the first comes: it takes a fifth of a second, in which calls go on.
        """
        if self._framework is None:
            async with self._building:
                if self._framework is None:
                    try:
                        self._framework = await asyncio.to_thread(self._build_framework)
                    except Exception as fault:
                        await self._without_framework(fault, scope["path"], send)
                        return
        await self._framework(scope, receive, send)

    async def _without_framework(self, fault: Exception, path: str, send: Send) -> None:
        """Answer although the framework cannot be had: the health tells of it, as ever; the next request tries anew."""
        self.background.note("API", fault, RESTARTING)
        logger.error("the API under /_mockface/ cannot be built", exc_info=fault)
        if path == HEALTH_PATH:
            await guard.answer(send, 200, health(self))
        else:
            await guard.refuse(send, 500, f"the API cannot be built: {type(fault).__name__}: {fault}")

    def _build_framework(self) -> Asgi:
        from mockface.web.admin.framework import create_framework

        framework = create_framework(self)
        self.background.runs("API")
        return framework

    async def beside(self, work: Callable[[], Result]) -> Result:
        """What this work of the API returns, done in a thread beside the calls; one at a time, as all share a core."""
        async with self._working:
            return await asyncio.to_thread(work)

    def is_frameworks(self, method: str, path: str, headers: Headers) -> bool:
        """Whether a request is for the API or the console; all others are for the emulated operation."""
        if self.wants_page(method, path, headers):
            return True
        return path not in self.emulator.paths and _FRAMEWORK_PATHS.match(path) is not None

    def wants_page(self, method: str, path: str, headers: Headers) -> bool:
        """Whether a browser asks for the console. `/` of any other client is the emulated service's, as ever."""
        if path != "/" or self.settings.no_admin or method not in ("GET", "HEAD"):
            return False
        return any(name == b"accept" and b"text/html" in value for name, value in headers)

    def stop(self) -> None:
        """End what waits, for calls to come or to answer late: the server stops."""
        for task in self._tasks:
            task.cancel()
        self.endpoint.waits.end()
        self.controls.end()


def is_ready(app: App) -> bool:
    """Whether every call is answered: without the store, those that need it are not."""
    return app.member is None or app.member.is_ready


def server_name() -> str:
    """A name for this process that no other server of the store has."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{os.urandom(4).hex()}"


def health(app: App) -> dict[str, Any]:
    """How a server is, as plain data: what `GET /_mockface/health` says."""
    return {
        "status": "ok" if app.background.is_well() and is_ready(app) else "failing",
        "ready": is_ready(app),
        "error": None if is_ready(app) or app.member is None else app.member.shortcoming(),
        "version": __version__,
        "scenarios": len(app.emulator.scenarios),
        "loaded_at": app.loading.loaded_at,
        "reloads": app.loading.reloads,
        "errors": [str(one.told()) for one in app.loading.mistakes],
        "errors_zh": [one.told().zh for one in app.loading.mistakes],
        "http": app.door.http,
        "http_why": app.door.why,
        "store": None if app.member is None else app.member.health(),
        "background": [asdict(trouble) for trouble in app.background.troubles()],
    }
