"""Runs the app on uvicorn: binds first, so that a taken port is reported at once, then serves until stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from mockface.errors import CannotListen
from mockface.settings import Settings, flag
from mockface.web.app import App
from mockface.web.background import ENDED
from mockface.web.serving.door import OURS, door
from mockface.web.serving.hangup import HangUp, Secure
from mockface.web.serving.malloc import keep_freed_memory
from mockface.web.serving.protocols import protocol
from mockface.web.serving.timeouts import ACCEPTED_AT_ONCE, RESERVED_FILES, STALLED, allow_more_files

logger = logging.getLogger("mockface")

GRACE_SECONDS = 4
"""How many seconds calls in flight may take after SIGTERM; then their connections are closed."""
QUIET_SECONDS = 0.6
"""After this time connections without new data are closed: half a request, or an answer that hangs forever."""
BACKLOG = 2048
"""How many clients may wait to be accepted; the system may set a lower limit."""
_OWN_ADDRESS = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
"""Allows reuse of a port right after a server has ended; on Windows SO_REUSEADDR would let two servers listen."""


class Server(uvicorn.Server):
    """uvicorn's server, with a callback once it listens; a stop by signal counts as success."""

    def __init__(self, config: uvicorn.Config, app: App, on_ready: Callable[[], None], secure: Secure | None) -> None:
        super().__init__(config)
        self._secure = secure
        self._app = app
        self._on_ready = on_ready
        self._deaf: set[asyncio.Server] = set()
        self.hangup = HangUp(app, secure, self._stop)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening and watching the scenario files, then call back."""
        await self._app.join()
        await super().startup(sockets)
        if self._secure is not None:
            from mockface.web.serving import tls

            bound, with_what = self._secure
            opened = self.server_state.connections
            self.servers.append(await tls.listen(self._protocol, bound, with_what, opened, self._app))
        for listening in (*(sockets or ()), *([self._secure[0]] if self._secure else [])):
            # asyncio uses one number both for connections accepted at once and for the backlog.
            listening.listen(BACKLOG)
        asyncio.get_running_loop().set_exception_handler(self._app.background.of_loop)
        self._app.begin(self._sweep, self.hangup.parts())
        self._on_ready()

    def _protocol(self) -> asyncio.Protocol:
        """The protocol of an HTTPS connection: the same as for HTTP."""
        return protocol(self._app.door.http, self._app)(self.config, self.server_state)

    def _sweep(self) -> None:
        """Close connections that take too long, and detect that the server no longer listens."""
        self._app.timeouts.sweep(self._connections())
        for ended in {server for server in self.servers if not server.is_serving()} - self._deaf:
            self._deaf.add(ended)
            self._app.background.note("listening", "a socket no longer accepts connections", ENDED)
            logger.error("a socket no longer accepts connections; restart the server")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish calls in flight, and stop."""
        self._app.stop()
        later = asyncio.get_running_loop().call_later
        came = {connection: connection.received for connection in self._connections()}
        cuts = [later(QUIET_SECONDS, self._cut, came), later(GRACE_SECONDS, self._cut, None)]
        await super().shutdown(sockets)
        await self._app.leave()
        self._app.call_log.tick()
        for cut in cuts:
            cut.cancel()

    def _connections(self) -> list[Any]:
        """The open connections; each is a protocols.connection.Connection."""
        return list(self.server_state.connections)

    def _cut(self, came: dict[Any, int] | None) -> None:
        """Close the connections that did not finish, or those without new data; for their calls the client has gone."""
        for connection in self._connections():
            taking = connection.phase()[0] == STALLED or connection.asks
            if came is None or (came.get(connection) == connection.received and not taking):
                connection.transport.abort()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second Ctrl-C does not wait for calls in flight. The signal is not raised again at the end."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True

    def _stop(self) -> None:
        self.should_exit = True


def listen(settings: Settings, name: str = "port") -> socket.socket:
    """A socket that listens exclusively on the port of this setting. Raises CannotListen.

    It listens before the server reports that it serves: two sockets can be bound to one port until one of them listens,
    and uvloop does not report that the other failed.
    """
    port = getattr(settings, name)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, _OWN_ADDRESS, 1)
        bound.bind((settings.host, port))
        bound.listen(BACKLOG)
    except (OSError, TypeError, ValueError) as fault:  # TypeError, ValueError: a name without an ASCII form, a NUL
        bound.close()
        raise CannotListen(
            f"cannot listen on {settings.host}:{port}: {getattr(fault, 'strerror', None) or fault}; "
            f"{flag(name)} 0 selects a free port, --host another address; "
            f"with make: MOCKFACE_{name.upper()}=8700 make run"
        ) from fault
    return bound


def address_of(bound: socket.socket, scheme: str = "http") -> str:
    """The URL of a bound socket, for a client on this machine."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"{scheme}://{host}:{port}"


def configured(app: App) -> uvicorn.Config:
    """The configuration of uvicorn. Leaves the process's logging unchanged: protocols/ keeps uvicorn quiet."""
    return uvicorn.Config(
        app.framework,
        http=protocol(app.door.http, app),
        lifespan="off",
        # timeouts.py closes idle connections, for both parsers and without a timer per call.
        timeout_keep_alive=24 * 3600,
        backlog=ACCEPTED_AT_ONCE,
        timeout_graceful_shutdown=GRACE_SECONDS + 1,
        **OURS,
    )


def serve(app: App, bound: socket.socket, on_ready: Callable[[], None], secure: Secure | None = None) -> None:
    """Serve on a bound socket, and HTTPS on a second one, until SIGINT or SIGTERM."""
    keep_freed_memory()
    allow_more_files(app.settings.connections + RESERVED_FILES)
    app.door = door(app.settings.http)
    if app.door.http == "plain":
        from mockface.web.serving import plain

        if app.door.why:
            logger.warning("%s", app.door.why)
        plain.serve(app, bound, on_ready, secure)
        return
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    # mockface logs exceptions of an app itself; uvicorn's messages about deliberately aborted answers are no errors.
    server = Server(configured(app), app, on_ready, secure)
    server.hangup.install()
    server.run([bound])
