"""Reloads while a server runs: scenario files and certificate on SIGHUP, and a certificate that changed."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

from mockface.web.app import App

if TYPE_CHECKING:
    from mockface.web.serving.tls import Tls

logger = logging.getLogger("mockface")

Secure = tuple[socket.socket, "Tls"]
"""The bound socket of HTTPS, and its TLS settings."""


class HangUp:
    """Reloads files on SIGHUP; but if the server's terminal was closed, SIGHUP stops the server."""

    def __init__(self, app: App, secure: Secure | None, stop: Callable[[], None]) -> None:
        self._app = app
        self._tls = None if secure is None else secure[1]
        self._stop = stop
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._terminal = next((stream for stream in range(3) if os.isatty(stream)), None)

    def install(self) -> None:
        """Install the handler, unless SIGHUP is ignored, as under nohup; Windows has none."""
        hangup = getattr(signal, "SIGHUP", None)
        if hangup is not None and signal.getsignal(hangup) == signal.SIG_DFL:
            signal.signal(hangup, self.came)

    def came(self, sig: int, frame: FrameType | None) -> None:
        """Handle the signal."""
        if self._terminal is not None and not os.isatty(self._terminal):
            logger.warning("SIGHUP: the terminal was closed, the server stops")
            self._stop()
        elif self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: the server has ended
                self._loop.call_soon_threadsafe(self._asked.set)

    def parts(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """The background tasks for the app's loop."""
        self._loop = asyncio.get_running_loop()
        parts: dict[str, Callable[[], Awaitable[None]]] = {"reading again at SIGHUP": self._read_again}
        if self._tls is not None and self._tls.files:
            parts["renewing of the certificate"] = self._watch
        return parts

    async def _watch(self) -> None:
        from mockface.web.serving import tls

        if self._tls is not None:
            await tls.watch(self._tls, self._renewed)

    async def _read_again(self) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            logger.warning("SIGHUP: reloading scenario files and certificate")
            await self._app.loading.reload(self._app.emulator)
            if self._tls is not None:
                from mockface.web.serving import tls

                await tls.renew(self._tls, self._renewed)

    def _renewed(self) -> None:
        if self._tls is not None:
            self._app.ca = self._tls.ca
