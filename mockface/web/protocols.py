"""uvicorn's two HTTP protocols, as a mock needs them.

Both answer what is no HTTP in the service's envelope (code 3) instead of uvicorn's plain text, bound the head, and say
in which phase they are, so that `patience.py` can end what takes too long. Besides:

- httptools answers the usual call (a POST of the operation with a Content-Length) as its bytes come, without ASGI's
  task, events and messages, which cost more than the answer itself; everything else goes the way of any ASGI app.
- `Upgrade: h2c` with a body, which the JDK's own HttpClient sends on plain http, goes to h11: httptools takes such a
  body for the new protocol's bytes and loses it. The hand-over is the one that uvicorn has for websockets.
- h11 refuses a request with both Content-Length and chunked coding, as httptools does: a second request can hide in it.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import h11
import httptools
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockface import checks
from mockface.body import BodyReader
from mockface.head import NO_HEAD, head_of
from mockface.model import Answer, RawRequest
from mockface.web import effects, unframed
from mockface.web.app import App
from mockface.web.effects import Receive, Scope, Send
from mockface.web.endpoint import Endpoint
from mockface.web.patience import ANSWER, BODY, HEAD, IDLE, NEW, STALLED
from mockface.web.unframed import HEAD_LIMIT_BYTES

logger = logging.getLogger("mockface.wire")

LINGER_SECONDS = 1.0
"""How long bytes of a client that was refused are still taken and dropped."""

_PATH = checks.PATH.encode()
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
        """The phase of a request that went ASGI's way and is not answered yet; "" without one."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return ""
        return STALLED if self.flow.write_paused else BODY if cycle.more_body else ANSWER

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


class _Connection(h11.Connection):
    """h11's connection, which takes no request of ambiguous length, and remembers why it refused one."""

    refused = ""

    def next_event(self) -> Any:
        try:
            event = super().next_event()
            if isinstance(event, h11.Request):
                names = {name for name, _ in event.headers}
                if {b"content-length", b"transfer-encoding"} <= names:
                    raise h11.RemoteProtocolError("Transfer-Encoding can't be present with Content-Length")
        except h11.RemoteProtocolError as fault:
            self.refused = str(fault)
            raise
        return event


