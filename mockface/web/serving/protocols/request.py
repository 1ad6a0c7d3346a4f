"""What the parsers pass to a connection: the head of a request, or why bytes are not a request."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, Protocol
from urllib.parse import unquote

HEAD_LIMIT_BYTES = 128 * 1024
"""The longest head of a request, and the longest framing (chunk extensions, trailers) within a body."""

_AUTHORITY = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class NotHttp(Exception):
    """The bytes are not an HTTP request; the text is the parser's reason."""


class TooLong(Exception):
    """A head, or framing within a body, exceeds HEAD_LIMIT_BYTES."""


class Request(NamedTuple):
    """The head of a request: `target` as received, `version` "1.1" or "1.0", header names in lower case."""

    method: str
    target: bytes
    version: str
    headers: list[tuple[bytes, bytes]]


class Target(NamedTuple):
    """The parts of a target: the decoded path, the path as received, and the query string."""

    path: str
    raw_path: bytes
    query: bytes


def target_of(given: bytes) -> Target:
    """Split a target; an absolute one, which clients of a proxy send, loses its authority."""
    return _remembered(given) if len(given) <= _REMEMBERED_BYTES else _apart(given)


def _apart(given: bytes) -> Target:
    target = given.decode("latin-1").partition("#")[0]
    absolute = _AUTHORITY.match(target)
    if absolute:
        target = target[absolute.end() :]
        target = target if target.startswith("/") else f"/{target}"
    raw, _, query = target.partition("?")
    return Target(unquote(raw), raw.encode("latin-1"), query.encode("latin-1"))


_REMEMBERED_BYTES = 256
_remembered = lru_cache(maxsize=256)(_apart)
"""Cached, since clients repeat their targets."""


class Receiver(Protocol):
    """Receives what a parser has read."""

    def head_came(self, request: Request) -> None:
        """A head is complete."""

    def body_came(self, piece: bytes) -> None:
        """A piece of the body of the last head."""

    def request_ended(self) -> None:
        """The body of the last head is complete."""


class Parser(Protocol):
    """Turns bytes into calls of a Receiver."""

    @property
    def head(self) -> object | None:
        """The incomplete head: a different object for each request, None between requests and in a body."""

    def feed(self, piece: bytes) -> None:
        """Parse these bytes. Raises NotHttp, TooLong, and what the receiver raises."""

    def close(self) -> None:
        """No more input: release the receiver."""
