"""Build the ASGI app: the emulated operation in front, the framework behind it for everything typed and human.

FastAPI is imported when a path of its own is first asked for: most servers in tests never pay for it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from mockface import __version__, checks
from mockface.entry import Entry
from mockface.mint import Mint
from mockface.settings import Settings
from mockface.web import bounded, guard
from mockface.web.background import RESTARTING, Background
from mockface.web.cors import cors_of
from mockface.web.effects import Receive, Scope, Send
from mockface.web.endpoint import Endpoint
from mockface.web.library import Library
from mockface.web.loading import build
from mockface.web.log import CallLog
from mockface.web.patience import Patience
from mockface.web.switches import Switches
from mockface.why import masked_numbers

logger = logging.getLogger("mockface")

_FRAMEWORK_PATHS = re.compile(r"/_mockface(/|$)|/docs$|/openapi\.json$")
_CONSOLE_PREFIX = "/_mockface/console/"
_DOCS_PATH = "/docs"
HEALTH_PATH = "/_mockface/health"
_OPEN_PATHS = (HEALTH_PATH, "/_mockface/ca.pem")
"""What anyone may ask, by any name: neither says anything of anybody."""
SUBSCRIBER_LIMIT = 1000
"""How many calls wait for a reader of the event stream."""
_ABSOLUTE_FORM = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class App:
    """The ASGI app. Paths of the framework go to FastAPI, all others to the emulated operation's endpoint."""

    def __init__(self, settings: Settings, background: Background | None = None) -> None:
        self.settings = settings
        self.background = background or Background()
        self.ca: bytes | None = None
        """The certificate (PEM) that a client of HTTPS has to trust."""
        self.emulator, self.loading, self.clock = build(settings)
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
        self._framework: Callable[..., Awaitable[None]] | None = None
        self._building = asyncio.Lock()
        self._ended = False
        self.followers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection. What it fails with is in the log, whatever the server makes of it."""
        try:
            await self._serve(scope, receive, send)
        except Exception as fault:
            logger.error("mockface failed; this is a bug in mockface, please report it", exc_info=fault)
            raise

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _other(scope, receive, send)
            return
        path = scope["path"]
        if path == checks.PATH:
            await self.endpoint(scope, receive, send)
            return
        if not path.startswith("/"):
            # h11 leaves the absolute form, which clients of a proxy send, in the path.
            scope["path"] = path = _ABSOLUTE_FORM.sub("", path, count=1)
        if self._wants_console(scope, path):
            await self._to_console(scope, send)
        elif _FRAMEWORK_PATHS.match(path):
            refused = None if path in _OPEN_PATHS else guard.complaint(scope, self.settings)
            if refused is not None:
                await guard.refuse(send, *refused)
            else:
                await self._to_framework(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send)

    async def _to_framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        whole = await bounded.whole_body(scope, receive, send)
        if whole is None:
            return
        async with self._building:
            # It takes a fifth of a second to import, in which calls go on.
            if self._framework is None:
                try:
                    self._framework = await asyncio.to_thread(self._build_framework)
                except Exception as fault:
                    await self._without_framework(fault, scope["path"], send)
                    return
        await self._framework(scope, whole, send)

    async def _without_framework(self, fault: Exception, path: str, send: Send) -> None:
        """Answer although the framework cannot be had: the health tells of it, as ever; the next request tries anew."""
        self.background.note("API", fault, RESTARTING)
        logger.error("the API under /_mockface/ cannot be built", exc_info=fault)
        if path == HEALTH_PATH:
            await guard.answer(send, 200, health(self))
        else:
            await guard.refuse(send, 500, f"the API cannot be built: {type(fault).__name__}: {fault}")

    def _build_framework(self) -> Callable[..., Awaitable[None]]:
        from mockface.web.admin import create_framework

        framework = create_framework(self)
        self.background.runs("API")
        return framework

    def _wants_console(self, scope: Scope, path: str) -> bool:
        """Whether a browser asks for a page. `/` of any other client is the emulated service's, as ever."""
        if self.settings.no_admin or scope["method"] != "GET":
            return False
        if path != "/":
            return bool(path == _DOCS_PATH or path.startswith(_CONSOLE_PREFIX))
        return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])

    async def _to_console(self, scope: Scope, send: Send) -> None:
        refused = guard.complaint(scope, self.settings, token=False)
        if refused is not None:
            await guard.refuse(send, *refused)
            return
        from mockface.web import console

        path = scope["path"]
        await console.serve(console.DOCS if path == _DOCS_PATH else path.removeprefix(_CONSOLE_PREFIX), send)

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
        self.endpoint.waits.end()
        for tell in self._subscribers:
            tell(None)


def health(app: App) -> dict[str, Any]:
    """How a server is, as plain data: what `GET /_mockface/health` says."""
    return {
        "status": "ok" if app.background.is_well() else "failing",
        "ready": True,
        "version": __version__,
        "scenarios": len(app.emulator.scenarios),
        "loaded_at": app.loading.loaded_at,
        "reloads": app.loading.reloads,
        "errors": [masked_numbers(f"{one.place}: {one.text}") for one in app.loading.mistakes],
        "background": [asdict(trouble) for trouble in app.background.troubles()],
    }


async def _other(scope: Scope, receive: Receive, send: Send) -> None:
    """Lifespan has nothing to do; a websocket is refused."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "websocket.close", "code": 1003})


def create_app(settings: Settings | None = None) -> App:
    """The app for any ASGI server: `uvicorn --factory mockface.web.app:create_app`. Raises ScenarioMistakes."""
    return App(settings or Settings())
