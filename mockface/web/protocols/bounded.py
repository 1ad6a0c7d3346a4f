"""What both HTTP protocols share: in which phase a connection is, how a client is refused, what is taken of it then.

What is no HTTP is answered in the service's envelope (code 3) instead of uvicorn's plain text; `patience.py` asks for
the phases and ends what takes too long.
"""

from __future__ import annotations

import logging
from typing import Any

from mockface.web import unframed
from mockface.web.app import App
from mockface.web.endpoint import Endpoint
from mockface.web.patience import ANSWER, BODY, HEAD, STALLED

logger = logging.getLogger("mockface.wire")

LINGER_SECONDS = 1.0
"""How long bytes of a client that was refused are still taken and dropped."""

_SILENT = logging.Logger("mockface.uvicorn", logging.CRITICAL + 1)
"""Belongs to no tree of loggers, so a process that embeds mockface keeps its logging as it is. uvicorn logs an error
for each answer that breaks off on purpose; an exception of the app is logged by the app."""


class Bounded:
    """What both protocols share. `received` counts the times that bytes came; a `deaf` one drops them."""

    transport: Any
    cycle: Any
    flow: Any
    config: Any
    loop: Any
    connections: Any
    deaf = False
    received = 0

    @property
    def endpoint(self) -> Endpoint:
        """The emulated operation."""
        app: App = self.config.app
        return app.endpoint

    def answering(self) -> str:
        """The phase of the last request that went ASGI's way or waits, while it is not answered; "" without one."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return ""
        return STALLED if self.flow.write_paused else BODY if cycle.more_body else ANSWER

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone; uvicorn would keep what it reset in memory until its timer for idle connections ends."""
        super().connection_lost(exc)  # type: ignore[misc]
        self._unset_keepalive_if_required()  # type: ignore[attr-defined]

    def connection_made(self, transport: Any) -> None:
        """A client has connected; it is let in, or told why not."""
        super().connection_made(transport)  # type: ignore[misc]
        self.logger, self.access_log = _SILENT, False
        if not self.config.app.patience.admit(self):
            self.refuse(f"{len(self.connections) - 1} connections are open and busy (--connections)", unframed.BUSY)

    def refuse(self, why: str, status: int = unframed.BAD) -> None:
        """Say why nothing more is read from this client, and close; an answer that is due goes out first."""
        logger.info("refused: %s", why)
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete and (cycle.response_started or not cycle.more_body):
            cycle.keep_alive = False
            self.flow.pause_reading()
            return
        self.say_last(unframed.answer(why, status, hints=self.endpoint.hints))

    def say_last(self, answer: bytes) -> None:
        """Send an answer behind which nothing more is read, and close a moment later.

        A close with bytes unread would reset the connection, and a client that is still sending would lose the answer.
        """
        self.transport.write(answer)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.deaf = True
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def expire(self, phase: str, seconds: float) -> None:
        """End it: the phase took too long."""
        if phase == HEAD:
            self.refuse(
                f"the head of the request was not whole after {seconds:g} s (--head-seconds)", unframed.TIMED_OUT
            )
        elif phase == BODY:
            self.refuse(f"the body was not whole after {seconds:g} s (--body-seconds)", unframed.TIMED_OUT)
        else:
            self.transport.close()
