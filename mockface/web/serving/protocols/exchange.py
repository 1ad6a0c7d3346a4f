"""What a connection and its exchanges ask of each other: a call of the operation, or a request of the ASGI app."""

from __future__ import annotations

import asyncio
from typing import Protocol

from mockface.web.app import App
from mockface.web.endpoint import Endpoint


class Exchange(Protocol):
    """A request on its way to its answer. `whole` says that its last byte has come."""

    whole: bool

    @property
    def reading(self) -> bool:
        """Whether its answer waits for more of its body."""

    @property
    def body_left(self) -> int:
        """How many bytes of its body are still to come, as far as its head says so."""

    def begin(self) -> None:
        """Its turn has come."""

    def body_came(self, piece: bytes) -> None:
        """A piece of its body came."""

    def ended(self) -> None:
        """Its body is whole."""

    def may_write(self) -> None:
        """The client takes more of the answer again."""

    def broken(self) -> bool:
        """The rest of its body will not come; whether the client may be told so, for no answer has begun."""

    def gone(self) -> None:
        """The client has gone."""


class Carrier(Protocol):
    """The connection that carries an exchange. `closing` ends it behind the answer that is being given."""

    app: App
    endpoint: Endpoint
    transport: asyncio.Transport
    tasks: set[asyncio.Task[None]]
    closing: bool
    write_paused: bool

    def finished(self) -> None:
        """The exchange is over: its answer is written."""

    def close(self) -> None:
        """End the connection now."""

    def linger(self) -> None:
        """Close, but take and drop for a moment what still comes."""

    def say_last(self, content: bytes) -> None:
        """Say this, behind all answers, and close."""

    def pause_reading(self) -> None:
        """Let the client wait."""

    def resume_reading(self) -> None:
        """Take what the client sends again."""
