"""Timeouts of connections, and the limit on their number.

Checked twice a second from outside: each connection reports its phase, and one that stays too long in a phase is
closed. So timeouts cost nothing per request. Memory is bounded by the number of connections, each of which stores its
head or the data of its body reader (see `body.py`).
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Collection
from typing import Any, Protocol

from mockface.control import passing
from mockface.settings import Settings

NEW, HEAD, BODY, ANSWER, STALLED, IDLE = "new", "head", "body", "answer", "stalled", "idle"
"""The phases of a connection: no byte yet, receiving a head, receiving a body, answer pending or being sent, answer not
read by the client, none of these."""
HANDSHAKE = "handshake"
"""The phase of a connection to the HTTPS port until TLS is established."""
HANDSHAKE_SECONDS = 10.0
"""The longest time for it."""
_WAITING = (NEW, HANDSHAKE, HEAD, IDLE)
"""The phases in which a connection may be closed to admit another."""

RESERVED_FILES = 32
"""File descriptors reserved for the rest of the process."""
ACCEPTED_AT_ONCE = 8
"""How many connections asyncio accepts in one step: more could exhaust the descriptors before any can be closed."""
_RESCAN_SECONDS = 0.05
"""The least time between searches for an idle connection: a flood of clients must not cost one each."""

_LEAVING_SECONDS = 0.5
"""How long a connection that is being closed for another counts as gone."""


class Connection(Protocol):
    """What timeouts need of a connection; it is one of the server's `connections`."""

    transport: Any

    @property
    def connections(self) -> Collection[Any]:
        """All connections of the server, including this one."""

    def phase(self) -> tuple[str, object]:
        """Its phase, and an object that differs for each request."""

    def expire(self, phase: str, seconds: float) -> None:
        """Close it: this phase took longer than this many seconds."""


class Timeouts:
    """Closes connections that take too long, and the longest idle ones if there are too many."""

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
        """Close connections that have been in one phase for too long."""
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
            # Its last answer is not being read: there is nothing to wait for.
            connection.transport.abort()
        else:
            connection.expire(phase, limit)

    def admit(self, connection: Connection) -> bool:
        """Whether this new connection may stay; the longest idle one is closed for it."""
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
                continue  # it is closed, or another protocol uses its transport now
            if other.phase()[0] in _WAITING and not other.transport.is_closing():
                other.transport.close()
                self._leaving.append((now, other))
                self._let_in += 1
                return True
        return False

    def _still_leaving(self, newcomer: Connection, now: float) -> int:
        """How many connections are still being closed for others: many new ones may arrive at once."""
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
    """The process's limit on file descriptors; a very high number if the system has none."""
    if sys.platform == "win32":
        return 1_000_000
    import resource

    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(soft, RESERVED_FILES + 8) if soft >= 0 else 1_000_000


def allow_more_files(wanted: int) -> None:
    """Raise this process's limit on file descriptors, as far as the system allows."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = wanted if hard < 0 else min(wanted, hard)
    if 0 <= soft < target:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
