"""Build the ASGI app: the emulated operation in front, the framework behind it for everything typed and human.

FastAPI is imported when a path of its own is first asked for: most servers in tests never pay for it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from mockface import checks
from mockface.entry import Entry
from mockface.mint import Mint
from mockface.settings import Settings
from mockface.web import bounded, guard
from mockface.web.cors import cors_of
from mockface.web.effects import Message, Receive, Scope, Send
from mockface.web.endpoint import Endpoint
from mockface.web.library import Library
from mockface.web.loading import build
from mockface.web.log import CallLog
from mockface.web.patience import Patience
from mockface.web.switches import Switches

logger = logging.getLogger("mockface")

_FRAMEWORK_PATHS = re.compile(r"/_mockface(/|$)|/docs$|/openapi\.json$")
Result = TypeVar("Result")
_CONSOLE_PREFIX = "/_mockface/console/"
_DOCS_PATH = "/docs"
_OPEN_PATHS = ("/_mockface/health", "/_mockface/ca.pem")
"""What anyone may ask, by any name: neither says anything of anybody."""
_NO_BODY = {"type": "http.response.body", "body": b"", "more_body": False}
SUBSCRIBER_LIMIT = 1000
"""How many calls wait for a reader of the event stream."""
_ABSOLUTE_FORM = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class App:
    """The ASGI app. Paths of the framework go to FastAPI, all others to the emulated operation's endpoint."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
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
        self._framework: Callable[..., object] | None = None
        self._building = asyncio.Lock()
        self._working = asyncio.Lock()
        self._ended = False
        self.followers = self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] != "http":
            await _other(scope, receive, send)
            return
        path = scope["path"]
        if path == checks.PATH:
            await self.endpoint(scope, receive, send)
            return
        await self._beside(scope, path, receive, send)

    async def _beside(self, scope: Scope, path: str, receive: Receive, send: Send) -> None:
        """A request whose path is not the operation's."""
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
                self._framework = await asyncio.to_thread(self._build_framework)
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _WithoutBody(send)
        await self._framework(scope, whole, send)  # type: ignore[misc]

    def _build_framework(self) -> Callable[..., object]:
        from mockface.web.admin import create_framework

        return create_framework(self)

    async def beside(self, work: Callable[[], Result]) -> Result:
        """What this work of the API returns, done in a thread beside the calls; one at a time, as all share a core."""
        async with self._working:
            return await asyncio.to_thread(work)

    def _wants_console(self, scope: Scope, path: str) -> bool:
        """Whether a browser asks for a page. `/` of any other client is the emulated service's, as ever."""
        if self.settings.no_admin or scope["method"] not in ("GET", "HEAD"):
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
        if scope["method"] == "HEAD":
            send = _WithoutBody(send)
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


class _WithoutBody:
    """A send for HEAD: the head of the answer to GET goes out as it is, and ends the answer.

    The head of a stream is followed by a body that never ends, so the answer does not wait for the body's end.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._ended = False

    async def __call__(self, message: Message) -> None:
        if self._ended:
            return
        await self._send(message if message["type"] == "http.response.start" else dict(_NO_BODY))
        self._ended = message["type"] != "http.response.start"


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
