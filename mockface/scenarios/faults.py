"""Faults: what breaks between a service and its client, and what the client then sees."""

from __future__ import annotations

FAULTS: dict[str, str] = {
    "truncate": "Content-Length promises more than comes, then the connection closes",
    "drop": "the headers come, then the connection closes",
    "slow": "the body comes a byte at a time",
    "hang": "nothing comes, for as long as the delay or the client waits",
    "garbage": "a 200 whose body is not JSON",
    "html": "a gateway's 502 page",
    "wrong_type": "the code is a string, the similarity an integer",
}
"""Every fault with what the client sees."""

BREAKING = frozenset(("truncate", "drop", "slow", "hang"))
"""Those that happen to the connection; the others are an answer like any."""

IMPOSSIBLE_FAULTS = {
    "reset": "drop",
    "connection_reset": "drop",
    "rst": "drop",
    "refuse": "hang",
    "corrupt_headers": "garbage",
    "bad_status_line": "html",
    "bad_chunk": "truncate",
}
"""Faults that other mocks know and that no ASGI application can make, with the nearest that it can."""

SLOW_BYTES_PER_SECOND = 20.0

BODIES: dict[str, tuple[int, bytes]] = {
    "garbage": (200, b'\x1f\x8b{"code":0,"mess\xff\xfe\x00'),
    "html": (
        502,
        b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
        b"<center><h1>502 Bad Gateway</h1></center>\r\n"
        b"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    ),
}
"""HTTP status and body of each fault that replaces the body whole. The page is the form of nginx's own."""
