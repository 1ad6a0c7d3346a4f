"""How long the server waits for its clients, and how many it has at a time.

Looked at twice a second, from outside: a connection says in which phase it is, and one that stays in a phase for too
long is ended. So a request costs nothing for its time-outs. What holds memory is bounded by the number of connections,
each of which holds its head, or what its body reader keeps (see `body.py`).
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Collection
from typing import Any, Protocol

from mockface.control import passing
from mockface.settings import Settings

NEW, HEAD, BODY, ANSWER, STALLED, IDLE = "new", "head", "body", "answer", "stalled", "idle"
"""The phases of a connection: no byte came yet, a head is coming, a body, the answer is due or going, the client takes
no more of it, none of these."""
HANDSHAKE = "handshake"
"""The phase of a connection to the port of HTTPS until TLS is agreed on."""
HANDSHAKE_SECONDS = 10.0
"""How long that may take."""
_WAITING = (NEW, HANDSHAKE, HEAD, IDLE)
"""The phases in which a connection makes room for another."""

RESERVED_FILES = 32
"""File descriptors that connections leave to the rest of the process."""
ACCEPTED_AT_ONCE = 8
"""So many asyncio accepts before it looks at any: more could use up the process's files before one can make room."""
_RESCAN_SECONDS = 0.05
"""Where nothing is idle, the connections are looked through so seldom: a flood of clients must not cost a look each."""

_LEAVING_SECONDS = 0.5
"""So long a connection that makes room is taken for gone."""


class Connection(Protocol):
    """What timeouts needs of a connection; it is one of the server's `connections`."""

    transport: Any

    @property
    def connections(self) -> Collection[Any]:
        """Those of the server, this one among them."""

    def phase(self) -> tuple[str, object]:
        """Its phase, and something that is another object for another request."""

    def expire(self, phase: str, seconds: float) -> None:
        """End it: this phase took longer than so many seconds."""


class Timeouts:
    """Ends connections that take too long, and the longest idle ones where there are too many."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = {
            NEW: settings.idle_seconds,
            HANDSHAKE: HANDSHAKE_SECONDS,
            HEAD: settings.head_seconds,
            BODY: settings.body_seconds,
            STALLED: settings.body_seconds,
            IDLE: settings.idle_seconds,
        }
        self._most = settings.connections
        self._seen: dict[Any, tuple[str, object, float]] = {}
        self._idle: deque[Any] = deque()
        self._leaving: deque[tuple[float, Any]] = deque()
        self._scanned = 0.0
        self._let_in = 0

    def sweep(self, connections: Collection[Any]) -> None:
        """End what has been in one phase for too long."""
        now = passing.monotonic()
        seen: dict[Any, tuple[str, object, float]] = {}
        for connection in list(connections):
            phase, token = connection.phase()
            before = self._seen.get(connection)
            since = before[2] if before and before[0] == phase and before[1] is token else now
            seen[connection] = (phase, token, since)
            limit = self._seconds.get(phase)
            if limit is not None and now - since > limit:
                self._end(connection, phase, limit)
        self._seen = seen

    @staticmethod
    def _end(connection: Any, phase: str, limit: float) -> None:
        if connection.transport.is_closing() or connection.deaf or phase == STALLED:
            # Its last answer is not taken: there is nothing to wait for.
            connection.transport.abort()
        else:
            connection.expire(phase, limit)

    def admit(self, connection: Connection) -> bool:
        """Whether this new connection may stay; the one that is idle longest makes room."""
        most = min(self._most, files_allowed() - RESERVED_FILES)
        if len(connection.connections) <= most:
            return True
        now = passing.monotonic()
        if len(connection.connections) - self._still_leaving(connection, now) <= most:
            return True
        if not self._idle and (self._let_in or now - self._scanned > _RESCAN_SECONDS):
            self._scanned, self._let_in = now, 0
            self._idle = deque(self._longest_idle(connection, now))
        while self._idle:
            other = self._idle.popleft()
            if other not in connection.connections:
                continue  # it has gone, or another protocol has taken its transport over
            if other.phase()[0] in _WAITING and not other.transport.is_closing():
                other.transport.close()
                self._leaving.append((now, other))
                self._let_in += 1
                return True
        return False

    def _still_leaving(self, newcomer: Connection, now: float) -> int:
        """How many made room a moment ago and are only to be gone: many newcomers may come at once."""
        leaving = self._leaving
        while leaving and (leaving[0][1] not in newcomer.connections or now - leaving[0][0] > _LEAVING_SECONDS):
            leaving.popleft()
        return len(leaving)

    def _longest_idle(self, newcomer: Connection, now: float) -> list[Any]:
        waiting = [
            (self._seen[other][2] if other in self._seen else now, index, other)
            for index, other in enumerate(newcomer.connections)
            if other is not newcomer and other.phase()[0] in _WAITING
        ]
        return [other for _, _, other in sorted(waiting, key=lambda one: one[:2])]


def files_allowed() -> int:
    """How many file descriptors this process may have; very many where the system has no such bound."""
    if sys.platform == "win32":
        return 1_000_000
    import resource

    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(soft, RESERVED_FILES + 8) if soft >= 0 else 1_000_000


def allow_more_files(wanted: int) -> None:
    """Raise this process's own bound on file descriptors, as far as the system lets it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = wanted if hard < 0 else min(wanted, hard)
    if 0 <= soft < target:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
