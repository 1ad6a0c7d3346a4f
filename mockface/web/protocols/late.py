"""An answer that comes late, without a task of its own.

To uvicorn it is the cycle of a request that is not answered yet: what is pipelined behind it is queued, and a server
that stops ends the connection behind it.
"""

from __future__ import annotations

from typing import Protocol

from mockface.model import Answer


class Connection(Protocol):
    """What sends it."""

    def give(self, answer: Answer, *, close: bool) -> None:
        """Send an answer in one piece."""


class _NobodyWaits:
    """Stands for the event that a cycle of uvicorn waits for."""

    def set(self) -> None:
        """Nobody waits for it."""


class Late:
    """An answer that waits: `give` sends it, once, when its time has come."""

    __slots__ = ("_answer", "_connection", "disconnected", "keep_alive", "response_complete")

    more_body = response_started = False
    message_event = _NobodyWaits()

    def __init__(self, connection: Connection, answer: Answer, *, keep_alive: bool) -> None:
        self._connection = connection
        self._answer = answer
        self.keep_alive = keep_alive
        self.response_complete = self.disconnected = False

    def give(self) -> None:
        """Send it."""
        self.response_complete = True
        self._connection.give(self._answer, close=not self.keep_alive)
