"""Reads request bodies of mockface's own API completely, within a limit, before the framework gets them."""

from __future__ import annotations

from mockface.web.admin import guard
from mockface.web.effects import Message, Receive, Scope, Send

API_BODY_LIMIT_BYTES = 256 * 1024
"""The largest body of the API: no call is answered while it is parsed."""
SCENARIO_LIMIT_BYTES = 1024 * 1024
"""The largest scenario: it is processed in a background thread."""
_SCENARIOS = "/_mockface/scenarios"


async def whole_body(scope: Scope, receive: Receive, send: Send) -> Receive | None:
    """A `receive` that returns the body in one piece; None if it was too long (the client was told) or incomplete."""
    limit_bytes = SCENARIO_LIMIT_BYTES if scope["path"] == _SCENARIOS else API_BODY_LIMIT_BYTES
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    body = bytearray()
    more = True
    too_long = declared.isdigit() and int(declared[:20]) > limit_bytes
    while more and not too_long:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message["body"]
        more = message.get("more_body", False)
        too_long = len(body) > limit_bytes
    if too_long:
        await guard.refuse(send, 413, f"the body is too long; the API accepts at most {limit_bytes} bytes here")
        return None
    return _Replayed(bytes(body), receive)


class _Replayed:
    """Returns the body once, then the server's messages, such as the client's disconnect."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