class H11(Bounded, H11Protocol):
    """The strict parser, in pure Python."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.conn: _Connection = _Connection(h11.SERVER, HEAD_LIMIT_BYTES)

    def phase(self) -> tuple[str, object]:
        """Where this connection is."""
        if self.answering():
            return self.answering(), self.cycle
        if self.conn.trailing_data[0]:
            return HEAD, self.cycle
        return NEW if self.cycle is None else IDLE, self.cycle

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self.received += 1
        if not self.deaf:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, and close."""
        long = self.conn.refused.startswith("Receive buffer too long")
        self.refuse(unframed.TOO_LONG if long else unframed.unframed(self.conn.refused))

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade that is not taken up is nothing to warn of: the request is answered as it is."""


class HttpTools(Bounded, HttpToolsProtocol):
    """The fast parser, in C."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._direct = self.endpoint
        self._framing_bytes = 0
        self._in_head = False
        self._reader: BodyReader | None = None
        self._head = NO_HEAD
        self._began = 0.0
        self._last = False
        self._stopping = False

    def phase(self) -> tuple[str, object]:
        """Where this connection is."""
        if self._reader is not None:
            return BODY, self.headers
        if self.answering():
            return self.answering(), self.cycle
        if self._in_head:
            return HEAD, self.headers
        return NEW if self.headers is None else IDLE, self.headers

    def data_received(self, data: bytes) -> None:
        """Bytes came: the callbacks below do the rest."""
        if self._last or self.deaf:
            return
        if self.timeout_keep_alive_task is not None:
            self._unset_keepalive_if_required()
        self.received += 1
        self._framing_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as stop:
            self._to_h11(data[stop.args[0] :])
        except httptools.HttpParserError as fault:
            self._refuse_for(fault)
        else:
            if self._framing_bytes > HEAD_LIMIT_BYTES:
                self.refuse(unframed.TOO_LONG)

    def _refuse_for(self, fault: httptools.HttpParserError) -> None:
        """Answer what the parser refused; an exception of a callback is a fault of our own."""
        cause = fault.__context__
        if isinstance(cause, httptools.HttpParserInvalidURLError):
            # The parser's own text repeats the target, which may hold anything.
            self.refuse(unframed.unframed("the target of the request line is no path and no URL"))
            return
        if isinstance(cause, httptools.HttpParserError) or not isinstance(fault, httptools.HttpParserCallbackError):
            self.refuse(unframed.unframed(str(cause or fault)))
            return
        logger.error("mockface failed to read a request; this is a bug, please report it", exc_info=cause)
        self.say_last(effects.rendered(effects.OWN_FAULT, hints=True, close=True))

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header is whole; one behind a chunked body is let go."""
        if not self._in_head:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole: here the usual call leaves ASGI's way."""
        self._in_head = False
        self._framing_bytes = 0
        if self._last:
            return
        if self._is_usual():
            head = head_of(self.headers)
            told = head.origin and self._direct.cors is not None  # a page's call gets more headers, on ASGI's way
            if not told and head.declared_bytes is not None and head.declared_bytes <= self._direct.limit_bytes:
                self._began = time.perf_counter()
                self._head = head
                self._reader = self._direct.begin(head.content_types)
                return
        self._to_asgi()

    def _is_usual(self) -> bool:
        """Whether this is a POST of the operation, with nothing about it that needs ASGI's way."""
        return (
            self.url == _PATH
            and not self.expect_100_continue
            and (self.cycle is None or self.cycle.response_complete)
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.parser.should_upgrade()
        )

    def _to_asgi(self) -> None:
        """Hand the request to an ASGI app, as uvicorn does; its scope is made only here."""
        headers, url, expect = self.headers, self.url, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect
        self.headers[:] = headers
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body came."""
        self._framing_bytes = 0
        if self._reader is not None:
            self._reader.feed(body)
        elif not self._last:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._framing_bytes = 0
        reader = self._reader
        if reader is None:
            if not self._last:
                super().on_message_complete()
            return
        self._reader = None
        self._direct.done(reader)
        head = self._head
        raw = RawRequest("POST", checks.PATH, b"", self.headers, reader.finish(), head, self._began)
        answer = self._direct.answer(raw)
        self._last = head.close or self._stopping
        if answer.delay_s or answer.fault or self.flow.write_paused:
            self._play(answer)
            return
        self.transport.write(effects.rendered(answer, hints=self._direct.hints, close=self._last))
        self.server_state.total_requests += 1
        if self._last:
            self.transport.close()

    def _play(self, answer: Answer) -> None:
        """Send an answer that waits or breaks: by ASGI's way, with the request read already."""
        close, self._last = self._last, False

        async def play(scope: Scope, receive: Receive, send: Send) -> None:
            await self._direct.play(answer, receive, send, close=close)

        self.app, app = play, self.app
        try:
            self._to_asgi()
        finally:
            self.app = app
        self.cycle.more_body = False

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        if self._reader is not None:
            self._direct.done(self._reader)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops: finish the call in flight, if there is one."""
        if self._reader is not None:
            self._stopping = True
        else:
            super().shutdown()

    def _should_upgrade(self) -> bool:
        """Every request that asks for another protocol leaves this parser, whatever it asks for."""
        return True

    def _to_h11(self, rest: bytes) -> None:
        """Hand the connection to h11: the head as it came, then what came behind it."""
        if self.cycle is not None and not self.cycle.response_complete:
            # h11 cannot take over half a conversation.
            self.refuse("a request that asks for another protocol came behind a call that is still being answered")
            return
        version = self.parser.get_http_version().encode()
        head = [self.parser.get_method(), b" ", self.url, b" HTTP/", version, b"\r\n"]
        for name, value in self.headers:
            head += [name, b": ", value, b"\r\n"]
        self.connections.discard(self)
        successor = H11(self.config, self.server_state, self.app_state, self.loop)
        successor.connection_made(self.transport)
        self.transport.set_protocol(successor)
        successor.data_received(b"".join([*head, b"\r\n", rest]))


PROTOCOLS = {"httptools": HttpTools, "h11": H11}
