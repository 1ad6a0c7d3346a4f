"""The interfaces between a connection and its exchanges: a call of the operation, or a request of the ASGI app."""

from __future__ import annotations

import asyncio
from typing import Protocol

from mockface.web.app import App
from mockface.web.endpoint import Endpoint


class Exchange(Protocol):
    """A request on its way to its answer. `whole` says that its last byte has arrived."""

    whole: bool

    @property
    def reading(self) -> bool:
        """Whether its answer needs more of its body."""

    @property
    def body_left(self) -> int:
        """How many bytes of its body are still to come, if its head says so."""

    def begin(self) -> None:
        """It is this request's turn."""

    def body_came(self, piece: bytes) -> None:
        """A piece of its body has arrived."""

    def ended(self) -> None:
        """Its body is complete."""

    def may_write(self) -> None:
        """The client reads the answer again."""

    def broken(self) -> bool:
        """The rest of its body will not arrive; returns whether the client may be told, because no answer has begun."""

    def gone(self) -> None:
        """The client has disconnected."""


class Carrier(Protocol):
    """The connection of an exchange. `closing` closes it after the current answer."""

    app: App
    endpoint: Endpoint
    transport: asyncio.Transport
    tasks: set[asyncio.Task[None]]
    closing: bool
    write_paused: bool

    def finished(self) -> None:
        """The exchange is over: its answer is written."""

    def close(self) -> None:
        """Close the connection now."""

    def linger(self) -> None:
        """Close, but read and discard for a moment first."""

    def say_last(self, content: bytes) -> None:
        """Send this after all answers, and close."""

    def pause_reading(self) -> None:
        """Stop reading from the client."""

    def resume_reading(self) -> None:
        """Continue reading from the client."""
