"""Several processes on one port: a parent without threads and without a loop starts them, and starts them again.

Each worker has a socket of its own for the port where the system shares connections out between sockets, else all have
one. The parent keeps the sockets: while a worker is started again, its clients wait and are not refused.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from mockface.control import passing
from mockface.errors import CannotListen
from mockface.settings import Settings
from mockface.web.serving import run

logger = logging.getLogger("mockface")

STOP_SECONDS = 10.0
"""How long the workers may take to stop; then they are killed."""
CALM_SECONDS = 5.0
"""A worker that ends sooner is started again only after a pause."""
PAUSE_SECONDS = 1.0
_STOPS = (signal.SIGTERM, signal.SIGINT)
_TAKEN = (*_STOPS, *(getattr(signal, name) for name in ("SIGHUP", "SIGCHLD") if hasattr(signal, name)))
"""What the parent goes by; Windows has fewer, and no workers."""
_SHARES = "SO_REUSEPORT"


class _Worker(NamedTuple):
    number: int
    began: float


def can_fork() -> bool:
    """Whether this system has what workers need."""
    return hasattr(os, "fork")


def listen(settings: Settings, count: int, name: str = "port") -> list[socket.socket]:
    """A listening socket for each worker, all on the port of this setting. Raises CannotListen."""
    first = run.listen(settings, name)
    if sys.platform != "linux":
        return [first] * count
    # That it could listen alone says that nobody else does: others could share the port as well.
    address = first.getsockname()
    first.close()
    bound = []
    for _ in range(count):
        one = socket.socket(first.family, socket.SOCK_STREAM)
        try:
            one.setsockopt(socket.SOL_SOCKET, getattr(socket, _SHARES), 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
            one.listen(run.BACKLOG)
        except OSError as fault:
            raise CannotListen(f"cannot listen on {address[0]}:{address[1]} for {count} workers: {fault}") from fault
        bound.append(one)
    return bound


class Workers:
    """The parent of some workers: `work` serves as the worker of a number until it is told to stop.

    `work` gets a callback for when it listens; `on_ready` is called once all do.
    """

    def __init__(
        self, count: int, work: Callable[[int, Callable[[], None]], None], on_ready: Callable[[], None]
    ) -> None:
        self._count = count
        self._work = work
        self._on_ready = on_ready
        self._running: dict[int, _Worker] = {}
        self._due: list[tuple[float, int]] = []
        self._ready: set[int] = set()
        self._said = self._stopping = False
        self._status = 0
        self._kill_at = float("inf")
        self._terminal = next((stream for stream in range(3) if os.isatty(stream)), None)

    def run(self) -> int:
        """Serve until told to stop; gives the exit status."""
        self._told, self._tell = os.pipe()
        self._alive, self._life = os.pipe()
        woken, wake = socket.socketpair()
        woken.setblocking(False)
        wake.setblocking(False)
        signal.set_wakeup_fd(wake.fileno())
        for sig in _TAKEN:
            signal.signal(sig, lambda *_: None)
        for number in range(1, self._count + 1):
            self._start(number)
        with selectors.DefaultSelector() as waiting:
            waiting.register(woken, selectors.EVENT_READ)
            waiting.register(self._told, selectors.EVENT_READ)
            while self._running or (self._due and not self._stopping):
                for key, _ in waiting.select(self._next_s()):
                    if key.fd == self._told:
                        self._came(os.read(self._told, 64))
                    else:
                        for came in woken.recv(64):
                            self._signalled(came)
                self._look()
        return self._status

    def _next_s(self) -> float | None:
        """How long nothing is due."""
        times = [at for at, _ in self._due] + ([self._kill_at] if self._kill_at < float("inf") else [])
        return max(0.0, min(times) - passing.monotonic()) if times else None

    def _start(self, number: int) -> None:
        # A signal that comes before the worker goes by its own handlers waits for them.
        signal.pthread_sigmask(signal.SIG_BLOCK, _TAKEN)
        pid = os.fork()
        if pid == 0:
            self._be(number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TAKEN)
        self._running[pid] = _Worker(number, passing.monotonic())

    def _be(self, number: int) -> None:
        """What the worker does; does not return."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for sig in _TAKEN:
                signal.signal(sig, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _TAKEN)
            # Ctrl-C in a terminal is for the parent, which tells each worker once.
            os.setpgid(0, 0)
            os.close(self._life)
            threading.Thread(target=self._end_with_parent, name="mockface-parent", daemon=True).start()
            self._work(number, partial(self._listens, number))
            status = 0
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        except BaseException:
            logger.exception("worker %d failed", number)
            time.sleep(0.1)  # its log is written by a thread
        finally:
            sys.stdout.flush()
            os._exit(status)

    def _listens(self, number: int) -> None:
        os.write(self._tell, number.to_bytes(2, "big"))

    def _end_with_parent(self) -> None:
        """Stop when the parent has ended, however it has."""
        os.read(self._alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _came(self, numbers: bytes) -> None:
        self._ready.update(int.from_bytes(numbers[at : at + 2], "big") for at in range(0, len(numbers), 2))
        if len(self._ready) == self._count and not self._said:
            self._said = True
            self._on_ready()

    def _signalled(self, sig: int) -> None:
        if sig in _STOPS or (sig == signal.SIGHUP and self._terminal is not None and not os.isatty(self._terminal)):
            again = signal.SIGINT if self._stopping and sig == signal.SIGINT else signal.SIGTERM
            self._stop(again)
        elif sig == signal.SIGHUP:
            self._send(signal.SIGHUP)

    def _stop(self, sig: int) -> None:
        self._stopping = True
        self._due.clear()
        self._kill_at = min(self._kill_at, passing.monotonic() + STOP_SECONDS)
        self._send(sig)

    def _send(self, sig: int) -> None:
        for pid in self._running:
            os.kill(pid, sig)

    def _look(self) -> None:
        """Take leave of workers that ended, and start those that are due."""
        for pid in list(self._running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._ended(pid, os.waitstatus_to_exitcode(status))
        now = passing.monotonic()
        if now >= self._kill_at:
            self._kill_at = float("inf")
            logger.error("workers did not stop within %g s and are killed", STOP_SECONDS)
            self._send(signal.SIGKILL)
        for at, number in list(self._due):
            if at <= now:
                self._due.remove((at, number))
                self._start(number)

    def _ended(self, pid: int, status: int) -> None:
        worker = self._running.pop(pid)
        if self._stopping:
            self._status = self._status or (0 if status <= 0 else status)
            return
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        if not self._said:
            # It cannot serve, and has said why.
            logger.error("worker %d ended %s before all served: the server stops", worker.number, how)
            self._status = status if status > 0 else 1
            self._stop(signal.SIGTERM)
            return
        now = passing.monotonic()
        logger.error("worker %d (process %d) ended %s and is started again", worker.number, pid, how)
        self._due.append((now + (0.0 if now - worker.began > CALM_SECONDS else PAUSE_SECONDS), worker.number))
