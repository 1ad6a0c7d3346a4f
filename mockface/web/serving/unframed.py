"""Answers to input that is not a call: no HTTP, too long heads, clients that stop sending.

They have the service's format (code 3), with a head, for a connection that then closes. In `codes.py` this is the
check `request_framed`.
"""

from __future__ import annotations

import re

from mockface import codes
from mockface.model import Answer
from mockface.privacy.masking import one_line
from mockface.web import effects
from mockface.web.serving.protocols.request import HEAD_LIMIT_BYTES

HEADERS_LIMIT = 1000
"""The most headers of an incomplete head: each takes about a hundred bytes besides its text."""

BAD = codes.BAD_REQUEST.status
TIMED_OUT = 408
BUSY = 503

TOO_LONG = (
    f"the head of the request, or framing within its body, exceeds {HEAD_LIMIT_BYTES} bytes or {HEADERS_LIMIT} headers"
)

NO_TARGET = "the target of the request line is not a path or URL, or exceeds 65535 characters"
HELLO = b"\x16"
"""The first byte of a TLS handshake."""
TLS_TO_HTTP = "got a TLS handshake on the port of plain HTTP; HTTPS has its own port (--tls-port)"
HTTP_TO_TLS = "got plain HTTP on the port of HTTPS; call https:// there, or the port of plain HTTP (--port)"
HOST_MISSING = "expected one Host header, got none; only HTTP/1.0 may omit it"
HOST_REPEATED = "expected one Host header, got more than one"
HOST_INVALID = "expected a host name or an address in the Host header, with or without a port, got something else"
_REGISTERED_NAME = rb"[\w.~!$&'()*+,;=%-]*"
_ADDRESS_IN_BRACKETS = rb"\[[\w:.~%-]+\]"
_OF_A_URL = rb"(?:https?://)?"
"""The vendor's command line (tccli) sends `Host: http://127.0.0.1:8641`, a URL."""
WELL_FORMED_HOST = re.compile(
    rb"%s(?:%s|%s)(?::[0-9]*)?/?" % (_OF_A_URL, _REGISTERED_NAME, _ADDRESS_IN_BRACKETS)
).fullmatch
"""The value of a Host header, by the grammar of RFC 9110, 7.2, and RFC 3986, 3.2.2, or a URL. It may be empty."""


def host_fault(hosts: int, host: bytes, version: str) -> str:
    """What is wrong with this many Host headers in a request of this HTTP version, "" if nothing; `host` is the last.

    RFC 9112, 3.2: a server refuses an HTTP/1.1 request without Host, and any with several or an invalid one.
    """
    if hosts > 1:
        return HOST_REPEATED
    if not hosts:
        return HOST_MISSING if version >= "1.1" else ""
    return "" if WELL_FORMED_HOST(host) else HOST_INVALID


def unframed(reason: str) -> str:
    """The why of bytes that the HTTP parser refused. h11's reason repeats the line, which may contain anything."""
    reason = reason.partition(": bytearray(")[0]
    return f"these bytes are not an HTTP/1.1 request: {reason or 'request line, headers, or the framing of the body'}"


def answer(why: str, status: int = BAD, *, hints: bool = True) -> bytes:
    """The bytes of the answer."""
    code = codes.BAD_REQUEST
    body = f'{{"code":{code.number},"message":"{code.message}"}}'.encode()
    return effects.rendered(Answer(code.number, status, body, one_line(why), id="unframed"), hints=hints, close=True)
