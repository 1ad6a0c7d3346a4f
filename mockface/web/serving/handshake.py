"""A connection to the HTTPS port until TLS is established: counted, timed, and answered if it is plain HTTP.

The event loop's own TLS server shows a connection only after its handshake, so nothing would limit it until then.
Therefore the listener is a plain one. If the first bytes are not plain HTTP they go to TLS, and the connection then
goes to the HTTP protocol.
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
"""How long a closed connection waits for the client's close_notify: a server that stops waits for it."""
LINGER_SECONDS = 1.0
"""How long data of a plain-HTTP client is still read and discarded: closing earlier could lose it the answer."""


class Certified(Protocol):
    """The TLS context; after a renewal it is another one for new connections."""

    context: ssl.SSLContext


class Handshake(asyncio.Protocol):
    """A connection that will be HTTPS; for `timeouts.py` it is a connection like those of HTTP."""

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
        """The phase of this connection."""
        return HANDSHAKE, self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected: admit or abort it."""
        self.transport = transport
        self.connections.add(self)
        if not self._app.timeouts.admit(self):
            self._cut(f"{len(self.connections) - 1} connections are open and busy (--connections)")

    def data_received(self, data: bytes) -> None:
        """The first bytes; or, already decrypted, bytes for the protocol that follows."""
        self.received += 1
        if self._task is not None:
            self._held += data
        elif not self.deaf and data[:1].isalpha():
            self._answer_plainly()
        elif not self.deaf:
            self.transport.pause_reading()
            self._task = asyncio.create_task(self._agree(data))

    def eof_received(self) -> None:
        """The client has closed its side: the transport closes."""

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._ended = True
        self.connections.discard(self)

    async def _agree(self, first: bytes) -> None:
        """Establish TLS, and pass the connection to the HTTP protocol."""
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
            # The first step of the task installs TLS and resumes reading; TLS gets the bytes read before
            # any others can arrive.
            await asyncio.sleep(0)
            loop.call_soon(_feed, self.transport, first)
            secure = await starting
        except OSError as fault:
            if not self._told:
                logger.info("refused: TLS handshake failed: %s", _in_words(fault))
            return
        finally:
            self.connections.discard(self)
        # Some loops return a transport even if the connection was lost before TLS was established.
        if secure is not None and not (self._ended or self.transport.is_closing() or secure.is_closing()):
            protocol = self._http()
            secure.set_protocol(protocol)
            protocol.connection_made(secure)
            if self._held:
                protocol.data_received(self._held)

    def _answer_plainly(self) -> None:
        """Explain the mistake in plain HTTP, and close."""
        logger.info("refused: %s", unframed.HTTP_TO_TLS)
        self.deaf = True
        self.transport.write(unframed.answer(unframed.HTTP_TO_TLS, hints=self._app.endpoint.hints))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self.transport.close)

    def expire(self, phase: str, seconds: float) -> None:
        """Abort it: the handshake took too long."""
        self._cut(f"TLS handshake not finished within {seconds:g} s")

    def _cut(self, why: str) -> None:
        logger.info("refused: %s", why)
        self.shutdown()

    def shutdown(self) -> None:
        """The server stops: there is no request yet."""
        self._ended = self._told = True
        self.transport.abort()


def _feed(transport: Any, data: bytes) -> None:
    """Pass bytes to a transport's new protocol that were read before it was set."""
    protocol: asyncio.BufferedProtocol = transport.get_protocol()
    while data and not transport.is_closing():
        buffer = memoryview(protocol.get_buffer(len(data)))
        taken = min(len(buffer), len(data))
        buffer[:taken] = data[:taken]
        protocol.buffer_updated(taken)
        data = data[taken:]


def _in_words(fault: OSError) -> str:
    """Why a handshake failed: OpenSSL's own name for the reason, which can be looked up."""
    reason = getattr(fault, "reason", None) or fault
    distrusted = "UNKNOWN_CA" in str(reason) or "CERTIFICATE_UNKNOWN" in str(reason) or "BAD_CERTIFICATE" in str(reason)
    return f"{reason}{_DISTRUSTED}" if distrusted else str(reason) or "the client left"


_DISTRUSTED = "; the client does not trust the certificate ('mockface tls trust' prints how to add it)"
