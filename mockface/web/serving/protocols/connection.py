"""One connection: answers requests in order, within limits of time and memory, with any parser.

The next request waits until the one before it is answered: its bytes are stored unparsed, and beyond a limit reading
from the client pauses. `timeouts` reads the phases and closes connections that take too long. Input that is not HTTP
gets an answer in the service's format (code 3).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Any, cast

from mockface.model import Head
from mockface.request.headers import head_of
from mockface.web import effects
from mockface.web.app import App
from mockface.web.serving import unframed
from mockface.web.serving.protocols.bridge import Bridged
from mockface.web.serving.protocols.call import Call
from mockface.web.serving.protocols.exchange import Exchange
from mockface.web.serving.protocols.request import NotHttp, Parser, Request, TooLong, target_of
from mockface.web.serving.timeouts import ANSWER, BODY, HEAD, IDLE, NEW, STALLED
from mockface.web.serving.unframed import HEADERS_LIMIT, WELL_FORMED_HOST

logger = logging.getLogger("mockface.wire")

LINGER_SECONDS = 1.0
"""How many seconds data of a refused client is still read and discarded."""
SLICE_BYTES = 16 * 1024
"""Bytes are parsed in slices of this size, except in a body: this limits the requests queued by one read."""
HELD_BYTES = 64 * 1024
"""How much is read ahead while a request is being answered; then reading from the client pauses."""


class _Queued:
    """A request that arrived while the one before it is still being answered."""

    __slots__ = ("head", "pieces", "request", "whole")

    def __init__(self, request: Request, head: Head) -> None:
        self.request = request
        self.head = head
        self.pieces: list[bytes] = []
        self.whole = False


class Connections:
    """The open connections of a server, and its ASGI tasks: shared by all its connections."""

    def __init__(self) -> None:
        self.connections: set[Any] = set()
        self.tasks: set[asyncio.Task[None]] = set()


class Connection(asyncio.Protocol):
    """A connection of a client. `received` counts the reads; a `deaf` connection discards what it reads.

    The parameters are those that uvicorn passes to a class given as `http=`; a subclass sets `app`.
    """

    app: App

    def __init__(self, config: Any, server_state: Any, app_state: Any = None, _loop: Any = None) -> None:
        self.endpoint = self.app.endpoint
        self.connections: set[Any] = server_state.connections
        self.tasks: set[asyncio.Task[None]] = server_state.tasks
        self.transport: asyncio.Transport = cast(Any, None)
        self.received = 0
        self.deaf = False
        self.closing = False
        self.write_paused = False
        self._parser: Parser = self.new_parser()
        self._exchange: Exchange | None = None
        self._last: Request | None = None
        self._queue: deque[_Queued] = deque()
        self._held = b""
        self._last_word: bytes | None = None
        self._working = False
        self._read_paused = False

    def new_parser(self) -> Parser:
        """A parser for this connection."""
        raise NotImplementedError

    # Called by asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected: admit it, or refuse it with the reason."""
        self.transport = cast(asyncio.Transport, transport)
        self.connections.add(self)
        if not self.app.timeouts.admit(self):
            why = f"{len(self.connections) - 1} connections are open and busy (--connections)"
            self.refuse(why, unframed.BUSY)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self.connections.discard(self)
        self.deaf = self.closing = True
        self._queue.clear()
        self._held = b""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.gone()
        self._parser.close()

    def data_received(self, data: bytes) -> None:
        """Bytes have arrived."""
        if self.deaf:
            return
        self.received += 1
        if self.received == 1 and data[:1] == unframed.HELLO:
            self.refuse(unframed.TLS_TO_HTTP)
        elif self._held or (self._exchange is not None and self._exchange.whole):
            self._held += data
            if len(self._held) > HELD_BYTES:
                self.pause_reading()
        else:
            self._work(data)

    def pause_writing(self) -> None:
        """The client reads its answers too slowly."""
        self.write_paused = True

    def resume_writing(self) -> None:
        """The client reads its answers again."""
        self.write_paused = False
        if self._exchange is not None:
            self._exchange.may_write()

    # Called by the parser.

    def head_came(self, request: Request) -> None:
        """The head of a request is complete."""
        if self.deaf:
            return
        head = head_of(request.headers)
        if head.hosts != 1 or head.coded or len(request.headers) > HEADERS_LIMIT or not WELL_FORMED_HOST(head.host):
            _must_be_clear(request, head)
        if self._exchange is None:
            self._begin(request, head)
        else:
            self._queue.append(_Queued(request, head))

    def body_came(self, piece: bytes) -> None:
        """A piece of the last request's body has arrived."""
        if self._queue:
            self._queue[-1].pieces.append(piece)
        elif self._exchange is not None:
            self._exchange.body_came(piece)

    def request_ended(self) -> None:
        """The last request is complete."""
        if self._queue:
            self._queue[-1].whole = True
        elif self._exchange is not None:
            self._exchange.ended()

    # Called by an exchange.

    def finished(self) -> None:
        """The answer is written: continue with the next request, unless the connection closes now."""
        self._exchange = None
        if self.closing:
            self.close()
        elif not self._working:
            held, self._held = self._held, b""
            self._work(held)

    def say_last(self, answer: bytes) -> None:
        """Send a final answer, read nothing more, and close shortly after.

        Closing with unread bytes would reset the connection, and a client that is still sending would lose the answer.
        """
        self.transport.write(answer)
        self.linger()

    def linger(self) -> None:
        """Close the write side, read and discard for a moment, then close."""
        self.deaf = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self.transport.close)

    def close(self) -> None:
        """Close after the pending output."""
        self.deaf = True
        self.transport.close()

    def pause_reading(self) -> None:
        """Stop reading the body from the client."""
        if not self._read_paused:
            self._read_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Continue reading the body."""
        if self._read_paused and not self.transport.is_closing():
            self._read_paused = False
            self.transport.resume_reading()

    # Called by the server.

    def phase(self) -> tuple[str, object]:
        """The phase of this connection, and an object that differs for each request."""
        exchange = self._exchange
        if exchange is not None:
            if self.write_paused:
                return STALLED, exchange
            return BODY if exchange.reading else ANSWER, exchange
        head = self._parser.head
        if head is not None:
            return HEAD, head
        return NEW if self._last is None else IDLE, self._last

    @property
    def asks(self) -> bool:
        """Whether its call waits for a store."""
        return isinstance(self._exchange, Call) and self._exchange.asks

    def expire(self, phase: str, seconds: float) -> None:
        """Close it: the phase took too long."""
        if phase == HEAD:
            why = f"the head of the request was not complete after {seconds:g} s (--head-seconds)"
            self.refuse(why, unframed.TIMED_OUT)
        elif phase == BODY:
            self.refuse(f"the body was not complete after {seconds:g} s (--body-seconds)", unframed.TIMED_OUT)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """The server stops: finish the call in flight, if any, and close."""
        self.closing = True
        if self._exchange is None:
            self.transport.close()

    def refuse(self, why: str, status: int = unframed.BAD) -> None:
        """Answer with the reason and close; pending answers are sent first."""
        logger.info("refused: %s", why)
        self.deaf = True
        self._held = b""
        self._last_word = unframed.answer(why, status, hints=self.endpoint.hints)
        if self._queue and not self._queue[-1].whole:
            self._queue.pop()
        elif self._exchange is not None and not self._exchange.whole:
            exchange, self._exchange = self._exchange, None
            if not exchange.broken():
                self.close()
        if self._exchange is None and not self._working:
            self._work(b"")

    # The processing of requests.

    def _begin(self, request: Request, head: Head) -> None:
        self._last = request
        target = target_of(request.target)
        to_framework = self.app.is_frameworks(request.method, target.path, request.headers)
        kind = Bridged if to_framework else Call
        self._exchange = exchange = kind(self, request, target, head)
        exchange.begin()

    def _work(self, data: bytes) -> None:
        """Parse these bytes as far as their requests can be answered now, and answer."""
        self._working = True
        try:
            if self._queue:
                self._answer_queued()
            while data and not self.deaf:
                exchange = self._exchange
                if exchange is not None and exchange.whole:
                    self._held = data + self._held
                    break
                size = SLICE_BYTES
                if exchange is not None and exchange.body_left > size:
                    size = exchange.body_left
                piece, data = data[:size], data[size:]
                self._parser.feed(piece)
                if self._queue:
                    self._answer_queued()
        except NotHttp as fault:
            self.refuse(unframed.unframed(str(fault)))
        except TooLong:
            self.refuse(unframed.TOO_LONG)
        except Exception:
            logger.exception("mockface failed to read a request; this is a bug in mockface, please report it")
            self.say_last(effects.rendered(effects.OWN_FAULT, hints=True, close=True))
        finally:
            self._working = False
        if self._last_word is not None and self._exchange is None and not self._queue:
            self._say_last_word()
        elif self._read_paused and not self._held and not self.deaf:
            self.resume_reading()

    def _answer_queued(self) -> None:
        while self._queue and self._exchange is None and not self.closing:
            queued = self._queue.popleft()
            self._begin(queued.request, queued.head)
            exchange = self._exchange
            if exchange is None:
                continue
            for piece in queued.pieces:
                exchange.body_came(piece)
            if queued.whole:
                exchange.ended()

    def _say_last_word(self) -> None:
        word, self._last_word = self._last_word, None
        if word is not None and not self.transport.is_closing():
            self.say_last(word)


def _must_be_clear(request: Request, head: Head) -> None:
    """Refuse ambiguous requests. Raises NotHttp, TooLong."""
    if len(request.headers) > HEADERS_LIMIT:
        raise TooLong
    if head.coded and head.declared_bytes is not None:
        # A second request could be hidden in it (request smuggling).
        raise NotHttp("Transfer-Encoding can't be present with Content-Length")
    wrong = unframed.host_fault(head.hosts, head.host, request.version)
    if wrong:
        raise NotHttp(wrong)
