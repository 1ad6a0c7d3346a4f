"""Run the app on uvicorn: bind first, so that a taken port is said at once, then serve until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn

from mockface.settings import Settings, flag
from mockface.web.app import App
from mockface.web.background import ENDED
from mockface.web.malloc import keep_freed_memory
from mockface.web.patience import RESERVED_FILES, STALLED, allow_more_files
from mockface.web.protocols import protocol
from mockface.web.unframed import HEAD_LIMIT_BYTES

logger = logging.getLogger("mockface")

Secure = tuple[socket.socket, "Tls"]
"""The socket of HTTPS, bound, and what it is served with."""
if TYPE_CHECKING:
    from mockface.web.tls import Tls

GRACE_SECONDS = 4
"""How long calls in flight may take to finish after SIGTERM; then their connections are cut."""
QUIET_SECONDS = 0.6
"""After so long those are cut from which nothing more has come: half a request, or an answer that hangs for ever."""
LIST_SECONDS, SWEEP_SECONDS, SEAL_SECONDS = 0.1, 0.5, 1.0
"""How often the log lists the calls that came, connections are looked at, and the journal masks what it keeps."""


class CannotListen(OSError):
    """The address or port cannot be had; the text says why and what would work."""


class Server(uvicorn.Server):
    """uvicorn's server, which calls back once it listens, and whose stop by signal is a success."""

    def __init__(self, config: uvicorn.Config, app: App, on_ready: Callable[[], None], secure: Secure | None) -> None:
        super().__init__(config)
        self._secure = secure
        self._app = app
        self._on_ready = on_ready
        self._tasks: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen and to watch the scenario files, then say so."""
        await super().startup(sockets)
        if self._secure is not None:
            from mockface.web import tls

            self.servers.append(await tls.listen(self, *self._secure))
        asyncio.get_running_loop().set_exception_handler(self._app.background.of_loop)
        self._keep("lines of calls", self._list_calls)
        self._keep("time-outs", self._sweep)
        self._keep("masks of the journal", self._seal)
        if self._app.settings.scenarios or self._app.settings.scenarios_mount:
            self._keep("watching of scenario files", lambda: self._app.loading.watch(self._app.emulator))
        self._on_ready()

    def _keep(self, part: str, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(self._app.background.keep(part, work)))

    async def _list_calls(self) -> None:
        """List the calls that came, in the log."""
        while True:
            await asyncio.sleep(LIST_SECONDS)
            self._app.call_log.tick()

    async def _sweep(self) -> None:
        """End connections that take too long, and notice when the server itself no longer listens."""
        deaf: set[asyncio.Server] = set()
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self._app.patience.sweep(self._connections())
            for ended in {server for server in self.servers if not server.is_serving()} - deaf:
                deaf.add(ended)
                self._app.background.note("listening", "a socket takes no more connections", ENDED)
                logger.error("a socket takes no more connections; restart the server")

    async def _seal(self) -> None:
        """Mask the calls in the journal that are a second old: under load they are gone before, and it is saved."""
        journal = self._app.emulator.memory.journal
        before = journal.noted
        while True:
            await asyncio.sleep(SEAL_SECONDS)
            journal.seal(before)
            before = journal.noted

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is in flight, and stop."""
        self._end_waiting()
        later = asyncio.get_running_loop().call_later
        came = {connection: connection.received for connection in self._connections()}
        cuts = [later(QUIET_SECONDS, self._cut, came), later(GRACE_SECONDS, self._cut, None)]
        await super().shutdown(sockets)
        self._app.call_log.tick()
        for cut in cuts:
            cut.cancel()

    def _end_waiting(self) -> None:
        """End what waits for something to come: time, changed files, calls."""
        for task in self._tasks:
            task.cancel()
        self._app.stop()

    def _connections(self) -> list[Any]:
        """The open connections; each is one of protocols.py."""
        return list(self.server_state.connections)

    def _cut(self, came: dict[Any, int] | None) -> None:
        """End the connections that did not finish, or the quiet ones of them: to their calls the client has gone."""
        for connection in self._connections():
            taking = connection.phase()[0] == STALLED
            if came is None or (came.get(connection) == connection.received and not taking):
                connection.transport.abort()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second Ctrl-C does not wait for calls in flight. The signal is not raised again at the end."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def listen(settings: Settings, name: str = "port") -> socket.socket:
    """A bound, listening-to-be socket on the port that the setting of this name says. Raises CannotListen."""
    port = getattr(settings, name)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((settings.host, port))
    except OSError as fault:
        bound.close()
        raise CannotListen(
            f"cannot listen on {settings.host}:{port}: {fault.strerror or fault}; "
            f"{flag(name)} 0 takes a free port, --host another address"
        ) from fault
    bound.set_inheritable(True)
    return bound


def address_of(bound: socket.socket, scheme: str = "http") -> str:
    """The URL of a bound socket, as a client on this machine would write it."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"{scheme}://{host}:{port}"


def configured(app: App) -> uvicorn.Config:
    """How uvicorn is to serve the app. Leaves the process's logging alone: web/protocols/ keeps uvicorn quiet."""
    return uvicorn.Config(
        app,
        http=protocol(app.settings.http),
        ws="none",
        lifespan="off",
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        # patience.py ends idle connections, for both parsers and without a timer for each call.
        timeout_keep_alive=24 * 3600,
        timeout_graceful_shutdown=GRACE_SECONDS + 1,
        h11_max_incomplete_event_size=HEAD_LIMIT_BYTES,
    )


def serve(app: App, bound: socket.socket, on_ready: Callable[[], None], secure: Secure | None = None) -> None:
    """Serve on a bound socket, and HTTPS on a second one, until SIGINT or SIGTERM."""
    keep_freed_memory()
    allow_more_files(app.settings.connections + RESERVED_FILES)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    # An exception of an app is logged by mockface; what uvicorn says of answers that break off on purpose is no fault.
    Server(configured(app), app, on_ready, secure).run([bound])
