"""Sends answers, with their delays and faults.

The head has the headers of the real service (docs/wire.md, Answers): Server, Date, Content-Type with charset,
Content-Length, Connection, in this order; then mockface's own X-Mockface-… headers, unless they are off.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, NamedTuple

from mockface.model import Answer, AnswerHead
from mockface.privacy.masking import one_line

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
"""The answer to a bug of mockface: the real service never sends it."""

RETRY_SECONDS = 1


def without_store(why: str) -> Answer:
    """The answer to a call that needs the store while that does not answer. The real service never sends it."""
    told = "the store of --store does not answer, and this call needs it"
    body = json.dumps({"mockface": f"{told}: {why}; try again"}).encode()
    head = AnswerHead(more=((b"Retry-After", b"%d" % RETRY_SECONDS),))
    return Answer(0, 503, body, one_line(f"{told}: {why}"), id="store", head=head)


_STATUS_LINES = {status.value: b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode()) for status in HTTPStatus}


class _Date:
    """The Date header, rebuilt once a second."""

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
    """The headers of an answer; without `hints`, none of mockface's own; `date` defaults to now."""
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
    """The head of an answer as bytes, with `more` headers at its end."""
    headers = head(answer, hints=hints, close=close)
    return lines(answer.status, with_more(headers, more) if more else headers)


def rendered(answer: Answer, *, hints: bool, close: bool) -> bytes:
    """A complete answer without transport faults, as sent after its delay."""
    return head_bytes(answer, hints=hints, close=close) + answer.body


def preflight_bytes(headers: Headers, *, close: bool) -> bytes:
    """The complete answer to a CORS preflight: no content, and no call."""
    return lines(204, [_SERVER, _date.header(), *headers, connection_header(close=close)])


def lines(status: int, headers: Headers) -> bytes:
    """A head: the status line, the headers, an empty line."""
    return status_line(status) + b"".join([b"%b: %b\r\n" % header for header in headers]) + b"\r\n"


def status_line(status: int) -> bytes:
    """The first line of an answer; a status unknown to HTTP has no phrase."""
    return _STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status


def connection_header(*, close: bool) -> tuple[bytes, bytes]:
    """The Connection header: whether the connection closes after the answer."""
    return _CLOSE if close else _KEEP_ALIVE


class Wait(NamedTuple):
    """A pause of this many seconds; None lasts as long as the client waits."""

    seconds: float | None


CUT = b"cut"
"""The connection closes before the answer is complete. Compared by identity: no part of a body is this object."""

Part = Wait | bytes


def script(answer: Answer) -> Iterator[Part]:
    """The parts of a body and the pauses between them, for an answer with a delay or fault; the head goes first."""
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
    """Send the answer; `more` keeps the exchange open after its last byte."""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": more})


async def play_preflight(headers: Headers, send: Send) -> None:
    """Send the answer to a CORS preflight: no content, and no call."""
    head = [_SERVER, _date.header(), *headers, _KEEP_ALIVE]
    await send({"type": "http.response.start", "status": 204, "headers": head})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


_TICK_S = 0.001
"""uvloop counts whole milliseconds since its last turn: without one more, a delay may end too early."""


class Waits:
    """The answers that wait or are sent slowly. `end` releases all of them at once when the server stops."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Timeout] = set()
        self._later: dict[Callable[[], None], asyncio.Handle] = {}
        self._ended = False

    def __len__(self) -> int:
        return len(self._waiting) + len(self._later)

    def later(self, seconds: float, give: Callable[[], None]) -> None:
        """Call `give` after this time unless `forget` is called before; `give` must be a new function each time."""
        loop = asyncio.get_running_loop()
        if self._ended:
            self._later[give] = loop.call_soon(self._due, give)
        else:
            self._later[give] = loop.call_later(seconds + _TICK_S, self._due, give)

    def _due(self, give: Callable[[], None]) -> None:
        del self._later[give]
        give()

    def forget(self, give: Callable[[], None]) -> None:
        """The client has disconnected."""
        timer = self._later.pop(give, None)
        if timer is not None:
            timer.cancel()

    @property
    def ended(self) -> bool:
        """Whether the server is stopping."""
        return self._ended

    def begin(self) -> None:
        """Allow waits again after `end`."""
        self._ended = False

    def end(self) -> None:
        """End all waits; they finish in the next turn of the loop, when their connections know of the stop too."""
        self._ended = True
        for give, timer in list(self._later.items()):
            timer.cancel()
            self._later[give] = asyncio.get_running_loop().call_soon(self._due, give)
        for wait in list(self._waiting):
            if wait.when() is not None and not wait.expired():
                wait.reschedule(0)

    async def gone_within(self, seconds: float | None, receive: Receive) -> bool:
        """Wait this long (None: forever, even during a stop); True as soon as the client disconnects."""
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
    """Send an answer with a delay or a transport fault over ASGI.

    If an exchange returns before its last byte, the server closes the connection: this is how truncate and drop work.
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
            # During a stop the connection closes after an answer that has waited until now.
            told = [_CLOSE if header == _KEEP_ALIVE and waits.ended else header for header in headers]
            await send({"type": "http.response.start", "status": answer.status, "headers": told})
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def drain(receive: Receive, send: Send, limit_bytes: int, seconds: float) -> None:
    """After an answer sent before the end of the request: read and discard the rest, then close.

    A client that is still sending reads its answer only afterwards; closing at once would cause a broken pipe. Limited
    in bytes and time.
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
