"""Send an answer: the only place that waits or breaks.

The head is the wire's (docs/wire.md, Answers): Server, Date, Content-Type with charset, Content-Length, Connection, in
that order, and behind it mockface's own X-Mockface-… headers unless they are switched off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from mockface import codes
from mockface.model import Answer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_SERVER = (b"Server", b"nginx")
_JSON = (b"Content-Type", b"application/json; charset=utf-8")
_HTML = (b"Content-Type", b"text/html")
_KEEP_ALIVE = (b"Connection", b"keep-alive")
_CLOSE = (b"Connection", b"close")
_ALLOW = (b"Allow", b"POST")

OWN_FAULT = Answer(0, 500, b'{"mockface":"internal fault; see the log of the server"}')
_BUG = (b"X-Mockface-Bug", b"unexpected exception; see the log of the server")
"""What a bug of mockface looks like: nothing that the service ever says."""

_STATUS_LINES = {status.value: b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode()) for status in HTTPStatus}


class _Date:
    """The Date header, made anew once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._header = (b"Date", b"")

    def header(self) -> tuple[bytes, bytes]:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._header = (b"Date", formatdate(second, usegmt=True).encode())
        return self._header


_date = _Date()


def head(answer: Answer, *, hints: bool, close: bool, date: tuple[bytes, bytes] | None = None) -> Headers:
    """The headers of an answer; without `hints` it has none of mockface's own, `date` is now unless it is given."""
    headers = [
        _SERVER,
        date or _date.header(),
        _HTML if answer.html else _JSON,
        (b"Content-Length", b"%d" % len(answer.body)),
        _CLOSE if close else _KEEP_ALIVE,
    ]
    if answer.status == 405:
        headers.append(_ALLOW)
    if answer is OWN_FAULT:
        headers.append(_BUG)
    elif hints:
        headers.append((b"X-Mockface-Request-Id", answer.id.encode()))
        if answer.why is not None:
            headers.append((b"X-Mockface-Why", answer.why.encode("ascii")))
    return headers


def rendered(answer: Answer, *, hints: bool, close: bool) -> bytes:
    """The whole answer as it goes on the wire, for an answer that breaks nothing, when its delay is over."""
    if answer.status == codes.OK.status and hints and answer.why is None:
        connection = b"close" if close else b"keep-alive"
        return _PLAIN % (_date.header()[1], len(answer.body), connection, answer.id.encode(), answer.body)
    lines = [name + b": " + value + b"\r\n" for name, value in head(answer, hints=hints, close=close)]
    return b"".join([status_line(answer.status), *lines, b"\r\n", answer.body])


def status_line(status: int) -> bytes:
    """The first line of an answer; a status that HTTP does not know has no phrase."""
    return _STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status


_PLAIN = (
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: %s\r\nContent-Type: application/json; charset=utf-8\r\n"
    b"Content-Length: %d\r\nConnection: %s\r\nX-Mockface-Request-Id: %s\r\n\r\n%s"
)
"""The usual answer, of which most are: a test holds it to what `head` says."""


async def play(answer: Answer, headers: Headers, send: Send, *, more: bool = False) -> None:
    """Send the answer; `more` leaves the exchange open behind its last byte."""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": more})


async def play_preflight(headers: Headers, send: Send) -> None:
    """Send the answer to a browser's question whether it may call: no content, and no call."""
    head = [_SERVER, _date.header(), *headers]
    await send({"type": "http.response.start", "status": 204, "headers": head})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


_TICK_S = 0.001
"""uvloop counts in whole milliseconds from the last one: without another one a delay may end before its time."""


class Waits:
    """The answers that wait, or go out slowly. `end` lets them all go at once, for the server stops."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Timeout] = set()
        self._later: dict[Callable[[], None], asyncio.Handle] = {}
        self._ended = False

    def __len__(self) -> int:
        return len(self._waiting) + len(self._later)

    def later(self, seconds: float, give: Callable[[], None]) -> None:
        """Give an answer after so long, unless `forget` is told before; `give` is a function of its own each time."""
        if self._ended:
            give()
        else:
            self._later[give] = asyncio.get_running_loop().call_later(seconds + _TICK_S, self._due, give)

    def _due(self, give: Callable[[], None]) -> None:
        del self._later[give]
        give()

    def forget(self, give: Callable[[], None]) -> None:
        """Its client has gone."""
        timer = self._later.pop(give, None)
        if timer is not None:
            timer.cancel()

    @property
    def ended(self) -> bool:
        """Whether the server stops."""
        return self._ended

    def end(self) -> None:
        """Wait no more: what waits goes out as soon as the loop turns, when its connection knows of the stop too."""
        self._ended = True
        for give, timer in list(self._later.items()):
            timer.cancel()
            self._later[give] = asyncio.get_running_loop().call_soon(self._due, give)
        for wait in list(self._waiting):
            if wait.when() is not None and not wait.expired():
                wait.reschedule(0)

    async def gone_within(self, seconds: float | None, receive: Receive) -> bool:
        """Wait so long (None: without end, whoever stops); True as soon as the client has gone."""
        if self._ended and seconds is not None:
            return False
        try:
            async with asyncio.timeout(seconds) as wait:
                self._waiting.add(wait)
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(wait)
        return True


async def play_late(answer: Answer, headers: Headers, receive: Receive, send: Send, waits: Waits) -> None:
    """Send an answer that has a delay or a fault of the transport.

    An exchange that returns before its last byte is closed by the server: that is how truncate and drop break off.
    """
    fault = answer.fault.name if answer.fault else ""
    hangs_on = fault == "hang" and not answer.delay_s
    delay_s = None if hangs_on else answer.delay_s + _TICK_S
    if (hangs_on or answer.delay_s) and await waits.gone_within(delay_s, receive):
        return
    if waits.ended:
        # The server stops: the connection closes behind what has waited until now.
        headers = [_CLOSE if header == _KEEP_ALIVE else header for header in headers]
    start = {"type": "http.response.start", "status": answer.status, "headers": headers}
    if fault == "truncate":
        await send(start)
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
    elif fault == "drop":
        # The head leaves with the first part of the body, an empty one.
        await send(start)
        await send({"type": "http.response.body", "body": b"", "more_body": True})
    elif fault == "slow" and answer.fault:
        await send(start)
        await _trickle(answer.body, 1 / answer.fault.bytes_per_second, receive, send, waits)
    else:
        await play(answer, headers, send)


async def _trickle(body: bytes, pause_s: float, receive: Receive, send: Send, waits: Waits) -> None:
    for at in range(len(body)):
        await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": at + 1 < len(body)})
        if at + 1 < len(body) and await waits.gone_within(pause_s, receive):
            return


async def drain(receive: Receive, send: Send, limit_bytes: int, seconds: float) -> None:
    """Behind an answer that came before the end of the request: read on and drop, then close.

    A client that is still sending reads its answer only after it has sent everything; closing on it at once would
    show it a broken pipe instead. Bounded in bytes and in time.
    """
    try:
        async with asyncio.timeout(seconds):
            await _read_on(receive, limit_bytes)
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _read_on(receive: Receive, limit_bytes: int) -> None:
    left = limit_bytes
    while left > 0:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return
        left -= len(message["body"])
