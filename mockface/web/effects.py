"""Send an answer: the only place that waits or breaks.

The head is the wire's (wire-facts 2.1): Server, Date, Content-Type with charset, Content-Length, Connection, in that
order, and behind it mockface's own X-Mockface-… headers unless they are switched off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from email.utils import formatdate
from typing import Any

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


def head(answer: Answer, request_id: bytes | None, *, close: bool) -> Headers:
    """The headers of an answer; `request_id` None leaves out mockface's own."""
    headers = [
        _SERVER,
        _date.header(),
        _HTML if answer.html else _JSON,
        (b"Content-Length", b"%d" % len(answer.body)),
        _CLOSE if close else _KEEP_ALIVE,
    ]
    if answer.status == 405:
        headers.append(_ALLOW)
    if request_id is not None:
        headers.append((b"X-Mockface-Request-Id", request_id))
        if answer.why is not None:
            headers.append((b"X-Mockface-Why", answer.why.encode("ascii")))
    return headers


async def play(answer: Answer, headers: Headers, send: Send, *, more: bool = False) -> None:
    """Send the answer; `more` leaves the exchange open behind its last byte."""
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": more})


async def play_preflight(headers: Headers, send: Send) -> None:
    """Send the answer to a browser's question whether it may call: no content, and no call."""
    head = [_SERVER, _date.header(), *headers]
    await send({"type": "http.response.start", "status": 204, "headers": head})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def play_late(answer: Answer, headers: Headers, receive: Receive, send: Send) -> None:
    """Send an answer that has a delay or a fault of the transport.

    An exchange that returns before its last byte is closed by the server: that is how truncate and drop break off.
    """
    fault = answer.fault.name if answer.fault else ""
    hangs_on = fault == "hang" and not answer.delay_s
    if (hangs_on or answer.delay_s) and await _gone_within(None if hangs_on else answer.delay_s, receive):
        return
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
        await _trickle(answer.body, 1 / answer.fault.bytes_per_second, receive, send)
    else:
        await play(answer, headers, send)


async def _gone_within(seconds: float | None, receive: Receive) -> bool:
    """Wait so long, or without end; True as soon as the client has gone."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


async def _trickle(body: bytes, pause_s: float, receive: Receive, send: Send) -> None:
    for at in range(len(body)):
        await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": at + 1 < len(body)})
        if at + 1 < len(body) and await _gone_within(pause_s, receive):
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
