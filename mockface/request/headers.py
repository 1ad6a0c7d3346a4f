"""Reads the headers that the emulator needs, in one pass.

Takes headers (names in lower case, values as received), returns a Head. Checks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockface.model import Head


def head_of(headers: Sequence[tuple[bytes, bytes]]) -> Head:
    """Read the headers."""
    content_types: list[bytes] = []
    authorizations: list[bytes] = []
    declared_bytes: int | None = None
    close = coded = expects_continue = False
    size_bytes = hosts = 0
    origin = host = action = b""
    for name, value in headers:
        size_bytes += len(value)
        if name == b"host":
            hosts += 1
            host = value
        elif name == b"content-type":
            content_types.append(value)
        elif name == b"authorization":
            authorizations.append(value)
        elif name == b"content-length" and value.isdigit():
            # A length beyond any limit is precise enough: `int` refuses thousands of digits.
            declared_bytes = int(value[:20])
        elif name == b"connection":
            close = close or b"close" in value.lower()
        elif name == b"origin":
            origin = value
        elif name == b"x-tc-action":
            action = value
        elif name == b"transfer-encoding":
            coded = True
        elif name == b"expect":
            expects_continue = value.lower() == b"100-continue"
    return Head(
        content_types,
        authorizations,
        declared_bytes,
        close,
        size_bytes,
        origin,
        hosts,
        host,
        action,
        coded,
        expects_continue,
    )  # fmt: skip
