"""uvicorn in a thread of the test's process, with the Server of `mockface serve`: ready when made, gone when stopped.

It leaves the process alone: no signal handler (uvicorn sets none off the main thread), no logger changed but for one
filter that drops what uvicorn's own logger says in this thread.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from contextlib import suppress

from mockface.web.app import App
from mockface.web.server import Server, configured

_PATIENCE_S = 30.0
"""How long a start or a stop may take before the test is told that something is wrong."""


class _ThreadServer(Server):
    """The Server, which ends at once when it is told to: what waits is given, what is still in flight breaks off."""

    def __init__(self, app: App, ready: threading.Event) -> None:
        super().__init__(configured(app), app, ready.set, None)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.fault: BaseException | None = None
        """What it failed with while it ran; it has shut down all the same."""

    async def main_loop(self) -> None:
        """Run until told to end: uvicorn itself looks ten times a second whether it should, which would be late."""
        self._loop = asyncio.get_running_loop()
        ticking = asyncio.create_task(super().main_loop())
        told = asyncio.create_task(self._told.wait())
        ended, _ = await asyncio.wait([ticking, told], return_when=asyncio.FIRST_COMPLETED)
        for task in (ticking, told):
            task.cancel()
        await asyncio.gather(ticking, told, return_exceptions=True)
        self.fault = next((one.exception() for one in ended if one.exception()), None)

    def end(self) -> None:
        """Tell it to end, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: it has ended by itself
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
        await asyncio.sleep(0)
        for connection in list(self.server_state.connections):
            if not connection.transport.is_closing():
                connection.transport.abort()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()
        self._app.call_log.tick()


class ServerThread:
    """A thread that serves an app on a bound socket, from when this is made until `stop`."""

    def __init__(self, app: App, bound: socket.socket) -> None:
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(app, bound), name="mockface", daemon=True)
        self._server = _ThreadServer(app, self._ready)
        self._thread.start()
        if not self._ready.wait(_PATIENCE_S):
            self._fault = TimeoutError(f"mockface did not start within {_PATIENCE_S:g} s")
        if self._fault is not None:
            bound.close()
            raise self._fault

    def _run(self, app: App, bound: socket.socket) -> None:
        uvicorn_logger = logging.getLogger("uvicorn.error")
        here = threading.get_ident()

        def is_of_others(record: logging.LogRecord) -> bool:
            return record.thread != here

        uvicorn_logger.addFilter(is_of_others)
        try:
            self._server.run([bound])
            self._fault = self._server.fault
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
