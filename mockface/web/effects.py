"""Send an answer: the only place that waits or breaks.

The head is the wire's (docs/wire.md, Answers): Server, Date, Content-Type with charset, Content-Length, Connection, in
that order, and behind it mockface's own X-Mockface-… headers unless they are switched off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, NamedTuple

from mockface.model import Answer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_SERVER = (b"Server", b"nginx")
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
        _HTML if answer.fault is not None and answer.fault.name == "html" else answer.head.content_type,
        (b"Content-Length", b"%d" % len(answer.body)),
        _CLOSE if close else _KEEP_ALIVE,
        *answer.head.more,
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


def with_more(headers: Headers, more: Headers) -> Headers:
    """The headers with `more` at their end, each once: a browser takes `true, true` for no permission."""
    return [*headers, *(one for one in more if one not in headers)]


def head_bytes(answer: Answer, *, hints: bool, close: bool, more: Headers | None = None) -> bytes:
    """The head of an answer as it goes on the wire, with `more` headers at its end."""
    headers = head(answer, hints=hints, close=close)
    return lines(answer.status, with_more(headers, more) if more else headers)


def rendered(answer: Answer, *, hints: bool, close: bool) -> bytes:
    """A whole answer that breaks nothing, when its delay is over."""
    return head_bytes(answer, hints=hints, close=close) + answer.body


def preflight_bytes(headers: Headers, *, close: bool) -> bytes:
    """The whole answer to a browser's question whether it may call: no content, and no call."""
    return lines(204, [_SERVER, _date.header(), *headers, connection_header(close=close)])


def lines(status: int, headers: Headers) -> bytes:
    """A head: the status line, the headers, an empty line."""
    return status_line(status) + b"".join([b"%b: %b\r\n" % header for header in headers]) + b"\r\n"


def status_line(status: int) -> bytes:
    """The first line of an answer; a status that HTTP does not know has no phrase."""
    return _STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status


def connection_header(*, close: bool) -> tuple[bytes, bytes]:
    """What becomes of the connection behind an answer."""
    return _CLOSE if close else _KEEP_ALIVE


class Wait(NamedTuple):
    """Nothing is sent for so many seconds; None is for as long as the client waits."""

    seconds: float | None


CUT = b"cut"
"""The connection closes before the answer is whole. It is told by identity: no part of a body is this object."""

Part = Wait | bytes


def script(answer: Answer) -> Iterator[Part]:
    """The parts of a body and when they go out, for an answer with a delay or a fault. The head goes with the first."""
    fault = answer.fault.name if answer.fault else ""
    if answer.delay_s:
        yield Wait(answer.delay_s)
    elif fault == "hang":
        yield Wait(None)
    if fault == "truncate":
        yield answer.body[: len(answer.body) // 2]
        yield CUT
    elif fault == "drop":
        yield b""
        yield CUT
    elif fault == "slow" and answer.fault is not None:
        for at in range(len(answer.body)):
            yield answer.body[at : at + 1]
            if at + 1 < len(answer.body):
                yield Wait(1 / answer.fault.bytes_per_second)
    else:
        yield answer.body


async def play(answer: Answer, headers: Headers, send: Send, *, more: bool = False) -> None:
    """Send the answer; `more` leaves the exchange open behind its last byte."""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": more})


async def play_preflight(headers: Headers, send: Send) -> None:
    """Send the answer to a browser's question whether it may call: no content, and no call."""
    head = [_SERVER, _date.header(), *headers, _KEEP_ALIVE]
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
        loop = asyncio.get_running_loop()
        if self._ended:
            self._later[give] = loop.call_soon(self._due, give)
        else:
            self._later[give] = loop.call_later(seconds + _TICK_S, self._due, give)

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

    def begin(self) -> None:
        """Wait again, after an `end`."""
        self._ended = False

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
            async with asyncio.timeout(None if seconds is None else seconds + _TICK_S) as wait:
                self._waiting.add(wait)
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(wait)
        return True


async def play_late(answer: Answer, headers: Headers, receive: Receive, send: Send, waits: Waits) -> None:
    """Send an answer that has a delay or a fault of the transport, over ASGI.

    An exchange that returns before its last byte is closed by the server: that is how truncate and drop break off.
    """
    started = False
    for part in script(answer):
        if part is CUT:
            return
        if isinstance(part, Wait):
            if await waits.gone_within(part.seconds, receive):
                return
            continue
        if not started:
            started = True
            # When the server stops, the connection closes behind what has waited until now.
            told = [_CLOSE if header == _KEEP_ALIVE and waits.ended else header for header in headers]
            await send({"type": "http.response.start", "status": answer.status, "headers": told})
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


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
