"""Passes a request to an ASGI app, and writes the answer to the connection.

Header names keep the app's spelling. There is no websocket and no lifespan here.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from mockface.model import Head
from mockface.web import effects
from mockface.web.effects import Message, Scope
from mockface.web.serving.protocols.call import CONTINUE
from mockface.web.serving.protocols.exchange import Carrier
from mockface.web.serving.protocols.request import Request, Target

logger = logging.getLogger("mockface")

READ_AHEAD_BYTES = 256 * 1024
"""How much of a body is buffered for an app that does not read it; then reading from the client pauses."""


class Bridged:
    """An exchange of a connection with an ASGI app."""

    def __init__(self, connection: Carrier, request: Request, target: Target, head: Head) -> None:
        self.whole = False
        self._connection = connection
        self._request = request
        self._head = head
        self._scope = _scope(connection.transport, request, target)
        self._close = head.close or request.version != "1.1"
        self._body = b""
        self._came_bytes = 0
        self._start: Message | None = None
        self._started = self._complete = self._gone = False
        self._told_whole = False
        self._chunked = False
        self._asked = asyncio.Event()
        self._writable = asyncio.Event()

    @property
    def reading(self) -> bool:
        """Whether more of its body is expected."""
        return not self.whole and not self._started

    @property
    def body_left(self) -> int:
        """The bytes of the body still to come, by its Content-Length."""
        return (self._head.declared_bytes or 0) - self._came_bytes

    def begin(self) -> None:
        """Call the app."""
        if self._head.expects_continue and self._request.version == "1.1" and self._head.declared_bytes != 0:
            self._connection.transport.write(CONTINUE)
        task = asyncio.get_running_loop().create_task(self._run())
        self._connection.tasks.add(task)
        task.add_done_callback(self._connection.tasks.discard)

    def body_came(self, piece: bytes) -> None:
        """Buffer a piece of the body for the app."""
        self._came_bytes += len(piece)
        if not self._complete:
            self._body += piece
            self._asked.set()
            if len(self._body) > READ_AHEAD_BYTES:
                self._connection.pause_reading()

    def ended(self) -> None:
        """The request is complete."""
        self.whole = True
        self._asked.set()
        if self._complete:
            self._connection.finished()

    def may_write(self) -> None:
        """The client reads the answer again."""
        self._writable.set()

    def broken(self) -> bool:
        """The rest of the body will not arrive."""
        self.gone()
        return not self._started

    def gone(self) -> None:
        """The client has disconnected."""
        self._gone = True
        self._asked.set()
        self._writable.set()

    async def _run(self) -> None:
        try:
            await self._connection.app.framework(self._scope, self._receive, self._send)
        except Exception:
            if not self._complete:  # else the app has answered and logged it
                logger.exception("mockface failed to answer; this is a bug in mockface, please report it")
            if not self._started and not self._gone:
                self._gone = True
                self._connection.say_last(effects.rendered(effects.OWN_FAULT, hints=True, close=True))
        if not self._complete and not self._gone:
            self._connection.close()

    async def _receive(self) -> Message:
        """The ASGI `receive`: the body in pieces, then the end of the exchange."""
        while not (self._gone or self._complete or self._body or (self.whole and not self._told_whole)):
            self._asked.clear()
            await self._asked.wait()
        if self._gone or self._complete:
            return {"type": "http.disconnect"}
        body, self._body = self._body, b""
        self._told_whole = self.whole
        self._connection.resume_reading()
        return {"type": "http.request", "body": body, "more_body": not self.whole}

    async def _send(self, message: Message) -> None:
        """The ASGI `send`."""
        if self._gone or self._complete:
            return
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            self._connection.transport.write(self._begun(self._start, None if more else len(body)))
            self._start, self._started = None, True
        if self._request.method != "HEAD":
            self._connection.transport.write(self._coded(body, last=not more))
        if not more:
            self._end()
        elif self._connection.write_paused:
            self._writable.clear()
            await self._writable.wait()

    def _begun(self, start: Message, length: int | None) -> bytes:
        """The head of the answer: the app's, with the framing of the body and the Connection header."""
        status = int(start["status"])
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"connection"]
        names = {name.lower() for name, _ in headers}
        self._close |= self._connection.closing or len(headers) < len(start["headers"])
        if not names & {b"content-length", b"transfer-encoding"} and status not in (204, 304):
            if length is not None:
                headers.append((b"Content-Length", b"%d" % length))
            elif self._request.version == "1.1":
                self._chunked = True
                headers.append((b"Transfer-Encoding", b"chunked"))
            else:
                self._close = True
        return effects.lines(status, [*headers, effects.connection_header(close=self._close)])

    def _coded(self, body: bytes, *, last: bool) -> bytes:
        if not self._chunked:
            return body
        piece = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
        return piece + b"0\r\n\r\n" if last else piece

    def _end(self) -> None:
        """The answer is complete."""
        self._complete = True
        self._body = b""
        self._asked.set()
        if self._close:
            self._connection.closing = True
        if self.whole:
            self._connection.finished()
        elif self._close:
            self._connection.linger()
        else:
            self._connection.resume_reading()


def _scope(transport: asyncio.Transport, request: Request, target: Target) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": request.version,
        "server": _address(transport, "sockname"),
        "client": _address(transport, "peername"),
        "scheme": "https" if transport.get_extra_info("sslcontext") else "http",
        "method": request.method,
        "root_path": "",
        "path": target.path,
        "raw_path": target.raw_path,
        "query_string": target.query,
        "headers": request.headers,
        "state": {},
    }


def _address(transport: asyncio.Transport, which: str) -> tuple[Any, Any] | None:
    """Host and port of an IPv4 or IPv6 address."""
    address = transport.get_extra_info(which)
    return tuple(address[:2]) if isinstance(address, tuple | list) else None
