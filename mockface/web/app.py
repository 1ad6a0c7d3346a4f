"""Build the ASGI app: the emulated operation in front, the framework behind it for everything typed and human.

FastAPI is imported when a path of its own is first asked for: most servers in tests never pay for it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mockface import checks
from mockface.journal import Entry
from mockface.mint import Mint
from mockface.settings import Settings
from mockface.web import guard
from mockface.web.cors import cors_of
from mockface.web.effects import Receive, Scope, Send
from mockface.web.endpoint import Endpoint
from mockface.web.library import Library
from mockface.web.loading import build

_FRAMEWORK_PATHS = re.compile(r"/_mockface(/|$)|/docs$|/openapi\.json$")
_OPEN_PATHS = ("/_mockface/health", "/_mockface/ca.pem")
"""What anyone may ask, by any name: neither says anything of anybody."""
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
        self._endpoint = Endpoint(
            self.emulator,
            hints=not settings.no_hints,
            drain_limit_bytes=settings.drain_limit,
            drain_seconds=settings.drain_seconds,
            cors=cors_of(settings),
        )
        self.library = Library(self.emulator, self.loading.added, Mint())
        self._subscribers: set[asyncio.Queue[Entry | None]] = set()
        self._framework: Callable[..., object] | None = None
        self.emulator.memory.journal.listen(self._tell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] != "http":
            await _other(scope, receive, send)
            return
        path = scope["path"]
        if path == checks.PATH:
            await self._endpoint(scope, receive, send)
            return
        if not path.startswith("/"):
            # h11 leaves the absolute form, which clients of a proxy send, in the path.
            scope["path"] = path = _ABSOLUTE_FORM.sub("", path, count=1)
        if _FRAMEWORK_PATHS.match(path):
            refused = None if path in _OPEN_PATHS else guard.complaint(scope, self.settings)
            if refused is not None:
                await guard.refuse(send, *refused)
            else:
                await self._to_framework(scope, receive, send)
        else:
            await self._endpoint(scope, receive, send)

    async def _to_framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._framework is None:
            from mockface.web.admin import create_framework

            self._framework = create_framework(self)
        await self._framework(scope, receive, send)  # type: ignore[misc]

    def reset(self, *, counters: bool, journal: bool, scenarios: bool, clock: bool) -> None:
        """Forget what a test did, as far as it is named."""
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

    @contextmanager
    def subscription(self) -> Iterator[asyncio.Queue[Entry | None]]:
        """A queue of the calls to come; None says that the server stops. A reader who lags misses the oldest."""
        queue: asyncio.Queue[Entry | None] = asyncio.Queue(SUBSCRIBER_LIMIT)
        self._subscribers.add(queue)
        try:
            yield queue
        finally:
            self._subscribers.discard(queue)

    def _tell(self, entry: Entry | None) -> None:
        for queue in self._subscribers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(entry)

    def stop(self) -> None:
        """End what waits for calls to come: the server stops."""
        self._tell(None)


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
