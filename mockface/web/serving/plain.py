"""Serves the app through stock uvicorn, with its own HTTP and ASGI, by public interfaces only.

Features of mockface's own connection are missing: timeouts for heads, closing idle connections at the limit, answers
in the service's format to input that is not HTTP, exact spelling of header names.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import uvicorn

from mockface.web.app import App
from mockface.web.effects import Receive, Scope, Send
from mockface.web.serving.door import OURS
from mockface.web.serving.hangup import HangUp, Secure

GRACE_SECONDS = 4
"""How many seconds calls in flight may take after SIGTERM; then their tasks are cancelled."""


class PlainServer(uvicorn.Server):
    """uvicorn's server; a signal ends delayed answers, so that they do not delay the stop."""

    def __init__(self, app: App, on_ready: Callable[[], None], secure: Secure | None = None) -> None:
        self._app = app
        self._on_ready = on_ready
        self._secure = secure
        self._loop: asyncio.AbstractEventLoop | None = None
        self.hangup = HangUp(app, secure, self._stop)
        self.fault: Exception | None = None
        settings = app.settings
        super().__init__(
            uvicorn.Config(
                self._served,
                lifespan="on",
                access_log=False,
                timeout_keep_alive=max(1, round(settings.idle_seconds)),
                timeout_graceful_shutdown=GRACE_SECONDS,
                limit_concurrency=settings.connections,
                **OURS,
            )
        )

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._app.framework(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """The socket is listening already, so clients that connect from now on are served."""
        await receive()
        try:
            secure = await self._begin()
        except Exception as fault:
            # uvicorn would report it to a logger that mockface silences.
            self.fault = fault
            await send({"type": "lifespan.startup.failed", "message": str(fault)})
            return
        await send({"type": "lifespan.startup.complete"})
        self._on_ready()
        await receive()
        self._app.stop()
        await self._app.leave()
        self._app.call_log.tick()
        if secure is not None:
            secure.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _begin(self) -> asyncio.Server | None:
        self._loop = asyncio.get_running_loop()
        await self._app.join()
        self._app.begin(more=self.hangup.parts())
        return None if self._secure is None else await self._listen_for_https(self._secure)

    async def _listen_for_https(self, secure: Secure) -> asyncio.Server:
        """Listen with mockface's own connection, which needs nothing of uvicorn."""
        from mockface.web.serving import tls
        from mockface.web.serving.protocols import protocol
        from mockface.web.serving.protocols.connection import Connections

        serving, opened = protocol("h11", self._app), Connections()
        return await tls.listen(lambda: serving(None, opened), *secure, opened.connections, self._app)

    def _stop(self) -> None:
        self.tell_end()
        self.should_exit = True

    def tell_end(self) -> None:
        """End all waits, from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: the server has ended
                self._loop.call_soon_threadsafe(self._app.stop)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: delayed answers are sent at once."""
        self.tell_end()
        super().handle_exit(sig, frame)


def serve(app: App, bound: socket.socket, on_ready: Callable[[], None], secure: Secure | None) -> None:
    """Serve until SIGINT or SIGTERM, which counts as success: uvicorn raises the signal again after its stop."""
    for sig in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sig, lambda *_: None)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    server = PlainServer(app, on_ready, secure)
    server.hangup.install()
    try:
        server.run([bound])
    finally:
        if server.fault is not None:
            raise server.fault
