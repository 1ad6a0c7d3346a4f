"""Answers to what never becomes a call: bytes that are no HTTP, heads that are too long, senders that stop.

They are the service's envelope (code 3), complete with head, for a connection that closes behind them. In `codes.py`
this is the check `request_framed`.
"""

from __future__ import annotations

from mockface import codes
from mockface.model import Answer
from mockface.web import effects
from mockface.why import one_line

HEAD_LIMIT_BYTES = 128 * 1024
"""The longest head of a request, and the longest stretch of framing (chunk extensions, trailers) within a body."""

HEADERS_LIMIT = 1000
"""The most headers of a head that is not whole yet: each costs some hundred bytes beside its own."""

BAD = codes.BAD_REQUEST.status
TIMED_OUT = 408
BUSY = 503

TOO_LONG = (
    f"the head of the request, or framing within its body, is over {HEAD_LIMIT_BYTES} bytes or {HEADERS_LIMIT} headers"
)


def unframed(reason: str) -> str:
    """The why of bytes that the HTTP parser refused for this reason. h11 repeats the line, which may hold anything."""
    reason = reason.partition(": bytearray(")[0]
    return f"these bytes are not an HTTP/1.1 request: {reason or 'request line, headers, or the framing of the body'}"


def answer(why: str, status: int = BAD, *, hints: bool = True) -> bytes:
    """The bytes of the answer."""
    code = codes.BAD_REQUEST
    body = f'{{"code":{code.number},"message":"{code.message}"}}'.encode()
    return effects.rendered(Answer(code.number, status, body, one_line(why), id="unframed"), hints=hints, close=True)
