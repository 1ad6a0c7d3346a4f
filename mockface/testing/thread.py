"""uvicorn in a thread of the test's process, with the Server of `mockface serve`: ready when made, gone when stopped.

It leaves the process alone: no signal handler (uvicorn sets none off the main thread), no logger changed but for one
filter that drops what uvicorn's own logger says in this thread.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading

from mockface.web.app import App
from mockface.web.server import Secure, Server, configured

_PATIENCE_S = 30.0
"""How long a start or a stop may take before the test is told that something is wrong."""

_FLUSH_S = 0.01


class _ThreadServer(Server):
    """The Server, which ends at once when it is told to: what waits is given, what is still in flight breaks off."""

    def __init__(self, app: App, ready: threading.Event, secure: Secure | None) -> None:
        super().__init__(configured(app), app, ready.set, secure)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Run until told to end: uvicorn itself looks ten times a second whether it should, which would be late."""
        self._loop = asyncio.get_running_loop()
        ticking = asyncio.create_task(super().main_loop())
        told = asyncio.create_task(self._told.wait())
        await asyncio.wait([ticking, told], return_when=asyncio.FIRST_COMPLETED)
        for task in (ticking, told):
            task.cancel()
        await asyncio.gather(ticking, told, return_exceptions=True)

    def end(self) -> None:
        """Tell it to end, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close idle connections, give what waits, break off the rest.

        uvicorn's own takes 0.1 s at least, and waits for clients.
        """
        self._end_waiting()
        for server in self.servers:
            server.close()
        for bound in sockets or ():
            bound.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        # An answer over TLS takes some turns of the loop to leave; a client that is idle would be waited for.
        await asyncio.sleep(_FLUSH_S if self._secure else 0)
        for connection in list(self.server_state.connections):
            if self._secure or not connection.transport.is_closing():
                connection.transport.abort()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()
        self._app.call_log.tick()


class ServerThread:
    """A thread that serves an app on a bound socket, and HTTPS on a second, from when this is made until `stop`."""

    def __init__(self, app: App, bound: socket.socket, secure: Secure | None = None) -> None:
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(app, bound), name="mockface", daemon=True)
        self._server = _ThreadServer(app, self._ready, secure)
        self._thread.start()
        if not self._ready.wait(_PATIENCE_S):
            self._fault = TimeoutError(f"mockface did not start within {_PATIENCE_S:g} s")
        if self._fault is not None:
            bound.close()
            if secure is not None:
                secure[0].close()
            raise self._fault

    def _run(self, app: App, bound: socket.socket) -> None:
        uvicorn_logger = logging.getLogger("uvicorn.error")
        here = threading.get_ident()

        def is_of_others(record: logging.LogRecord) -> bool:
            return record.thread != here

        uvicorn_logger.addFilter(is_of_others)
        try:
            self._server.run([bound])
        except BaseException as fault:
            self._fault = fault
        finally:
            uvicorn_logger.removeFilter(is_of_others)
            self._ready.set()

    def stop(self) -> None:
        """End it and wait until it has ended. Raises what it failed with."""
        self._server.end()
        self._thread.join(_PATIENCE_S)
        if self._thread.is_alive():
            raise TimeoutError(f"mockface's thread did not end within {_PATIENCE_S:g} s")
        if self._fault is not None:
            raise self._fault
