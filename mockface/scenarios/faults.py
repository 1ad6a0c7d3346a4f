"""Transport faults, and what the client sees of each."""

from __future__ import annotations

FAULTS: dict[str, str] = {
    "truncate": "the body is shorter than Content-Length, then the connection closes",
    "drop": "the connection closes after the headers",
    "slow": "the body arrives one byte at a time",
    "hang": "no answer until the delay or the client's timeout ends",
    "garbage": "a 200 whose body is not JSON",
    "html": "a gateway's 502 page",
    "wrong_type": "the code is a string, the similarity an integer",
}
"""Each fault with what the client sees."""

BREAKING = frozenset(("truncate", "drop", "slow", "hang"))
"""The faults that break the connection; the others are complete answers."""

IMPOSSIBLE_FAULTS = {
    "reset": "drop",
    "connection_reset": "drop",
    "rst": "drop",
    "refuse": "drop",
    "refused": "drop",
    "connection_refused": "drop",
    "corrupt_headers": "garbage",
    "bad_status_line": "html",
    "bad_chunk": "truncate",
}
"""Faults of other mock servers that no ASGI application can produce, with the nearest possible one."""

SLOW_BYTES_PER_SECOND = 20.0

REFUSING = frozenset(("refuse", "refused", "connection_refused"))
"""The impossible faults that are seen before a server has a connection: no server that listens can produce them."""

BODIES: dict[str, tuple[int, bytes]] = {
    "garbage": (200, b'\x1f\x8b{"code":0,"mess\xff\xfe\x00'),
    "html": (
        502,
        b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
        b"<center><h1>502 Bad Gateway</h1></center>\r\n"
        b"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    ),
}
"""HTTP status and body of each fault that replaces the whole body. The page is nginx's own error page."""
