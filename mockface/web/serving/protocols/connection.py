"""One connection: requests are answered in their order, within bounds of time and memory, on whatever parser.

A request that has come whole and is not answered yet holds the next one up: bytes behind it are kept as they came, and
past a bound the client has to wait. `timeouts` asks for the phases and ends what takes too long. What is not HTTP is
answered in the service's envelope (code 3).
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
"""How long bytes of a client that was refused are still taken and dropped."""
SLICE_BYTES = 16 * 1024
"""Bytes are parsed in slices of this size, except those of a body: it bounds what one read can queue."""
HELD_BYTES = 64 * 1024
"""So much is read ahead behind a request that is not answered yet; then the client has to wait."""


class _Queued:
    """A request that was read together with the one before it, which is not answered yet."""

    __slots__ = ("head", "pieces", "request", "whole")

    def __init__(self, request: Request, head: Head) -> None:
        self.request = request
        self.head = head
        self.pieces: list[bytes] = []
        self.whole = False


class Connections:
    """The open connections of a server, and the tasks of its ASGI app: what it hands to each of its connections."""

    def __init__(self) -> None:
        self.connections: set[Any] = set()
        self.tasks: set[asyncio.Task[None]] = set()


class Connection(asyncio.Protocol):
    """A connection of a client. `received` counts the times that bytes came; a `deaf` one drops them.

    Its parameters are those that uvicorn gives to a class that it got as `http=`; `app` is set by a subclass.
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

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has connected; it is let in, or told why not."""
        self.transport = cast(asyncio.Transport, transport)
        self.connections.add(self)
        if not self.app.timeouts.admit(self):
            why = f"{len(self.connections) - 1} connections are open and busy (--connections)"
            self.refuse(why, unframed.BUSY)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self.connections.discard(self)
        self.deaf = self.closing = True
        self._queue.clear()
        self._held = b""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.gone()
        self._parser.close()

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
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
        """The client takes its answers too slowly."""
        self.write_paused = True

    def resume_writing(self) -> None:
        """It takes them again."""
        self.write_paused = False
        if self._exchange is not None:
            self._exchange.may_write()

    # What the parser calls.

    def head_came(self, request: Request) -> None:
        """The head of a request is whole."""
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
        """A piece of the body of the last request came."""
        if self._queue:
            self._queue[-1].pieces.append(piece)
        elif self._exchange is not None:
            self._exchange.body_came(piece)

    def request_ended(self) -> None:
        """The last request is whole."""
        if self._queue:
            self._queue[-1].whole = True
        elif self._exchange is not None:
            self._exchange.ended()

    # What an exchange calls.

    def finished(self) -> None:
        """The answer of the exchange is written: the next request's turn, unless the connection closes behind it."""
        self._exchange = None
        if self.closing:
            self.close()
        elif not self._working:
            held, self._held = self._held, b""
            self._work(held)

    def say_last(self, answer: bytes) -> None:
        """Send an answer behind which nothing more is read, and close a moment later.

        A close with bytes unread would reset the connection, and a client that is still sending would lose the answer.
        """
        self.transport.write(answer)
        self.linger()

    def linger(self) -> None:
        """Say goodbye, take and drop for a moment what still comes, then close."""
        self.deaf = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self.transport.close)

    def close(self) -> None:
        """Close behind what is written."""
        self.deaf = True
        self.transport.close()

    def pause_reading(self) -> None:
        """Have the client wait with its body."""
        if not self._read_paused:
            self._read_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Take more of the body."""
        if self._read_paused and not self.transport.is_closing():
            self._read_paused = False
            self.transport.resume_reading()

    # What the server calls.

    def phase(self) -> tuple[str, object]:
        """Where this connection is, and an object that is another one for another request."""
        exchange = self._exchange
        if exchange is not None:
            if self.write_paused:
                return STALLED, exchange
            return BODY if exchange.reading else ANSWER, exchange
        head = self._parser.head
        if head is not None:
            return HEAD, head
        return NEW if self._last is None else IDLE, self._last

    def expire(self, phase: str, seconds: float) -> None:
        """End it: the phase took too long."""
        if phase == HEAD:
            why = f"the head of the request was not whole after {seconds:g} s (--head-seconds)"
            self.refuse(why, unframed.TIMED_OUT)
        elif phase == BODY:
            self.refuse(f"the body was not whole after {seconds:g} s (--body-seconds)", unframed.TIMED_OUT)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """The server stops: finish the call in flight, if there is one, and close."""
        self.closing = True
        if self._exchange is None:
            self.transport.close()

    def refuse(self, why: str, status: int = unframed.BAD) -> None:
        """Say why nothing more is read from this client, and close; answers that are due go out first."""
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

    # How the work goes on.

    def _begin(self, request: Request, head: Head) -> None:
        self._last = request
        target = target_of(request.target)
        to_framework = self.app.is_frameworks(request.method, target.path, request.headers)
        kind = Bridged if to_framework else Call
        self._exchange = exchange = kind(self, request, target, head)
        exchange.begin()

    def _work(self, data: bytes) -> None:
        """Parse these bytes as far as their requests may be answered now, and answer."""
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
    """Refuse what has two meanings. Raises NotHttp, TooLong."""
    if len(request.headers) > HEADERS_LIMIT:
        raise TooLong
    if head.coded and head.declared_bytes is not None:
        # A second request can hide in it.
        raise NotHttp("Transfer-Encoding can't be present with Content-Length")
    wrong = unframed.host_fault(head.hosts, head.host, request.version)
    if wrong:
        raise NotHttp(wrong)
