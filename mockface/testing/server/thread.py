"""uvicorn in a thread of the test's process, with the Server of `mockface serve`: listens on creation, until `stop`.

It does not change the process: no signal handlers (uvicorn sets none outside the main thread) and no loggers, except
for a filter that drops records of uvicorn's logger from this thread.
"""

from __future__ import annotations

import _thread
import asyncio
import logging
import os
import socket
import sys
import threading
import traceback
import weakref
from contextlib import suppress
from types import BuiltinFunctionType

from mockface.web.app import App
from mockface.web.serving.door import door
from mockface.web.serving.hangup import Secure
from mockface.web.serving.plain import PlainServer
from mockface.web.serving.run import Server, configured

_PATIENCE_S = 10.0
"""The longest time for a start or a stop, in seconds; then the test gets an error with the thread's stack."""


_NO_THREADS = (
    "the handle cannot start a server here: threads of this process are greenlets (patched by gevent or eventlet), "
    "and a server would block all others. Leave threads unpatched, gevent.monkey.patch_all(thread=False), or run "
    "'mockface serve' and use Mockface.connect(url), in pytest --mockface-url."
)

_FLUSH_S = 0.01


class _ThreadServer(Server):
    """The Server, which stops at once when told to: delayed answers are sent, calls in flight are aborted."""

    def __init__(self, app: App, ready: threading.Event, secure: Secure | None) -> None:
        super().__init__(configured(app), app, ready.set, secure)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.fault: BaseException | None = None
        """The exception it failed with, if it failed; it has shut down all the same."""

    async def main_loop(self) -> None:
        """Run until told to end; uvicorn's own loop checks only ten times a second."""
        self._loop = asyncio.get_running_loop()
        ticking = asyncio.create_task(super().main_loop())
        told = asyncio.create_task(self._told.wait())
        ended, _ = await asyncio.wait([ticking, told], return_when=asyncio.FIRST_COMPLETED)
        for task in (ticking, told):
            task.cancel()
        await asyncio.gather(ticking, told, return_exceptions=True)
        self.fault = next((one.exception() for one in ended if one.exception()), None)

    def descriptors(self) -> list[int]:
        """The file descriptors of the listening sockets and the open connections."""
        listening = [bound.fileno() for server in self.servers for bound in server.sockets]
        transports = [connection.transport for connection in self.server_state.connections]
        return [*listening, *(one.get_extra_info("socket").fileno() for one in transports if not one.is_closing())]

    def end(self) -> None:
        """Make it end, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: the server has ended
                self._loop.call_soon_threadsafe(self._told.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close idle connections, send delayed answers, abort the rest.

        uvicorn's own shutdown takes at least 0.1 s, and waits for clients.
        """
        self._app.stop()
        for server in self.servers:
            server.close()
        for bound in sockets or ():
            bound.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        # An answer over TLS needs some turns of the loop; an idle client would make the shutdown wait.
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
        await self._app.leave()
        self._app.call_log.tick()


class _PlainThreadServer(PlainServer):
    """Stock uvicorn, which checks ten times a second whether to end."""

    def __init__(self, app: App, ready: threading.Event, secure: Secure | None) -> None:
        super().__init__(app, ready.set, secure)

    def descriptors(self) -> list[int]:
        """None: uvicorn's connections are not accessible here."""
        return []

    def end(self) -> None:
        """Make it end, from another thread."""
        self.tell_end()
        self.should_exit = True


_serving: weakref.WeakSet[_ThreadServer | _PlainThreadServer] = weakref.WeakSet()
"""The servers of this process, whose sockets a forked child would share."""


def _let_go_in_child() -> None:
    """Redirect the sockets' descriptors in a forked child, so that they close when the parent closes them.

    The child serves nothing. The descriptors stay open: the loop's copies in the child may still close them.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for server in _serving:
        for descriptor in server.descriptors():
            os.dup2(nowhere, descriptor, inheritable=False)
    os.close(nowhere)
    _serving.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_in_child)


class ServerThread:
    """A thread that serves an app on a bound socket, and HTTPS on a second one, from its creation until `stop`."""

    def __init__(self, app: App, bound: socket.socket, secure: Secure | None = None) -> None:
        if not isinstance(_thread.start_new_thread, BuiltinFunctionType):
            bound.close()
            raise RuntimeError(_NO_THREADS)
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(app, bound), name="mockface", daemon=True)
        app.door = door(app.settings.http)
        kind = _PlainThreadServer if app.door.http == "plain" else _ThreadServer
        self._server = kind(app, self._ready, secure)
        self._thread.start()
        if not self._ready.wait(_PATIENCE_S):
            self._fault = self._too_late("start")
        if self._fault is not None:
            bound.close()
            if secure is not None:
                secure[0].close()
            raise self._fault
        _serving.add(self._server)

    def _too_late(self, what: str) -> TimeoutError:
        """The error, with the thread's stack."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        stands = "".join(traceback.format_stack(frame)) if frame else "no stack: it has ended"
        return TimeoutError(f"mockface's thread did not {what} within {_PATIENCE_S:g} s; it is at\n{stands}")

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
        """Stop the server and wait for its end. Raises the exception it failed with."""
        _serving.discard(self._server)
        self._server.end()
        self._thread.join(_PATIENCE_S)
        if self._thread.is_alive():
            raise self._too_late("end")
        if self._fault is not None:
            raise self._fault
