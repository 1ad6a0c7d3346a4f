"""uvicorn's httptools protocol, the fast parser in C, as a mock needs it.

- It answers the usual call (a POST of the operation with a Content-Length) as its bytes come, or so much later as its
  scenario says, without ASGI's task, events and messages, which cost more than the answer itself; everything else goes
  the way of any ASGI app.
- `Upgrade: h2c` with a body, which the JDK's own HttpClient sends on plain http, goes to h11: httptools takes such a
  body for the new protocol's bytes and loses it. The hand-over is the one that uvicorn has for websockets.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockface import checks
from mockface.body import BodyReader
from mockface.faults import BREAKING
from mockface.head import NO_HEAD, head_of
from mockface.model import Answer, RawRequest
from mockface.web import effects, unframed
from mockface.web.effects import Receive, Scope, Send
from mockface.web.patience import ANSWER, BODY, HEAD, IDLE, NEW
from mockface.web.protocols.bounded import Bounded
from mockface.web.protocols.late import Late
from mockface.web.protocols.target import with_path
from mockface.web.unframed import HEAD_LIMIT_BYTES

logger = logging.getLogger("mockface.wire")

_PATH = checks.PATH.encode()
QUEUE_READ = 16
"""While so many requests wait for one before them on the same connection, at most, more are read."""
QUEUE_LIMIT = 1000
"""Behind so many that wait the connection closes."""


class HttpTools(Bounded, HttpToolsProtocol):
    """The fast parser, in C."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._direct = self.endpoint
        self._framing_bytes = 0
        self._in_head = False
        self._hosts, self._host = 0, b""
        self._reader: BodyReader | None = None
        self._head = NO_HEAD
        self._began = 0.0
        self._late: Late | None = None
        self._before: Any = None
        self._running: Any = None
        self._last = False
        self._stopping = False

    def phase(self) -> tuple[str, object]:
        """Where this connection is."""
        if self._reader is not None:
            return BODY, self.headers
        if self._is_queued() and not self.flow.write_paused:
            return ANSWER, self.cycle  # its body comes only when those before are answered
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
            if self.received == 1 and data[:1] == unframed.HELLO:
                self.refuse(unframed.TLS_TO_HTTP)
            else:
                self._refuse_for(fault)
        else:
            too_many = self._in_head and len(self.headers) >= unframed.HEADERS_LIMIT
            if too_many or self._framing_bytes > HEAD_LIMIT_BYTES:
                self.refuse(unframed.TOO_LONG)

    def _refuse_for(self, fault: httptools.HttpParserError) -> None:
        """Answer what the parser refused; an exception of a callback is a fault of our own."""
        cause = fault.__context__
        if isinstance(cause, httptools.HttpParserInvalidURLError):
            # The parser's own text repeats the target, which may hold anything.
            self.refuse(unframed.unframed(unframed.NO_TARGET))
        elif isinstance(cause, httptools.HttpParserError) or not isinstance(fault, httptools.HttpParserCallbackError):
            self.refuse(unframed.unframed(str(cause or fault)))
        else:
            logger.error("mockface failed to read a request; this is a bug, please report it", exc_info=cause)
            self.say_last(effects.rendered(effects.OWN_FAULT, hints=True, close=True))

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []
        self._hosts = 0
        self._in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header is whole; one behind a chunked body is let go."""
        if not self._in_head:
            return
        name = name.lower()
        if name == b"host":
            self._hosts += 1
            self._host = value
        elif name == b"expect" and value.lower() == b"100-continue":
            # A client of HTTP/1.0 takes an interim answer for the answer.
            self.expect_100_continue = self.parser.get_http_version() >= "1.1"
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole: here the usual call leaves ASGI's way. Raises HttpParserError for a wrong Host."""
        self._in_head = False
        self._framing_bytes = 0
        if self._last:
            return
        if self._hosts != 1 or not unframed.WELL_FORMED_HOST(self._host):
            fault = unframed.host_fault(self._hosts, self._host, self.parser.get_http_version())
            if fault:
                raise httptools.HttpParserError(fault)
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
        if not url.startswith(b"/"):
            url = with_path(url)
        before = self.cycle
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect
        self.headers[:] = headers
        super().on_headers_complete()
        if not self._is_queued():
            self._running = self.cycle
            return
        self._before = before
        if len(self.pipeline) <= QUEUE_READ:
            # Paused reading would hide that the client has gone.
            self.flow.resume_reading()

    def on_response_complete(self) -> None:
        """The next of the queue is taken up; more is read only when there are few: one read holds thousands."""
        if self.pipeline:
            self._running = self.pipeline[-1][0]
        many = len(self.pipeline) > QUEUE_READ
        super().on_response_complete()
        if many and not self.transport.is_closing():
            self.flow.pause_reading()

    def _is_queued(self) -> bool:
        """Whether the request that came last waits for those before it."""
        return bool(self.pipeline) and self.pipeline[0][0] is self.cycle

    def refuse(self, why: str, status: int = unframed.BAD) -> None:
        """Say why nothing more is read; what was asked before comes first, and then the connection closes."""
        if self._is_queued() and self.cycle.more_body:
            self.pipeline.popleft()
            self.cycle = self._before
        super().refuse(why, status)

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
                if len(self.pipeline) >= QUEUE_LIMIT:
                    self._last = True
                    self.cycle.keep_alive = False
            return
        self._reader = None
        self._direct.done(reader)
        head = self._head
        raw = RawRequest("POST", checks.PATH, b"", self.headers, reader.finish(), head, self._began)
        answer = self._direct.answer(raw)
        self._last = head.close or self._stopping
        if self.flow.write_paused or (answer.fault and answer.fault.name in BREAKING):
            self._play(answer)
        elif answer.delay_s:
            self.cycle = self._late = late = Late(self, answer, keep_alive=not self._last)
            self._direct.waits.later(answer.delay_s, late.give)
        else:
            self.give(answer, close=self._last)

    def give(self, answer: Answer, *, close: bool) -> None:
        """Send an answer in one piece; what was pipelined behind one that waited is taken up."""
        self._late = None
        if self.deaf or self.transport.is_closing():
            return
        self.transport.write(effects.rendered(answer, hints=self._direct.hints, close=close))
        if close:
            self.transport.close()
        if self.pipeline:
            self.on_response_complete()
        else:
            self.server_state.total_requests += 1

    def _play(self, answer: Answer) -> None:
        """Send an answer that breaks, or that nobody takes yet, by ASGI's way, with the request read already."""
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
        if self._late is not None:
            self._direct.waits.forget(self._late.give)
        # uvicorn tells only the request that came last.
        for cycle in (self._running, *(queued for queued, _ in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)
        # A late answer and its connection name each other: without this they would be left to the garbage collection.
        self._late = self.cycle = self._before = self._running = None

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
        from mockface.web.protocols.strict import H11

        successor = H11(self.config, self.server_state, self.app_state, self.loop)
        successor.connection_made(self.transport)
        self.transport.set_protocol(successor)
        successor.data_received(b"".join([*head, b"\r\n", rest]))
