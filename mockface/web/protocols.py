"""uvicorn's two HTTP protocols, with the two things changed that a mock must get right.

- What is no HTTP is answered in the service's envelope (code 3), not in uvicorn's plain text.
- `Upgrade: h2c` with a body, which the JDK's own HttpClient sends on plain http, goes to h11: httptools takes such a
  body for the new protocol's bytes and loses it. The hand-over is the one that uvicorn has for websockets.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockface import codes
from mockface.model import Answer
from mockface.web import effects
from mockface.why import one_line

_UNFRAMED = Answer(
    codes.BAD_REQUEST.number,
    codes.BAD_REQUEST.status,
    f'{{"code":{codes.BAD_REQUEST.number},"message":"{codes.BAD_REQUEST.message}"}}'.encode(),
    one_line("these bytes are no HTTP/1.1 request (request line, headers, or the framing of the body)"),
)


def _unframed_answer() -> bytes:
    """The bytes of the answer to what is no HTTP (the check that codes.py calls `request_framed`)."""
    lines = [b"HTTP/1.1 %d Bad Request" % _UNFRAMED.status]
    lines += [name + b": " + value for name, value in effects.head(_UNFRAMED, b"unframed", close=True)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + _UNFRAMED.body


_SILENT = logging.Logger("mockface.uvicorn", logging.CRITICAL + 1)
"""Belongs to no tree of loggers, so a process that embeds mockface keeps its logging as it is. uvicorn logs an error
for each answer that breaks off on purpose; an exception of the app is logged by the app."""


class H11(H11Protocol):
    """The strict parser, in pure Python."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.logger, self.access_log = _SILENT, False

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, and close."""
        self.transport.write(_unframed_answer())
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade that is not taken up is nothing to warn of: the request is answered as it is."""


class HttpTools(HttpToolsProtocol):
    """The fast parser, in C."""

    _arrived = b""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.logger, self.access_log = _SILENT, False

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, and close."""
        self.transport.write(_unframed_answer())
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Keep the bytes at hand, in case the parser stops in them."""
        self._arrived = data
        super().data_received(data)
        self._arrived = b""

    def _should_upgrade(self) -> bool:
        """Every request that asks for another protocol leaves this parser, whatever it asks for."""
        return True

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection to h11: the head as it came, then what came behind it."""
        if self.cycle is not None and not self.cycle.response_complete:
            # Pipelined behind a call that is still being answered: h11 cannot take over half a conversation.
            self.send_400_response("")
            return
        stop: Any = sys.exception()
        head = [self.parser.get_method(), b" ", self.url, b" HTTP/1.1\r\n"]
        for name, value in self.headers:
            head += [name, b": ", value, b"\r\n"]
        rest = self._arrived[stop.args[0] :]
        self.connections.discard(self)
        successor = H11(self.config, self.server_state, self.app_state, self.loop)
        successor.connection_made(self.transport)
        self.transport.set_protocol(successor)
        successor.data_received(b"".join([*head, b"\r\n", rest]))


PROTOCOLS = {"httptools": HttpTools, "h11": H11}
