"""A call of the emulated operation on a connection, from its head to the last byte of its answer.

The same endpoint also works over ASGI (`web/endpoint.py`); here the answer is written without ASGI's task and messages,
which cost more than the answer itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from mockface.control import passing
from mockface.model import Answer, Head, RawRequest, ReadBody
from mockface.request.body import BodyReader
from mockface.scenarios.faults import BREAKING
from mockface.state import Asks
from mockface.web import effects
from mockface.web.endpoint import Endpoint
from mockface.web.serving.protocols.exchange import Carrier
from mockface.web.serving.protocols.request import Request, Target

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Call:
    """An exchange of a connection with the emulated operation."""

    __slots__ = (
        "_answer", "_began", "_blocked", "_close", "_connection", "_cors", "_drained_bytes", "_endpoint", "_head",
        "_left", "_preflight", "_reader", "_request", "_script", "_target", "_timer", "asks", "whole",
    )  # fmt: skip

    def __init__(self, connection: Carrier, request: Request, target: Target, head: Head) -> None:
        self.whole = False
        self._began = passing.perf_counter()
        self._connection = connection
        self._endpoint: Endpoint = connection.endpoint
        self._request = request
        self._target = target
        self._head = head
        self._close = head.close or request.version != "1.1"
        self._cors: effects.Headers = []
        self._preflight: effects.Headers | None = None
        self._reader: BodyReader | None = None
        self._drained_bytes: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._answer: Answer | None = None
        self._script: Iterator[effects.Part] | None = None
        self._blocked = self._left = False
        self.asks = False
        """Whether it waits for a store, which it does within bounds."""

    @property
    def reading(self) -> bool:
        """Whether its body is being read."""
        return self._reader is not None

    @property
    def body_left(self) -> int:
        """The bytes of the body still to come, by its Content-Length."""
        came = self._reader.size_bytes if self._reader is not None else self._drained_bytes or 0
        return (self._head.declared_bytes or 0) - came

    def begin(self) -> None:
        """Start reading the body, unless its head announces that it is too long."""
        head = self._head
        if head.origin and self._endpoint.cors is not None:
            self._cors = self._endpoint.cors.told(head.origin)
            self._preflight = self._endpoint.cors.preflight(self._request.method, self._request.headers, head.origin)
        self._reader = self._endpoint.begin(self._target.path, head)
        if self._reader is None:
            self._refuse_body(ReadBody(0, over_limit=True))
            return
        if head.expects_continue and self._request.version == "1.1" and head.declared_bytes != 0:
            self._connection.transport.write(CONTINUE)

    def body_came(self, piece: bytes) -> None:
        """Read a piece; beyond the limit it is discarded."""
        reader = self._reader
        if reader is None:
            self._drain(len(piece))
        elif not reader.feed(piece):
            self._done_reading(reader)
            self._refuse_body(reader.finish())

    def ended(self) -> None:
        """The request is complete: answer it, unless that has been done."""
        self.whole = True
        reader = self._reader
        if reader is None:
            self._end()
            return
        self._done_reading(reader)
        if self._preflight is not None:
            self._connection.transport.write(effects.preflight_bytes(self._preflight, close=self._closes()))
            self._end()
            return
        raw = self._raw(reader.finish())
        try:
            answer = self._endpoint.answer(raw)
        except Asks as asks:
            self.asks = True
            self._endpoint.ask(raw, asks, self._play_late)
        else:
            self._play(answer)

    def may_write(self) -> None:
        """The client reads the answer again."""
        if self._blocked:
            self._blocked = False
            self._go_on()

    def broken(self) -> bool:
        """The rest of the body will not arrive."""
        self.gone()
        return self._drained_bytes is None

    def gone(self) -> None:
        """The client has disconnected."""
        self._left = True
        if self._reader is not None:
            self._done_reading(self._reader)
        if self._script is not None:
            self._endpoint.waits.forget(self._go_on)
        if self._timer is not None:
            self._timer.cancel()

    def _done_reading(self, reader: BodyReader) -> None:
        self._reader = None
        self._endpoint.done(reader)

    def _play_late(self, answer: Answer) -> None:
        """A store was asked first; the client may have left meanwhile."""
        self.asks = False
        if not self._left:
            self._play(answer)

    def _raw(self, body: ReadBody) -> RawRequest:
        request, target = self._request, self._target
        return RawRequest(
            request.method, target.path, target.query, request.headers, body, self._head, self._began, request.version
        )

    def _closes(self) -> bool:
        """Whether the connection closes after the answer."""
        return self._close or self._connection.closing

    def _bytes_of(self, answer: Answer, body: bytes) -> bytes:
        """The head of the answer, with the part of the body that is sent at once."""
        head = effects.head_bytes(answer, hints=self._endpoint.hints, close=self._closes(), more=self._cors)
        return head if self._request.method == "HEAD" else head + body

    def _play(self, answer: Answer) -> None:
        connection = self._connection
        breaks = answer.fault is not None and answer.fault.name in BREAKING
        if breaks or answer.delay_s or connection.write_paused:
            self._answer, self._script = answer, effects.script(answer)
            self._go_on()
        else:
            connection.transport.write(self._bytes_of(answer, answer.body))
            self._end()

    def _go_on(self) -> None:
        """Send the parts of an answer that are due."""
        connection, script = self._connection, self._script
        while script is not None and not connection.write_paused:
            part = next(script, None)
            if part is None:
                self._end()
                return
            if isinstance(part, effects.Wait):
                if part.seconds is not None:
                    self._endpoint.waits.later(part.seconds, self._go_on)
                return
            if part is effects.CUT:
                connection.close()
                return
            answer, self._answer = self._answer, None
            if answer is not None:
                connection.transport.write(self._bytes_of(answer, part))
            elif self._request.method != "HEAD":
                connection.transport.write(part)
        self._blocked = True

    def _refuse_body(self, body: ReadBody) -> None:
        """Answer now, and discard the rest: a client that is sending reads its answer only afterwards."""
        self._close = True
        self._drained_bytes = 0
        raw = self._raw(body)
        try:
            answer = self._endpoint.answer(raw)
        except Asks as asks:
            self._endpoint.ask(raw, asks, self._refuse_late)
        else:
            self._refuse_late(answer)

    def _refuse_late(self, answer: Answer) -> None:
        if self._left:
            return
        self._connection.transport.write(self._bytes_of(answer, answer.body))
        later = asyncio.get_running_loop().call_later
        self._timer = later(self._endpoint.drain_seconds, self._end)

    def _drain(self, size_bytes: int) -> None:
        if self._drained_bytes is not None:
            self._drained_bytes += size_bytes
            if self._drained_bytes > self._endpoint.drain_limit_bytes:
                self._end()

    def _end(self) -> None:
        """The answer is written."""
        connection = self._connection
        if self._timer is not None:
            self._timer.cancel()
        if self._close:
            connection.closing = True
        connection.finished()
