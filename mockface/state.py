"""What mockface remembers between calls, behind a few atomic verbs.

Each verb does its reading and writing in one go, so that calls side by side cannot see each other half done.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Protocol

REMEMBERED_SIGNATURES = 65_536
"""How many single-use signatures are remembered; the oldest are forgotten first. It bounds memory to a few MiB."""


class Store(Protocol):
    """The verbs that the core needs of a memory."""

    def first_time(self, token: str) -> bool:
        """Whether this token was never shown before; from now on it was."""


class MemoryStore:
    """The Store in this process's memory."""

    def __init__(self, remembered: int = REMEMBERED_SIGNATURES) -> None:
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._remembered = remembered
        self._lock = Lock()

    def first_time(self, token: str) -> bool:
        """Whether this token was never shown before; from now on it was. Only its digest is kept."""
        key = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=16).digest()
        with self._lock:
            if key in self._seen:
                return False
            self._seen[key] = None
            if len(self._seen) > self._remembered:
                self._seen.popitem(last=False)
            return True
