"""The door of the emulated operation: an ASGI app that reads a request within bounds and sends its answer.

It decides nothing. It stands before the framework's middleware and routing, which would answer malformed requests in
their own words (see the design: text fields sent as file parts, a picture without a filename, a missing boundary).
"""

from __future__ import annotations

import logging
import time

from mockface.body import BodyReader
from mockface.emulator import Emulator
from mockface.model import Answer, RawRequest, ReadBody
from mockface.web import effects
from mockface.web.cors import Cors
from mockface.web.effects import Receive, Scope, Send

logger = logging.getLogger("mockface")

_OWN_FAULT = Answer(0, 500, b'{"mockface":"internal fault; see the log of the server"}')
_BUG = (b"X-Mockface-Bug", b"unexpected exception; see the log of the server")
"""What a bug of mockface looks like: nothing that the service ever says."""


class Endpoint:
    """Answers every request that reaches it, with the emulator's answer or with mockface's own fault."""

    def __init__(
        self, emulator: Emulator, *, hints: bool, drain_limit_bytes: int, drain_seconds: float, cors: Cors | None = None
    ) -> None:
        self._emulator = emulator
        self._cors = cors
        self._limit_bytes = emulator.rules.body_limit_bytes
        self._hints = hints
        self._drain_limit_bytes = drain_limit_bytes
        self._drain_seconds = drain_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange. A fault of mockface itself is HTTP 500 with X-Mockface-Bug, and no `code`."""
        began = time.perf_counter()
        content_types: list[bytes] = []
        declared_bytes: int | None = None
        close = scope["http_version"] == "1.0"
        for name, value in scope["headers"]:
            if name == b"content-type":
                content_types.append(value)
            elif name == b"content-length" and value.isdigit():
                declared_bytes = int(value)
            elif name == b"connection":
                close = close or b"close" in value.lower()
            elif name == b"origin" and self._cors is not None and self._cors.admits(value):
                preflight = self._cors.preflight(scope, value)
                if preflight is not None:
                    await effects.play_preflight(preflight, send)
                    return
                send = self._cors.telling(value, send)
        try:
            body = await self._read(receive, content_types, declared_bytes)
            if body is None:
                return
            raw = RawRequest(
                scope["method"], scope["path"], scope["query_string"], scope["headers"], body, declared_bytes, began
            )
            answer = self._emulator.answer(raw)
        except Exception:
            logger.exception("mockface failed to answer; this is a bug in mockface, please report it")
            await effects.play(_OWN_FAULT, [*effects.head(_OWN_FAULT, None, close=True), _BUG], send)
            return
        request_id = answer.id.encode() if self._hints else None
        if body.over_limit:
            await effects.play(answer, effects.head(answer, request_id, close=True), send, more=True)
            await effects.drain(receive, send, self._drain_limit_bytes, self._drain_seconds)
        elif answer.delay_s or answer.fault:
            await effects.play_late(answer, effects.head(answer, request_id, close=close), receive, send)
        else:
            await effects.play(answer, effects.head(answer, request_id, close=close), send)

    async def _read(self, receive: Receive, content_types: list[bytes], declared_bytes: int | None) -> ReadBody | None:
        """The body up to the limit; unread if it is announced to be longer; None if the client has gone."""
        if declared_bytes is not None and declared_bytes > self._limit_bytes:
            return ReadBody(0, over_limit=True)
        reader = BodyReader(content_types, self._limit_bytes)
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return None
            more = reader.feed(message["body"]) and message.get("more_body", False)
        return reader.finish()
