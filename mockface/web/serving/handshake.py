"""A connection to the port of HTTPS until TLS is agreed on: it counts, it is timed, and it is told if it speaks no TLS.

The event loop's own TLS server shows a connection only after its handshake: until then it would be bounded by nothing.
So the listener is a plain one. The first bytes are looked at; if they are not plain HTTP, they go to TLS, and the
connection behind it to the HTTP protocol.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import Any, Protocol

from mockface.web.serving import unframed
from mockface.web.serving.timeouts import HANDSHAKE, HANDSHAKE_SECONDS

logger = logging.getLogger("mockface.wire")

GOODBYE_SECONDS = 1.0
"""How long a closed connection waits for the client's own goodbye: a server that stops waits for it."""
LINGER_SECONDS = 1.0
"""How long bytes of a client that spoke no TLS are still taken and dropped: a close before would lose it its answer."""


class Certified(Protocol):
    """What TLS is spoken with: another context for the connections to come when the certificate is renewed."""

    context: ssl.SSLContext


class Handshake(asyncio.Protocol):
    """A connection that is to become one of HTTPS; for `timeouts.py` it is a connection like those of HTTP."""

    transport: Any
    deaf = False
    received = 0

    def __init__(self, tls: Certified, http: Callable[[], asyncio.Protocol], connections: set[Any], app: Any) -> None:
        self._tls = tls
        self._http = http
        self._app = app
        self.connections = connections
        self._task: asyncio.Task[None] | None = None
        self._held = b""
        self._ended = self._told = False

    def phase(self) -> tuple[str, object]:
        """Where this connection is."""
        return HANDSHAKE, self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected; it is let in, or cut."""
        self.transport = transport
        self.connections.add(self)
        if not self._app.timeouts.admit(self):
            self._cut(f"{len(self.connections) - 1} connections are open and busy (--connections)")

    def data_received(self, data: bytes) -> None:
        """The first bytes came; or, already through TLS, bytes for whoever follows this protocol."""
        self.received += 1
        if self._task is not None:
            self._held += data
        elif not self.deaf and data[:1].isalpha():
            self._answer_plainly()
        elif not self.deaf:
            self.transport.pause_reading()
            self._task = asyncio.create_task(self._agree(data))

    def eof_received(self) -> None:
        """The client has said goodbye: the transport closes."""

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._ended = True
        self.connections.discard(self)

    async def _agree(self, first: bytes) -> None:
        """Agree on TLS, and hand the connection to the HTTP protocol."""
        loop = asyncio.get_running_loop()
        start = loop.start_tls(
            self.transport,
            self,
            self._tls.context,
            server_side=True,
            ssl_handshake_timeout=HANDSHAKE_SECONDS,
            ssl_shutdown_timeout=GOODBYE_SECONDS,
        )
        starting = asyncio.Task(start, loop=loop)
        try:
            # The first step of the task puts TLS into its place and has more read; before anything more can have been
            # read, TLS gets what was read already.
            await asyncio.sleep(0)
            loop.call_soon(_feed, self.transport, first)
            secure = await starting
        except OSError as fault:
            if not self._told:
                logger.info("refused: no TLS was agreed on: %s", _in_words(fault))
            return
        finally:
            self.connections.discard(self)
        # A loop may return a transport, too, where the connection went before TLS was agreed on.
        if secure is not None and not (self._ended or self.transport.is_closing() or secure.is_closing()):
            protocol = self._http()
            secure.set_protocol(protocol)
            protocol.connection_made(secure)
            if self._held:
                protocol.data_received(self._held)

    def _answer_plainly(self) -> None:
        """Say in plain HTTP what is wrong, and close."""
        logger.info("refused: %s", unframed.HTTP_TO_TLS)
        self.deaf = True
        self.transport.write(unframed.answer(unframed.HTTP_TO_TLS, hints=self._app.endpoint.hints))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self.transport.close)

    def expire(self, phase: str, seconds: float) -> None:
        """End it: the handshake took too long."""
        self._cut(f"no TLS was agreed on within {seconds:g} s")

    def _cut(self, why: str) -> None:
        logger.info("refused: %s", why)
        self.shutdown()

    def shutdown(self) -> None:
        """The server stops: nothing was asked yet."""
        self._ended = self._told = True
        self.transport.abort()


def _feed(transport: Any, data: bytes) -> None:
    """Give the protocol of a transport bytes that were read before it had this one."""
    protocol: asyncio.BufferedProtocol = transport.get_protocol()
    while data and not transport.is_closing():
        buffer = memoryview(protocol.get_buffer(len(data)))
        taken = min(len(buffer), len(data))
        buffer[:taken] = data[:taken]
        protocol.buffer_updated(taken)
        data = data[taken:]


def _in_words(fault: OSError) -> str:
    """Why a handshake failed; OpenSSL's own name for it is enough to look it up."""
    reason = getattr(fault, "reason", None) or fault
    distrusted = "UNKNOWN_CA" in str(reason) or "CERTIFICATE_UNKNOWN" in str(reason) or "BAD_CERTIFICATE" in str(reason)
    return f"{reason}{_DISTRUSTED}" if distrusted else str(reason) or "the client left"


_DISTRUSTED = "; the client does not trust the certificate ('mockface tls trust' says how it comes to)"
